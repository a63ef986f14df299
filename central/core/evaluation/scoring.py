"""From index lines to points, a total and a grade. Pure: the published scores are no argument here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from central.core.evaluation.decimals import rounded
from central.core.evaluation.lines import Assessed, Direction, Quantitative, Rule
from central.core.evaluation.recorded import in_unit


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the total from which it is given."""

    grade: str
    from_points: Decimal


BANDS = (Band("优", Decimal(90)), Band("良", Decimal(80)), Band("中", Decimal(60)), Band("差", Decimal(0)))
"""财预〔2020〕10号: 优 [90, 100], 良 [80, 90), 中 [60, 80), 差 [0, 60)."""


@dataclass(frozen=True, slots=True)
class Score:
    """One line with its points. `actual` is what it was computed from: its own, a record's, or None."""

    line: Assessed | Quantitative
    score: Decimal
    actual: Decimal | None = None

    @property
    def unpublished(self) -> bool:
        """Whether the line is to be measured and was not (未公布)."""
        return isinstance(self.line, Quantitative) and self.actual is None

    @property
    def is_overruled(self) -> bool:
        """Whether an assessor entered points that do not count, since a value gives the score."""
        return isinstance(self.line, Quantitative) and self.line.given is not None and self.actual is not None


@dataclass(frozen=True, slots=True)
class Level:
    """A first-level index: its points, and what its lines got."""

    name: str
    points: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The scores of a tree in its order."""

    scores: tuple[Score, ...]
    levels: tuple[Level, ...]
    total: Decimal
    grade: str


def evaluate(
    tree: Sequence[Assessed | Quantitative],
    recorded: Mapping[str, Decimal | None],
    computed: Mapping[str, Decimal | None] | None = None,
) -> Outcome:
    """Score every line; `recorded` holds the figures of records by id, for the lines that name one.

    `computed`: figures of the platform by the id of the line, for those that state no actual value of their own.
    """
    scores = tuple(_score(line, recorded, computed or {}) for line in tree)
    names = dict.fromkeys(line.path[0] for line in tree)
    levels = tuple(_level(name, scores) for name in names)
    total = rounded(sum((one.score for one in scores), Decimal(0)))
    return Outcome(scores, levels, total, grade_of(total))


def grade_of(total: Decimal, bands: Sequence[Band] = BANDS) -> str:
    """The grade of a total; bands stand from the best to the worst, the last one takes what is left."""
    return next((band.grade for band in bands if total >= band.from_points), bands[-1].grade)


def share(line: Quantitative, actual: Decimal) -> Decimal:
    """Which part of its points a measured line gets, within 0 and 1."""
    least = line.direction is Direction.AT_LEAST
    if line.rule is Rule.MET_OR_ZERO:
        return Decimal(actual >= line.target if least else actual <= line.target)
    if line.rule is Rule.FLOOR and line.floor is not None:
        return _clamped((actual - line.floor) / (line.target - line.floor))
    if least:
        return _clamped(actual / line.target)
    return Decimal(1) if actual <= line.target else line.target / actual


def _score(
    line: Assessed | Quantitative, recorded: Mapping[str, Decimal | None], computed: Mapping[str, Decimal | None]
) -> Score:
    if isinstance(line, Assessed):
        return Score(line, rounded(line.given))
    actual = line.actual if line.record is None else in_unit(line, recorded.get(line.record))
    if actual is None:
        actual = computed.get(line.id)
    if actual is None:
        return Score(line, rounded(line.given or Decimal(0)))
    return Score(line, rounded(line.points * share(line, actual)), actual)


def _level(name: str, scores: Sequence[Score]) -> Level:
    mine = [one for one in scores if one.line.path[0] == name]
    return Level(name, sum((one.line.points for one in mine), Decimal(0)), sum((one.score for one in mine), Decimal(0)))


def _clamped(value: Decimal) -> Decimal:
    return min(max(value, Decimal(0)), Decimal(1))
