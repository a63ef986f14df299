"""What an evaluation rests on besides cases: money, acceptances, training, surveys, milestones, interviews."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from central.core.evaluation.figures import Amount, Wrong
from central.core.evaluation.lines import Id, Name, Strict, Text
from protocol.texts import Words

ROWS_MAX = 2000
STRATUM = Words(zh="应满足 satisfied <= answered <= population", en="should be satisfied <= answered <= population")
Count = Annotated[int, Field(ge=0, le=100_000_000)]


class Asked(StrEnum):
    """Whom a survey asks."""

    INTERNAL = "internal"
    CITIZEN = "citizen"


class Round(StrEnum):
    """Whether a survey tells of the evaluated year, or of the time that it is compared with."""

    CURRENT = "current"
    BASELINE = "baseline"


class BudgetLine(Strict):
    """A line of the budget."""

    id: Id
    name: Name
    planned_cny: Amount


class ContractItem(Strict):
    """What a contract delivers."""

    id: Id
    name: Name
    quantity: Count


class Contract(Strict):
    """A contract, the line of the budget that pays for it, and its items."""

    id: Id
    name: Name
    budget_line: Id
    amount_cny: Amount
    supplier: Name | None = None
    signed: date | None = None
    items: list[ContractItem] = Field(default=[], max_length=ROWS_MAX)


class Payment(Strict):
    """Money that was paid for a contract."""

    id: Id
    contract: Id
    paid: date
    amount_cny: Amount
    voucher: Name | None = None


class Acceptance(Strict):
    """An item of a contract was accepted (验收), or was not."""

    id: Id
    item: Id
    on: date
    passed: bool
    by: Name


class Training(Strict):
    """A session and how many came; the same person twice counts twice (人次)."""

    id: Id
    on: date
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
    on: date
    question: Text
    strata: list[Stratum] = Field(min_length=1, max_length=50)


class Milestone(Strict):
    """A step of the project, when it is due and when it was done."""

    id: Id
    name: Name
    due: date
    done: date | None = None


class Interview(Strict):
    """Somebody was asked."""

    on: date
    who: Name
    said: Text


class Records(Strict):
    """All records of a year; every list may be empty."""

    budget_lines: list[BudgetLine] = Field(default=[], max_length=ROWS_MAX)
    contracts: list[Contract] = Field(default=[], max_length=ROWS_MAX)
    payments: list[Payment] = Field(default=[], max_length=ROWS_MAX)
    acceptances: list[Acceptance] = Field(default=[], max_length=ROWS_MAX)
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
