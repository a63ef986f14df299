"""The lines of an index tree: who is asked, or what is measured, and for how many points."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from central.core.evaluation.decimals import Amount, Number, Wrong
from protocol.texts import Words

LEVELS_MAX, LINES_MAX = 3, 200
UNPRINTABLE = Words(zh="含有不能打印的字符", en="should hold printable characters alone")


def _printable(text: str) -> str:
    if any(not (letter.isprintable() or letter in "\n\t\u3000") for letter in text):
        raise Wrong(UNPRINTABLE)
    return text


Text = Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"\S"), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S"), AfterValidator(_printable)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


GIVEN_MORE = Words(
    zh="given 为 {given}，超过本项分值 {points}", en="given {given} is more than the {points} points of this line"
)
NO_DATES = Words(
    zh="direction 应为 at_least 或 at_most；日期只有达到与否：target 1，rule met_or_zero",
    en="direction should be at_least or at_most; a date is met or not: target 1, rule met_or_zero",
)
TARGET_ZERO = Words(
    zh="按比例计分时 target 应大于 0；否则用 met_or_zero 或 floor",
    en="a proportion needs a target above 0; take the rule met_or_zero or floor",
)
FLOOR_NEEDED = Words(
    zh="floor 与 rule: floor 要一起写", en="`floor` belongs to the rule floor, and the rule floor needs it"
)
FLOOR_SIDE = Words(
    zh="floor 应比 target 差：at_least 时小于 target，at_most 时大于 target",
    en="floor should be worse than target: below it for at_least, above it for at_most",
)
ENTRY_WHOLE = Words(
    zh="评价人填写要同时写 given、assessor、reason", en="an assessor's entry is given, assessor and reason, all three"
)
ENTRY_MEASURED = Words(
    zh="本项有实测值；只有 actual 为空时才由评价人填写",
    en="this line is measured: an assessor's entry stands only where actual is null",
)
ENTRY_FULL = Words(
    zh="未公布的指标不得满分；given 应小于 points",
    en="what was not published never gets full points; enter less than `points`",
)


class Direction(StrEnum):
    """On which side of its target a value is good."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    NOT_LATER_THAN = "not_later_than"


class Rule(StrEnum):
    """How a measured value becomes points."""

    PROPORTIONAL = "proportional"
    MET_OR_ZERO = "met_or_zero"
    FLOOR = "floor"


class Strict(BaseModel):
    """A part of the facts file: frozen, nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Assessed(Strict):
    """A line that somebody judged; points, name and reason belong together."""

    kind: Literal["assessed"]
    id: Id
    path: list[Name] = Field(min_length=1, max_length=LEVELS_MAX)
    points: Amount
    given: Amount
    assessor: Name
    reason: Text
    evidence: Text | None = None

    @model_validator(mode="after")
    def _is_within(self) -> Self:
        if self.given > self.points:
            raise Wrong(GIVEN_MORE, given=self.given, points=self.points)
        return self


class Quantitative(Strict):
    """A line that is computed. Where `actual` is None (未公布) an assessor may enter less than full points.

    The entry stands as long as neither `record` nor `kpi` gives a value; then that value counts.

    `record` names a figure of the records that stands for `actual`; `kpi` the indicator whose value `actual` is.
    """

    kind: Literal["quantitative"]
    id: Id
    path: list[Name] = Field(min_length=1, max_length=LEVELS_MAX)
    points: Amount
    direction: Annotated[Direction, Field(strict=False)]
    target: Number
    actual: Number | None = None
    rule: Annotated[Rule, Field(strict=False)]
    floor: Number | None = None
    record: Id | None = None
    kpi: Id | None = None
    unit: Name | None = None
    given: Amount | None = None
    assessor: Name | None = None
    reason: Text | None = None
    evidence: Text | None = None

    @model_validator(mode="after")
    def _is_computable(self) -> Self:
        if self.direction is Direction.NOT_LATER_THAN:
            raise Wrong(NO_DATES)
        if self.rule is Rule.PROPORTIONAL and self.target <= 0:
            raise Wrong(TARGET_ZERO)
        if (self.floor is not None) != (self.rule is Rule.FLOOR):
            raise Wrong(FLOOR_NEEDED)
        if self.floor is not None and not self._floor_is_worse(self.floor):
            raise Wrong(FLOOR_SIDE)
        return self

    def _floor_is_worse(self, floor: Number) -> bool:
        return floor < self.target if self.direction is Direction.AT_LEAST else floor > self.target

    @model_validator(mode="after")
    def _is_entered_whole(self) -> Self:
        entry = (self.given, self.assessor, self.reason)
        if all(part is None for part in entry):
            return self
        if any(part is None for part in entry):
            raise Wrong(ENTRY_WHOLE)
        if self.actual is not None:
            raise Wrong(ENTRY_MEASURED)
        if self.given is not None and self.given >= self.points:
            raise Wrong(ENTRY_FULL)
        return self


Line = Annotated[Assessed | Quantitative, Field(discriminator="kind")]
