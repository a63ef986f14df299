"""Figures that are the sum of parts which are no cases: cameras, outages, shifts, payments, answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from central.core.kpis.figures import Bounds, Figure, filled, wilson
from central.core.kpis.registry.formulas import Measured
from central.core.kpis.registry.indicators import Indicator
from protocol.texts import Words

NO_PARTS = Words(zh="没有可计算的数据（{total}为0）", en="nothing to divide: {total} is 0 in this period")


class PartKind(StrEnum):
    """What a row behind a measured figure is."""

    CAMERA = "camera"
    OUTAGE = "outage"
    PLATFORM = "platform"
    SHIFT = "shift"
    INSIDE = "inside"
    OUTSIDE = "outside"
    COMMUNITY = "community"
    CASE = "case"
    PAYMENT = "payment"
    STRATUM = "stratum"


@dataclass(frozen=True, slots=True)
class Part:
    """A row behind a measured figure: what it gives to both numbers, in the unit of the formula.

    `unknown` of `total` may still become a hit. `begin`, `end`: of what lasts; `group`: to whose figure it belongs.
    """

    kind: PartKind
    id: str
    hits: float
    total: float
    unknown: float = 0.0
    group: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    note: str = ""


class Reading(NamedTuple):
    """What a measure read; with a `reason` there is no figure, whatever the parts are.

    `sample`, `interval`: of what is weighted, where neither follows from the sums.
    """

    parts: Sequence[Part] = ()
    reason: Words | None = None
    sample: int | None = None
    interval: tuple[float, float] | None = None


def measured_of(indicator: Indicator, reading: Reading, group: str = "") -> Figure:
    """The figure of the parts, which are all of one group; of a measured indicator only."""
    formula = indicator.formula
    assert isinstance(formula, Measured)  # noqa: S101 - whoever asks has looked
    hits, total = (sum(getattr(part, name) for part in reading.parts) for name in ("hits", "total"))
    reason = reading.reason or (None if total else filled(NO_PARTS, total=formula.total))
    return Figure(
        indicator.id,
        hits / total if reason is None else None,
        reason,
        round(hits),
        round(total),
        _interval(formula, reading, hits, total) if reason is None else None,
        is_below_minimum=reason is None
        and (total if reading.sample is None else reading.sample) < indicator.minimum_sample,
        group=group,
        bounds=_bounds(reading.parts, hits, total) if formula.is_bounded and reason is None else None,
    )


def grouped_measured(indicator: Indicator, reading: Reading) -> dict[str, Figure]:
    """A figure for each group that a part names."""
    groups: dict[str, list[Part]] = {}
    for part in reading.parts:
        groups.setdefault(part.group, []).append(part)
    return {group: measured_of(indicator, Reading(parts, reading.reason), group) for group, parts in groups.items()}


def _interval(formula: Measured, reading: Reading, hits: float, total: float) -> tuple[float, float] | None:
    if reading.interval is not None:
        return reading.interval
    return wilson(round(hits), round(total)) if formula.is_share else None


def _bounds(parts: Iterable[Part], hits: float, total: float) -> Bounds:
    unknown = sum(part.unknown for part in parts)
    known = total - unknown
    return Bounds(hits / total, min(1.0, hits / known) if known > 0 else None, min(1.0, (hits + unknown) / total))
