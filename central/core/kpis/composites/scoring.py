"""What a composite score is made of, and the score: exact, graded, or none with the parts that are lacking."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from central.core.kpis.figures import Counts, Figure
from central.core.kpis.registry.counters import COUNTERS
from central.core.kpis.registry.indicators import INDICATORS, Better, Confidence, Measured, Ratio, Unit, Unrecorded
from central.core.kpis.registry.nearest import no_figure
from protocol.texts import Language, Words

FULL = 100
"""Points of a part and of a score at most."""

NOT_GIVEN = Words(zh="未提供该指标", en="the figure was not given")
NOT_COUNTED = Words(zh="未提供该计数", en="the count was not given")
LACKING = Words(zh="缺少以下部分，不计分：{parts}", en="no score, for these parts are lacking: {parts}")


class BadTable(ValueError):
    """A table that gives no score; the text says what is wrong and what would be right."""


class Subject(StrEnum):
    """Whom a table scores."""

    REGION = "region"
    DEPARTMENT = "department"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Share:
    """A rate times 100; of a rate that is better lower, what is left to the whole. Raises `BadTable`."""

    indicator: str

    def __post_init__(self) -> None:
        known = INDICATORS.get(self.indicator)
        if known is None:
            raise BadTable(no_figure(self.indicator).say(Language.ENGLISH))
        if known.unit is not Unit.RATIO or not isinstance(known.formula, Ratio | Measured | Unrecorded):
            raise BadTable(f"{self.indicator} is no rate; only a rate gives points by itself")
        if known.better is Better.NEITHER:
            raise BadTable(
                f"neither way of {self.indicator} is better, so that it gives no points; take another figure"
            )

    @property
    def id(self) -> str:
        """The indicator's."""
        return self.indicator

    @property
    def names(self) -> Words:
        """The indicator's."""
        return INDICATORS[self.indicator].names


@dataclass(frozen=True, slots=True)
class Step:
    """From so many cases on, so many points."""

    at_least: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Steps:
    """Points by how many cases a counter has: those of the last step that is reached. Raises `BadTable`."""

    counter: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if self.counter not in COUNTERS:
            raise BadTable(f"there is no counter {self.counter!r}; docs/kpis.md lists them")
        if not self.steps or self.steps[0].at_least != 0:
            raise BadTable(f"the steps of {self.counter} begin at 0, so that every count has points")
        if any(low.at_least >= high.at_least for low, high in pairwise(self.steps)):
            raise BadTable(f"the steps of {self.counter} rise, each once")
        if not all(0 <= step.points <= FULL for step in self.steps):
            raise BadTable(f"the points of {self.counter} lie between 0 and {FULL}")

    @property
    def id(self) -> str:
        """The counter's."""
        return self.counter

    @property
    def names(self) -> Words:
        """The counter's, as points."""
        names = COUNTERS[self.counter].names
        return Words(zh=f"{names.zh}分值", en=f"points for {names.en}")

    def points(self, count: int) -> Decimal:
        """Of a count that is 0 or more."""
        return next(step.points for step in reversed(self.steps) if step.at_least <= count)


@dataclass(frozen=True, slots=True)
class Part:
    """What is scored, and how much of the whole it is: more than 0, at most 1."""

    of: Share | Steps
    weight: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.weight <= 1:
            raise BadTable(f"the weight of {self.of.id} lies above 0 and not above 1, such as 0.30")


@dataclass(frozen=True, slots=True)
class Band:
    """A grade, and from how many points on."""

    grade: str
    at_least: Decimal
    colour: Words


BANDS = tuple(
    Band(grade, Decimal(low), Words(zh=zh, en=en))
    for grade, low, zh, en in (
        ("A", 90, "绿", "green"),
        ("B", 75, "蓝", "blue"),
        ("C", 60, "黄", "yellow"),
        ("D", 40, "红", "red"),
        ("E", 0, "黑", "black"),
    )
)
"""The grades of the trade."""


