"""What stands behind the facts besides their file: records of the database, and figures of the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from central.core.evaluation.facts import Facts
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.records import Records
from central.core.kpis.figures import Figure
from central.core.kpis.registry.definitions import Unit
from central.core.kpis.registry.indicators import INDICATORS
from protocol.texts import Words

PLACES = Decimal("0.000001")
SECONDS_OF = {"秒": 1, "s": 1, "分钟": 60, "min": 60, "小时": 3600, "h": 3600, "天": 86400, "d": 86400}
"""Units in which a line may tell a duration."""
NO_UNIT = Words(
    zh="这一指标是时长；请给本项写 unit：小时、分钟、秒或天",
    en="this figure is a duration; give the line a `unit`: 小时 (h), 分钟 (min), 秒 (s) or 天 (d)",
)


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure in the unit of the line that takes it; None with the reason where there is none."""

    figure: Figure
    value: Decimal | None
    reason: Words | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What an evaluation was given besides its file; nothing of it where there is no configuration.

    `of_store`: kinds of records that came from the database. `ledger`: the records of all years up to this one.
    `computed`: by the id of the line. `first`, `last`: the days of the figures, both included.
    """

    of_store: frozenset[str] = frozenset()
    ledger: Records | None = None
    computed: Mapping[str, Computed] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    as_of: datetime | None = None

    def of_records(self, *kinds: str) -> str:
        """Where the records of these kinds came from, as the report says it."""
        stored = [kind for kind in kinds if kind in self.of_store]
        written = [kind for kind in kinds if kind not in self.of_store]
        until = f"（截至 {self.as_of:%Y-%m-%d %H:%M}）" if self.as_of else ""
        parts = [f"平台项目记录 {'、'.join(stored)}{until}"] if stored else []
        parts += [f"事实文件 records.{'、'.join(written)}"] if written else []
        return "；".join(parts)


ALONE = Sources()
"""A facts file and nothing else."""


def with_stored(facts: Facts, stored: Records | None) -> tuple[Facts, frozenset[str]]:
    """The facts with the records of the database for every kind that the file does not state, and which these are."""
    if stored is None:
        return facts, frozenset()
    stated = stated_kinds(facts)
    kinds = frozenset(Records.model_fields) - stated
    taken = {kind: getattr(facts.records if kind in stated else stored, kind) for kind in Records.model_fields}
    records = Records.model_construct(set(stated), **taken)
    return facts.model_copy(update={"records": records}), kinds


def stated_kinds(facts: Facts) -> frozenset[str]:
    """Kinds of which the file states records; an empty list states that there are none."""
    return frozenset(facts.records.model_fields_set)


def of_line(line: Quantitative, figure: Figure) -> Computed:
    """A figure as the actual value of a line: a ratio of one (in per cent where its unit is %), a time in its unit."""
    if figure.value is None:
        return Computed(figure, None, figure.reason)
    value = Decimal(str(figure.value))
    match INDICATORS[figure.indicator].unit:
        case Unit.SECONDS if line.unit not in SECONDS_OF:
            return Computed(figure, None, NO_UNIT)
        case Unit.SECONDS:
            value /= SECONDS_OF[line.unit or ""]
        case Unit.RATIO if line.unit == "%":
            value *= 100
        case _:
            pass
    return Computed(figure, value.quantize(PLACES, ROUND_HALF_UP))


def target_of(line: Quantitative) -> float | None:
    """The target of a line that takes a ratio, as a share of one; None for what is no ratio."""
    if line.kpi is None or INDICATORS[line.kpi].unit is not Unit.RATIO:
        return None
    return float(line.target / 100 if line.unit == "%" else line.target)


def differs(stated: Decimal, computed: Decimal) -> bool:
    """Whether a stated value is another one than the computed, told to as many places as the stated one has."""
    exponent = stated.as_tuple().exponent
    places = Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))
    return computed.quantize(places, ROUND_HALF_UP) != stated.quantize(places)
