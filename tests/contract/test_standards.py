"""A city imports its table, and cases go by the version they were registered under, on both databases."""

from datetime import timedelta

import pytest

from central.core.case_machine import CaseAction, GuardRefused, Stage
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.clocks import parse_limit
from central.core.standards import Draft, SheetRow, Standard
from central.core.values import CaseSource
from central.services.cases.audits import Audits
from central.services.desks.standards import ConditionUnknown
from central.services.standards import Adoption, Standards
from central.stores.ports import PageRequest, Stores, StoreUnavailable
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, FailingStores
from tests.support.speaking_box import later
from tests.support.store_contents import crashing, rows

HEADER = "大类代码 大类名称 小类代码 小类名称 处置单位 主管部门 立案条件 结案条件 处置时限 计时标准".split()  # noqa: SIM905 - a header
STALLS = ["04", "街面秩序", "01", "游商", "执法队", "城管局", "流动摊", "取缔", "2紧急工作时", "街面秩序"]
SHOPS = ["", "", "05", "店外经营", "执法队、街道", "", "出店", "整改", "4小时", "办公"]


@pytest.fixture
def standards(stores: Stores) -> Standards:
    return Standards(stores, BUILT_IN_CLOCKWORK)


def adopt(standards: Standards, *table: list[str], dry_run: bool = False) -> Adoption:
    rows = [SheetRow(number, tuple(cells)) for number, cells in enumerate([HEADER, *table], 1)]
    draft = standards.read(rows)
    assert isinstance(draft, Draft), draft
    return standards.adopt(draft, "table.csv", OPERATOR, later(0), dry_run=dry_run)


def listed(standards: Standards, code: str = "") -> tuple[Standard, ...]:
    return standards.find(code, PageRequest(100))[1].items


def counts(adopted: Adoption) -> tuple[int | None, int, int, int]:
    found = adopted.changes
    return adopted.version, len(found.added), len(found.changed), len(found.removed)


def test_versions_are_kept_and_told_apart(standards: Standards, stores: Stores) -> None:
    assert standards.current() is None
    assert standards.find("", PageRequest(9)) == (0, standards.find("04", PageRequest(9))[1])
    assert counts(adopt(standards, STALLS, SHOPS, dry_run=True)) == (1, 2, 0, 0)
    assert standards.current() is None
    assert counts(adopt(standards, STALLS, SHOPS)) == (1, 2, 0, 0)
    assert counts(adopt(standards, STALLS, SHOPS)) == (None, 0, 0, 0)
    assert counts(adopt(standards, [*STALLS[:8], "1天", "办公"])) == (2, 0, 1, 1)
    book = standards.current()
    assert book is not None
    assert (book.version, book.imported_by, book.file) == (2, "wang", "table.csv")
    with stores.reading() as unit:
        first = unit.standards.book(1)
        assert unit.standards.get(1, book.standards[0].id) != book.standards[0]
        assert unit.standards.get(3, book.standards[0].id) is None
    assert first is not None
    assert [row.limit for row in first.standards] == [parse_limit("2紧急工作时"), parse_limit("4工作时")]


def test_the_table_is_read_a_page_at_a_time_by_class_or_group(standards: Standards) -> None:
    adopt(standards, STALLS, SHOPS)
    version, page = standards.find("", PageRequest(1))
    assert (version, [row.code for row in page.items]) == (1, ["04-01"])
    assert [row.code for row in standards.find("", PageRequest(1, page.next))[1].items] == ["04-05"]
    assert [row.code for row in listed(standards, "04-05")] == ["04-05"]
    assert len(listed(standards, "04")) == 2
    assert listed(standards, "05") == listed(standards, "0%") == listed(standards, "4") == ()


def test_an_import_that_breaks_off_leaves_nothing(standards: Standards, stores: Stores) -> None:
    with crashing(stores, "INSERT", "standards"), pytest.raises(Exception, match="injected"):
        adopt(standards, STALLS)
    failing = Standards(FailingStores(stores, iter([True])), BUILT_IN_CLOCKWORK)
    with pytest.raises(StoreUnavailable):
        adopt(failing, STALLS)
    assert (rows(stores, "standard_books"), rows(stores, "standards")) == ([], [])