@dataclass(frozen=True, slots=True)
class CompositeTable:
    """How one kind of subject is scored. The weights sum to exactly 1; raises `BadTable`.

    `note`: what the source leaves open, and how it is read here.
    """

    id: str
    names: Words
    subject: Subject
    parts: tuple[Part, ...]
    source: str
    confidence: Confidence
    bands: tuple[Band, ...] = BANDS
    note: Words | None = None

    def __post_init__(self) -> None:
        if not self.parts:
            raise BadTable(f"{self.id} has no parts")
        ids = [part.of.id for part in self.parts]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise BadTable(f"{self.id} names {', '.join(twice)} twice; join the weights")
        total = sum(part.weight for part in self.parts)
        if total != 1:
            raise BadTable(f"the weights of {self.id} sum to {total}, not to 1")
        self._check_bands()

    def _check_bands(self) -> None:
        if not self.bands or self.bands[-1].at_least != 0:
            raise BadTable(f"the last grade of {self.id} begins at 0, so that every score has one")
        if any(high.at_least <= low.at_least for high, low in pairwise(self.bands)):
            raise BadTable(f"the grades of {self.id} fall, from the best to the worst")
        if self.bands[0].at_least > FULL:
            raise BadTable(f"the best grade of {self.id} begins at {FULL} at most")
        if len({band.grade for band in self.bands}) < len(self.bands):
            raise BadTable(f"{self.id} names a grade twice")


@dataclass(frozen=True, slots=True)
class PartScore:
    """The points of one part, before its weight; None with the reason."""

    part: Part
    points: Fraction | None
    reason: Words | None = None
    is_below_minimum: bool = False


@dataclass(frozen=True, slots=True)
class Composite:
    """The score of one subject; `group`: whose. Points and band are None where any part lacks."""

    table: CompositeTable
    group: str
    parts: tuple[PartScore, ...]
    points: Fraction | None
    band: Band | None

    @property
    def lacking(self) -> tuple[PartScore, ...]:
        """The parts without points."""
        return tuple(one for one in self.parts if one.points is None)

    @property
    def reason(self) -> Words | None:
        """Why there is no score: which parts lack, and why each; None where there is one."""
        lacking = self.lacking
        if not lacking:
            return None
        told = [(one.part.of.names, one.reason or NOT_GIVEN) for one in lacking]
        return Words(
            zh=LACKING.zh.format(parts="；".join(f"{name.zh}（{why.zh}）" for name, why in told)),
            en=LACKING.en.format(parts="; ".join(f"{name.en} ({why.en})" for name, why in told)),
        )

    @property
    def is_below_minimum(self) -> bool:
        """Whether a part stands on fewer cases than its figure needs."""
        return any(one.is_below_minimum for one in self.parts)


def scored(table: CompositeTable, figures: Mapping[str, Figure], counts: Counts, group: str = "") -> Composite:
    """The score by the figures and counts of one subject and period, each by its id."""
    parts = tuple(_part(part, figures, counts) for part in table.parts)
    known = [(Fraction(one.part.weight), one.points) for one in parts if one.points is not None]
    if len(known) < len(parts):
        return Composite(table, group, parts, None, None)
    points = sum((weight * value for weight, value in known), Fraction(0))
    return Composite(table, group, parts, points, next(band for band in table.bands if points >= band.at_least))


def shown(points: Fraction) -> Decimal:
    """Cut to two places, never rounded up: what is read stands in the band that was given."""
    return Decimal(points * FULL // 1).scaleb(-2)


def _part(part: Part, figures: Mapping[str, Figure], counts: Counts) -> PartScore:
    match part.of:
        case Steps(counter) as steps:
            count = counts.get(counter)
            if count is None:
                return PartScore(part, None, NOT_COUNTED)
            return PartScore(part, Fraction(steps.points(count)))
        case Share(indicator):
            figure = figures.get(indicator)
            if figure is None:
                formula = INDICATORS[indicator].formula
                return PartScore(part, None, formula.needs if isinstance(formula, Unrecorded) else NOT_GIVEN)
            if figure.value is None:
                return PartScore(part, None, figure.reason)
            share = Fraction(figure.hits, figure.total) if figure.total else Fraction(figure.value)
            if not 0 <= share <= 1:
                raise ValueError(f"{indicator} is no share: {figure.value}")
            points = FULL * (share if INDICATORS[indicator].better is Better.HIGHER else 1 - share)
            return PartScore(part, points, is_below_minimum=figure.is_below_minimum)
