"""What a figure says: its value or why there is none, what was divided, how sure it is, what was left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import NamedTuple

from central.core.kpis.phases import Note
from central.core.kpis.registry.counters import COUNTERS
from central.core.kpis.registry.indicators import Duration, Indicator, Ratio, Spread, Unrecorded
from protocol.texts import Words

Z_95 = 1.959963984540054
"""Of a normal distribution 95 % lie within so many deviations."""
QUICK_S = 7_200
"""Two hours: the share that is handled so soon stands beside every duration."""

NOTHING = Words(
    zh="本期没有可计算的案件（{denominator}为0）", en="nothing to divide: {denominator} is 0 in this period"
)
NO_PUBLIC = Words(
    zh="本期全市没有公众上报，无公众渠道时该指标没有意义",
    en="no public report in all the city in this period: without a public channel the figure means nothing",
)
_OF_PUBLIC = ("reported_public", "registered_public")
UNRECORDED = Words(zh="{needs}", en="it needs {needs}")
FEW_GROUPS = Words(zh="达到最小样本的分组不足两个", en="fewer than two groups reach the minimum sample")

Counts = Mapping[str, int]
"""How many cases each counter has, by its id."""


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of cases, in seconds; None throughout where there are no cases. `quick`: the share within two hours."""

    count: int
    mean_s: float | None = None
    p50_s: float | None = None
    p90_s: float | None = None
    quick: float | None = None


class Bounds(NamedTuple):
    """Where a figure may lie: unknown as no hit, unknown left out, unknown as a hit; None where nothing is known."""

    lower: float
    upper: float | None
    ceiling: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one period.

    `value` is None with a `reason`, never a number that nothing stands behind. `interval`: of a share, Wilson's at
    95 %. `excluded`: cases that are in neither number, by counter. `group`: whose figure it is; "" for all. `open`:
    beside a duration, the ages of the period's open cases. `bounds`: of what is measured and partly unknown. `notes`:
    what a reader has to know of the whole period.
    """

    indicator: str
    value: float | None
    reason: Words | None = None
    hits: int = 0
    total: int = 0
    interval: tuple[float, float] | None = None
    is_below_minimum: bool = False
    excluded: Counts = field(default_factory=dict)
    group: str = ""
    times: Times | None = None
    open: Times | None = None
    bounds: Bounds | None = None
    notes: tuple[Note, ...] = ()


def hears_public(groups: Iterable[Counts]) -> bool:
    """Whether the public reported anything in the city: asked of the counts of all its groups, or of the whole."""
    return any(counts.get(name, 0) for counts in groups for name in _OF_PUBLIC)


def figure_of(indicator: Indicator, counts: Counts, group: str = "", *, public: bool | None = None) -> Figure:
    """A ratio from its counters; `ValueError` for an indicator that is no ratio and has records.

    `public`: whether the city `hears_public` in the period; None where `counts` are those of the city.
    """
    match indicator.formula:
        case Unrecorded(needs):
            return Figure(indicator.id, None, filled(UNRECORDED, needs=needs), group=group)
        case Ratio() as ratio:
            return _ratio(indicator, ratio, counts, group, public=hears_public([counts]) if public is None else public)
        case _:
            raise ValueError(f"{indicator.id} is no ratio")


def duration_of(
    indicator: Indicator, seconds: Sequence[int], open_s: Sequence[int], counts: Counts, group: str = ""
) -> Figure:
    """The mean of a duration, with the ages of open cases beside it; the sequences need no order."""
    assert isinstance(indicator.formula, Duration)  # noqa: S101 - whoever asks has looked
    formula, times = indicator.formula, times_of(seconds)
    none = times.mean_s is None
    return Figure(
        indicator.id,
        times.mean_s,
        filled(NOTHING, denominator=COUNTERS[formula.counter].names) if none else None,
        hits=times.count,
        total=times.count,
        is_below_minimum=not none and times.count < indicator.minimum_sample,
        excluded={name: counts.get(name, 0) for name in formula.excluded},
        group=group,
        times=times,
        open=times_of(open_s),
    )


def spread_of(indicator: Indicator, figures: Sequence[Figure]) -> Figure:
    """How far the groups' figures lie apart; groups below the minimum sample are left out and counted."""
    assert isinstance(indicator.formula, Spread)  # noqa: S101 - whoever asks has looked
    sure = [one for one in figures if one.value is not None and not one.is_below_minimum and one.group]
    excluded = {"groups_below_minimum": len(figures) - len(sure)}
    values = [one.value for one in sure if one.value is not None]
    if len(values) < 2:  # noqa: PLR2004 - one group lies apart from none
        return Figure(indicator.id, None, FEW_GROUPS, total=len(values), excluded=excluded)
    return Figure(indicator.id, max(values) - min(values), total=len(values), excluded=excluded)


def times_of(seconds: Sequence[int]) -> Times:
    """Mean, median, the ninth decile (nearest rank) and the share within two hours."""
    if not seconds:
        return Times(0)
    ordered = sorted(seconds)
    count = len(ordered)
    quick = sum(1 for one in ordered if one <= QUICK_S)
    return Times(count, sum(ordered) / count, _rank(ordered, 0.5), _rank(ordered, 0.9), quick / count)


def wilson(hits: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Where a share lies, by Wilson's score; `ValueError` unless 0 <= hits <= total and total > 0."""
    if total <= 0 or not 0 <= hits <= total:
        raise ValueError(f"a share needs 0 <= hits <= total and total > 0, not {hits} of {total}")
    return wilson_of(hits / total, total, z)


def wilson_of(share: float, answers: float, z: float = Z_95) -> tuple[float, float]:
    """The same of a share that is known already; `answers` (above 0) may be an effective number, and no whole one."""
    square = z * z
    middle = (share + square / (2 * answers)) / (1 + square / answers)
    half = z * sqrt(share * (1 - share) / answers + square / (4 * answers * answers)) / (1 + square / answers)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _ratio(indicator: Indicator, ratio: Ratio, counts: Counts, group: str, *, public: bool) -> Figure:
    hits, total = counts.get(ratio.numerator, 0), counts.get(ratio.denominator, 0)
    excluded = {name: counts.get(name, 0) for name in ratio.excluded}
    if total == 0:
        reason: Words | None = filled(NOTHING, denominator=COUNTERS[ratio.denominator].names)
    elif indicator.needs_public and not public:
        reason = NO_PUBLIC
    else:
        reason = None
    return Figure(
        indicator.id,
        hits / total if reason is None else None,
        reason,
        hits,
        total,
        wilson(hits, total) if reason is None else None,
        is_below_minimum=reason is None and total < indicator.minimum_sample,
        excluded=excluded,
        group=group,
    )


def filled(words: Words, **values: Words) -> Words:
    """Words with the places filled by others, each in its language."""
    return Words(
        zh=words.zh.format_map({name: value.zh for name, value in values.items()}),
        en=words.en.format_map({name: value.en for name, value in values.items()}),
    )


def _rank(ordered: Sequence[int], share: float) -> float:
    return float(ordered[max(0, ceil(share * len(ordered)) - 1)])
