"""What an evaluation rests on besides cases: money, acceptances, devices, training, surveys, milestones, interviews."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from central.core.evaluation.decimals import Wrong, not_negative, rounded, shown
from central.core.evaluation.lines import Id, Name, Strict, Text
from central.core.numbers import written_number
from protocol.texts import Words

ROWS_MAX = 2000
STRATUM = Words(zh="应满足 satisfied <= answered <= population", en="should be satisfied <= answered <= population")
NO_DEVICE = Words(
    zh="写 device（平台里的编号）或 serial（序列号）", en="should name `device` (its id here) or `serial` (its number)"
)
NO_CENTS = Words(zh="{amount}：金额到分为止", en="{amount}: money has two places at most")
NO_MONEY = Words(
    zh="应写成 135000.25 这样的金额：0 到 9 的半角数字",
    en="should be an amount such as 135000.25: digits 0 to 9, not full-width ones",
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> Any:  # noqa: ANN401 - a file or a request holds anything until validated
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _money(value: Any) -> Any:  # noqa: ANN401
    written = written_number(value) if isinstance(value, str) else value
    if written is None:
        raise Wrong(NO_MONEY)
    amount = not_negative(written)
    if amount != rounded(amount):
        raise Wrong(NO_CENTS, amount=shown(amount))
    return amount


def _as_text(amount: Decimal) -> str:
    return f"{amount:f}"


Count = Annotated[int, Field(ge=0, le=100_000_000)]
Day = Annotated[date, BeforeValidator(_day)]
"""A day; JSON and tables have it as text (`2026-03-01`)."""
Money = Annotated[Decimal, BeforeValidator(_money), PlainSerializer(_as_text, return_type=str, when_used="json")]
"""CNY from 0 on; JSON and tables may have it as text, so that no digit is lost."""
Year = Annotated[int, Field(ge=2000, le=2200)]


class Asked(StrEnum):
    """Whom a survey asks."""

    INTERNAL = "internal"
    CITIZEN = "citizen"


class Round(StrEnum):
    """Whether a survey tells of the evaluated year, or of the time that it is compared with."""

    CURRENT = "current"
    BASELINE = "baseline"


class BudgetLine(Strict):
    """A line of the budget of a project year; a facts file that names no year means its own."""

    id: Id
    name: Name
    planned_cny: Money
    year: Year | None = None


class ContractItem(Strict):
    """What a contract delivers."""

    id: Id
    name: Name
    quantity: Count


class Contract(Strict):
    """A contract, the budget line that pays for it, its items; `year` where it is not that of `signed`."""

    id: Id
    name: Name
    budget_line: Id
    amount_cny: Money
    supplier: Name | None = None
    signed: Day | None = None
    year: Year | None = None
    items: list[ContractItem] = Field(default=[], max_length=ROWS_MAX)


class Payment(Strict):
    """Money that was paid for a contract."""

    id: Id
    contract: Id
    paid: Day
    amount_cny: Money
    voucher: Name | None = None


class Acceptance(Strict):
    """An item of a contract was accepted (验收), or was not."""

    id: Id
    item: Id
    on: Day
    passed: bool
    by: Name


class DeviceLink(Strict):
    """The camera, box or other thing that an item of a contract delivered, by its id here or its serial number."""

    id: Id
    item: Id
    device: Name | None = None
    serial: Name | None = None
    what: Name | None = None
    on: Day

    @model_validator(mode="after")
    def _is_named(self) -> "DeviceLink":
        if self.device is None and self.serial is None:
            raise Wrong(NO_DEVICE)
        return self


class Training(Strict):
    """A session and how many came; the same person twice counts twice (人次)."""

    id: Id
    on: Day
    subject: Name
    attended: Count


class Stratum(Strict):
    """A group of those asked. `population` is its size, by which its share counts."""

    name: Name
    population: Count
    answered: Count
    satisfied: Count

    @model_validator(mode="after")
    def _is_possible(self) -> "Stratum":
        if not self.satisfied <= self.answered <= self.population:
            raise Wrong(STRATUM)
        return self


class Survey(Strict):
    """A survey of satisfaction."""

    id: Id
    asked: Annotated[Asked, Field(strict=False)]
    round: Annotated[Round, Field(strict=False)] = Round.CURRENT
    on: Day
    question: Text
    strata: list[Stratum] = Field(min_length=1, max_length=50)


class Milestone(Strict):
    """A step of the project, when it is due and when it was done."""

    id: Id
    name: Name
    due: Day
    done: Day | None = None


class Interview(Strict):
    """Somebody was asked."""

    id: Id | None = None
    on: Day
    who: Name
    said: Text


class Records(Strict):
    """All records of a year; every list may be empty."""

    budget_lines: list[BudgetLine] = Field(default=[], max_length=ROWS_MAX)
    contracts: list[Contract] = Field(default=[], max_length=ROWS_MAX)
    payments: list[Payment] = Field(default=[], max_length=ROWS_MAX)
    acceptances: list[Acceptance] = Field(default=[], max_length=ROWS_MAX)
    devices: list[DeviceLink] = Field(default=[], max_length=ROWS_MAX)
    trainings: list[Training] = Field(default=[], max_length=ROWS_MAX)
    surveys: list[Survey] = Field(default=[], max_length=ROWS_MAX)
    milestones: list[Milestone] = Field(default=[], max_length=ROWS_MAX)
    interviews: list[Interview] = Field(default=[], max_length=ROWS_MAX)


def items(records: Records) -> Iterator[ContractItem]:
    """The items of all contracts."""
    return (item for contract in records.contracts for item in contract.items)


def accepted_twice(records: Records) -> list[str]:
    """Ids of the items that have more than one acceptance."""
    counts = Counter(one.item for one in records.acceptances)
    return [item for item, times in counts.items() if times > 1]


def last_acceptances(records: Records) -> dict[str, Acceptance]:
    """The acceptance that counts for each item: the latest, of one day the one that stands last."""
    return {one.item: one for one in sorted(records.acceptances, key=lambda one: one.on)}


def paid_by_contract(records: Records) -> dict[str, Decimal]:
    """What was paid for each contract, in CNY."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for payment in records.payments:
        sums[payment.contract] += payment.amount_cny
    return dict(sums)


def contracted_by_line(records: Records) -> dict[str, Decimal]:
    """What was contracted under each line of the budget, in CNY."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for contract in records.contracts:
        sums[contract.budget_line] += contract.amount_cny
    return dict(sums)


def twice(ids: Sequence[str]) -> list[int]:
    """Places of the ids that stood before already."""
    first: dict[str, int] = {}
    return [at for at, one in enumerate(ids) if first.setdefault(one, at) != at]
