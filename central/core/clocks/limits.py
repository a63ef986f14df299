"""A limit as the trade writes it: an amount and a unit, such as 4工作时."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

HOUR_S, DAY_S = 3_600, 86_400
LIMIT_S_MAX = 3_660 * DAY_S
"""Ten years: 缓办 lasts one year at most, and no standard asks for more than some months."""
_WRITTEN = re.compile(r"\s*(?P<amount>[0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(?P<unit>[^\s0-9.]{1,32})\s*")


class LimitProblem(ValueError):
    """What was written is no limit; the text says what would be."""


class LimitUnit(StrEnum):
    """How an amount is counted.

    `urgent_hours` 紧急工作时, `urgent_days` 紧急工作日 and `natural_days` 自然日 run day and night, a day having 24 h.
    `working_hours` 工作时 run in the working hours of a time system; `working_days` 工作日 are `minutes_per_workday`
    of such time each, and not "the same time tomorrow".
    """

    URGENT_HOURS = "urgent_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    URGENT_DAYS = "urgent_days"
    NATURAL_DAYS = "natural_days"

    @property
    def is_continuous(self) -> bool:
        """Whether nights, weekends and holidays count."""
        return self in {LimitUnit.URGENT_HOURS, LimitUnit.URGENT_DAYS, LimitUnit.NATURAL_DAYS}


ZH = {
    LimitUnit.URGENT_HOURS: "紧急工作时",
    LimitUnit.WORKING_HOURS: "工作时",
    LimitUnit.WORKING_DAYS: "工作日",
    LimitUnit.URGENT_DAYS: "紧急工作日",
    LimitUnit.NATURAL_DAYS: "自然日",
}
_SPELLINGS = (
    {zh: unit for unit, zh in ZH.items()}
    | {str(unit): unit for unit in LimitUnit}
    | {
        "小时": LimitUnit.WORKING_HOURS,
        "时": LimitUnit.WORKING_HOURS,
        "个工作时": LimitUnit.WORKING_HOURS,
        "天": LimitUnit.WORKING_DAYS,
        "日": LimitUnit.WORKING_DAYS,
        "个工作日": LimitUnit.WORKING_DAYS,
        "个自然日": LimitUnit.NATURAL_DAYS,
    }
)
"""A plain 小时 or 天 in a table of standards means working time [YUNCHENG]."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So much of a unit; more than none and at most `LIMIT_S_MAX`. Raises `LimitProblem`."""

    amount: Decimal
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount <= 0:
            raise LimitProblem(f"a limit is more than 0, not {self.amount}")
        if self.seconds(DAY_S) > LIMIT_S_MAX:
            raise LimitProblem(f"{self} is more than ten years; a limit is hours or days")

    def seconds(self, workday_s: int) -> int:
        """The time that may be used, where a working day has `workday_s` seconds."""
        match self.unit:
            case LimitUnit.URGENT_HOURS | LimitUnit.WORKING_HOURS:
                unit_s = HOUR_S
            case LimitUnit.URGENT_DAYS | LimitUnit.NATURAL_DAYS:
                unit_s = DAY_S
            case LimitUnit.WORKING_DAYS:
                unit_s = workday_s
        return max(1, round(self.amount * unit_s))

    def __str__(self) -> str:
        return f"{self.amount.normalize():f}{ZH[self.unit]}"


def parse_limit(text: str) -> Limit:
    """A limit from its spelling, Chinese or `LimitUnit` (`4工作时`, `4 working_hours`); raises `LimitProblem`."""
    written = _WRITTEN.fullmatch(text)
    unit = _SPELLINGS.get(written["unit"].lower()) if written else None
    if written is None or unit is None:
        units = ", ".join([*ZH.values(), *LimitUnit])
        raise LimitProblem(f"{text[:40]!r} is no limit; write a number and one of: {units}")
    return Limit(Decimal(written["amount"]), unit)
