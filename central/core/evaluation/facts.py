"""The facts file of a project evaluation: what a year's report is made of, as a person writes it down."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AliasChoices, BeforeValidator, Field, field_validator, model_validator

from central.core.evaluation.decimals import Amount, Number, Wrong
from central.core.evaluation.lines import LINES_MAX, Direction, Id, Line, Name, Strict, Text
from central.core.evaluation.records import Count, Records
from protocol.texts import Words

LISTED_MAX = 200
YEAR_MIN, YEAR_MAX = 2000, 2200
BACKWARD = Words(zh="to 不能早于 from", en="`to` should not lie before `from`")
SELF = "本单位"
FINANCE_WORD = "财政"
Mode = Literal["单位自评", "部门评价", "财政评价"]
"""On whose behalf a project is evaluated: of its own unit, of the department above, of the finance department."""
NO_MODE = Words(zh="应为{known}之一", en="should be one of {known}")
HEADINGS = (
    "立项背景及实施目的",
    "预算安排和支出情况",
    "主要内容和实施情况",
    "总体目标",
    "评价目的、对象和范围",
    "综合评价结论",
    "绩效分析",
    "项目主要经验及做法",
    "存在的问题及原因分析",
    "有关建议",
    "需要说明的问题",
)
"""Sub-headings of the report that take a text of the author's own."""


def _number_or_day(value: Any) -> Any:  # noqa: ANN401 - a file holds anything until validated
    return value if isinstance(value, date) else Decimal(str(value)) if _is_number(value) else value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _known_mode(value: Any) -> Any:  # noqa: ANN401 - a file holds anything until validated
    if value not in get_args(Mode):
        raise Wrong(NO_MODE, known=", ".join(get_args(Mode)))
    return value


Texts = Annotated[list[Text], Field(max_length=LISTED_MAX)]
Goal = Annotated[Decimal | date, BeforeValidator(_number_or_day)]


class Period(Strict):
    """The evaluated time, both days included."""

    first: date = Field(validation_alias=AliasChoices("from", "first"))
    last: date = Field(validation_alias=AliasChoices("to", "last"))

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.last < self.first:
            raise Wrong(BACKWARD)
        return self


class Budget(Strict):
    """The money of the project, in CNY."""

    appropriated_cny: Amount
    spent_cny: Amount
    planned_cny: Amount | None = None
    uses: Texts = Field(default=[])


class Process(Strict):
    """What was done for the evaluation, step by step, and who was asked."""

    steps: dict[Name, list[Name]] = Field(default={})
    interviews: Texts = Field(default=[])


class Target(Strict):
    """One goal of the year. `actual` None is 未公布, whatever `actual_text` says."""

    target: Goal
    actual: Number | None = None
    direction: Annotated[Direction, Field(strict=False)] = Direction.AT_LEAST
    name: Name | None = None
    published_as: Name | None = None
    unit: Name | None = None
    of_which: dict[Name, Count] = Field(default={}, max_length=50)
    baseline: Number | None = None
    actual_text: Text | None = None
    of: Name | None = None
    who: Name | None = None


class Published(Strict):
    """What a published report says: compared with, never a score."""

    levels: dict[Name, Amount]
    total: Amount
    grade: Name
    deductions_explained: bool = True


class Reading(Strict):
    """What one goal had reached by the day of the monitoring (绩效运行监控)."""

    actual: Number
    cumulative: bool = False
    deviation_reason: Text | None = None


class Monitoring(Strict):
    """The look at the goals within the year."""

    as_of: date
    readings: dict[str, Reading] = Field(max_length=LINES_MAX)


class Facts(Strict):
    """The whole file."""

    project: Name
    unit: Name
    evaluation_done_by: Name
    mode: Annotated[Mode, BeforeValidator(_known_mode)] | None = None
    year: int = Field(ge=YEAR_MIN, le=YEAR_MAX)
    period: Period
    phase: Name
    budget: Budget
    index_tree: list[Line] = Field(min_length=1, max_length=LINES_MAX)
    report_date: date | None = None
    department: Name | None = None
    methods: Texts = Field(default=[])
    standards: Texts = Field(default=[])
    process: Process = Process()
    targets: dict[Id, Target] = Field(default={}, max_length=LISTED_MAX)
    targets_missing: Texts = Field(default=[])
    published: Published | None = None
    named_problems: Texts = Field(default=[])
    recommendations: Texts = Field(default=[])
    report_sections: Texts = Field(default=[])
    texts: dict[str, Text] = Field(default={}, max_length=len(HEADINGS))
    records: Records = Records()
    monitoring: Monitoring | None = None

    @field_validator("process", mode="before")
    @classmethod
    def _steps(cls, value: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, dict) or set(value) <= {"steps", "interviews"}:
            return value
        steps = {name: when for name, when in value.items() if name != "interviews"}
        return {"steps": steps, "interviews": value.get("interviews", [])}

    @field_validator("published", mode="before")
    @classmethod
    def _levels(cls, value: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, dict) or "levels" in value:
            return value
        told = {"total", "grade", "deductions_explained"}
        return {"levels": {name: points for name, points in value.items() if name not in told}} | {
            name: told_value for name, told_value in value.items() if name in told
        }

    @property
    def evaluation_mode(self) -> Mode | None:
        """The stated mode, else that of the evaluator; None where the evaluator may stand for either department."""
        if self.mode is not None:
            return self.mode
        if self.is_done_by_unit:
            return "单位自评"
        if self.evaluation_done_by == self.department:
            return "部门评价"
        return "财政评价" if FINANCE_WORD in self.evaluation_done_by else None

    @property
    def is_self_evaluation(self) -> bool:
        """Whether the unit judges itself, whoever writes it down."""
        return self.evaluation_mode == "单位自评"

    @property
    def is_done_by_unit(self) -> bool:
        """Whether the unit does it with its own people."""
        return self.evaluation_done_by in {SELF, self.unit}