def test_a_case_takes_limit_unit_and_conditions_from_its_standard(standards: Standards, stores: Stores) -> None:
    adopt(standards, STALLS, SHOPS)
    staff = Staff(stores)
    case = staff.report(CaseSource.COLLECTOR, scene="mobile_vendor").case.id
    (stalls,) = standards.fitting(case)
    staff.act(case, CaseAction.ACCEPT)
    staff.act(case, CaseAction.REGISTER, condition=stalls.id)
    adopt(standards, [*STALLS[:8], "5天", "办公"])
    dispatched = staff.act(case, CaseAction.DISPATCH, unit="").case
    under = dispatched.state.standard
    assert under is not None
    assert (under.id, under.version, dispatched.state.registered_under) == (stalls.id, 1, "流动摊")
    assert dispatched.state.unit == "执法队"
    run = dispatched.runs[-1]
    assert (run.stage, run.limit.limit, run.limit.system) == (Stage.HANDLING, parse_limit("2紧急工作时"), "街面秩序")
    assert dispatched.state.due_at == staff.now + timedelta(hours=2)
    registered = next(step for step in staff.history(case) if step.kind == CaseAction.REGISTER)
    assert (registered.details["standard"], registered.details["standards_version"]) == (stalls.id, 1)
    assert [found.findings for found in Audits(stores).check()] == [()]


def test_tasks_keep_the_standard_and_a_case_sent_back_chooses_anew(standards: Standards, stores: Stores) -> None:
    adopt(standards, STALLS, SHOPS)
    staff = Staff(stores)
    case = staff.report(scene="out_of_store").case.id
    staff.act(case, CaseAction.ACCEPT)
    staff.act(case, CaseAction.REGISTER, condition="出店")
    with pytest.raises(GuardRefused):
        staff.act(case, CaseAction.DISPATCH, unit="")
    staff.act(case, CaseAction.SPLIT)
    tasks = [row["id"] for row in rows(stores, "cases") if row["parent"] == case]
    assert [staff.case(task).state.standard for task in tasks] == [staff.case(case).state.standard] * 2
    other = staff.report().case.id
    staff.act(other, CaseAction.ACCEPT)
    staff.act(other, CaseAction.REGISTER, condition=listed(standards)[0].id)
    staff.act(other, CaseAction.DISPATCH)
    staff.act(other, CaseAction.TAKE)
    staff.act(other, CaseAction.RETURN)
    assert staff.act(other, CaseAction.SEND_BACK).case.state.standard is None


def test_a_case_is_closed_under_its_standards_condition(standards: Standards, stores: Stores) -> None:
    adopt(standards, STALLS)
    staff = Staff(stores)
    case = staff.report().case.id
    one = listed(standards)[0].id
    staff.act(case, CaseAction.ACCEPT)
    staff.act(case, CaseAction.REGISTER, condition=one)
    staff.walk(case, CaseAction.DISPATCH, CaseAction.TAKE, CaseAction.SUBMIT, CaseAction.PASS)
    assert staff.act(case, CaseAction.CLOSE, condition=one).case.state.closed_under == "取缔"


@pytest.mark.parametrize("scene", ["out_of_store", "stay", None])
def test_an_unknown_condition_names_the_known_ones(scene: str | None, standards: Standards, stores: Stores) -> None:
    adopt(standards, STALLS, SHOPS)
    staff = Staff(stores)
    case = staff.report(scene=scene).case.id
    staff.act(case, CaseAction.ACCEPT)
    with pytest.raises(ConditionUnknown) as refused:
        staff.act(case, CaseAction.REGISTER, condition="没有的条件")
    known = ["04-05"] if scene == "out_of_store" else ["04-01", "04-05"]
    assert [row.code for row in refused.value.known] == known
    assert staff.case(case).state.standard is None
    with pytest.raises(GuardRefused):
        staff.act(case, CaseAction.REGISTER, condition=" ")


def test_without_a_table_any_text_registers(stores: Stores, standards: Standards) -> None:
    staff = Staff(stores)
    case = staff.report(scene="out_of_store").case.id
    assert standards.fitting(case) == ()
    staff.act(case, CaseAction.ACCEPT)
    dispatched = staff.walk(case, CaseAction.REGISTER, CaseAction.DISPATCH).case
    assert (dispatched.state.standard, dispatched.state.registered_under) == (None, "c")
    assert dispatched.runs[-1].limit.limit == parse_limit("1工作日")
