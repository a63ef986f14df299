"""A small project: a line of the budget, a contract of two items, payments, a camera, people asked and trained."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from central.core.evaluation.records import (
    Acceptance,
    Asked,
    BudgetLine,
    Contract,
    ContractItem,
    DeviceLink,
    Interview,
    Milestone,
    Payment,
    Stratum,
    Survey,
    Training,
)
from central.core.project_records import ProjectRecord, Revision, kind_of
from central.core.project_records.kinds import day_of, year_of
from central.stores.ports import Stores
from tests.support.speaking_box import later

LINE = BudgetLine(id="build", name="平台建设", planned_cny=Decimal("278900.00"), year=2026)
CONTRACT = Contract(
    id="c1",
    name="视频智能分析平台",
    budget_line="build",
    amount_cny=Decimal("270000.50"),
    supplier="Société Générale d'Équipement 甲",
    signed=date(2026, 2, 3),
    items=[ContractItem(id="cameras", name="摄像机", quantity=50), ContractItem(id="box", name="边缘盒", quantity=1)],
)
PAYMENT = Payment(id="p1", contract="c1", paid=date(2026, 3, 1), amount_cny=Decimal("135000.25"), voucher="记-17")
ACCEPTANCE = Acceptance(id="a1", item="cameras", on=date(2026, 6, 1), passed=True, by="王工")
DEVICE = DeviceLink(id="d1", item="cameras", device="b1.cam-1", serial="SN-1", what="枪机", on=date(2026, 5, 1))
TRAINING = Training(id="t1", on=date(2026, 6, 2), subject="平台操作", attended=20)
SURVEY = Survey(
    id="s1",
    asked=Asked.CITIZEN,
    on=date(2026, 12, 31),
    question="满意吗",
    strata=[Stratum(name="东街", population=900, answered=60, satisfied=54)],
)
MILESTONE = Milestone(id="m1", name="验收", due=date(2026, 6, 30), done=date(2026, 6, 1))
INTERVIEW = Interview(id="i1", on=date(2026, 12, 1), who="商户代表", said="比以前干净")
PROJECT: Sequence[ProjectRecord] = (
    LINE, CONTRACT, PAYMENT, ACCEPTANCE, DEVICE, TRAINING, SURVEY, MILESTONE, INTERVIEW,
)  # fmt: skip


def first(record: ProjectRecord, at: datetime | None = None) -> Revision:
    """Return a record as somebody entered it."""
    year, name = year_of(record), record.id
    assert year is not None
    assert name is not None
    return Revision(kind_of(record), name, 1, year, day_of(record), record, "wang", at or later(0), "contracts.csv:2:1")


def changed(before: Revision, record: ProjectRecord, reason: str) -> Revision:
    """Return the correction of a record."""
    year = year_of(record)
    assert year is not None
    return replace(
        before, number=before.number + 1, year=year, day=day_of(record), record=record, reason=reason,
    )  # fmt: skip


def withdrawn(before: Revision, reason: str) -> Revision:
    """Return a record taken back."""
    return replace(before, number=before.number + 1, reason=reason, is_withdrawn=True)


def keep_records(stores: Stores) -> None:
    """Put the project in, with a payment that was corrected."""
    payment = first(PAYMENT)
    with stores.writing() as unit:
        unit.project_records.add([first(one) for one in PROJECT])
        unit.project_records.add(
            [changed(payment, PAYMENT.model_copy(update={"amount_cny": Decimal("135000.50")}), "录入有误")]
        )
