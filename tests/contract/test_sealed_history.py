"""Whoever changes a row behind central's back is found, on every database."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from central.core.case_machine import CaseAction, CaseStatus
from central.core.case_machine.audit import AuditFault
from central.services.cases.audits import Audits
from central.stores.ports import Stores
from tests.support.casework import TO_CHECK, Staff
from tests.support.store_contents import change

LAST = len(TO_CHECK) + 2
"""Of a case that is handled: it was opened, went its steps, and no camera can check it."""


@pytest.fixture
def staff(stores: Stores) -> Staff:
    return Staff(stores)


def found(stores: Stores) -> list[tuple[str, AuditFault, int]]:
    """Return every finding with its case's number."""
    return [(case.number, one.fault, one.line) for case in Audits(stores).check() for one in case.findings]


def test_what_nobody_touched_is_sound(staff: Staff) -> None:
    for _ in range(3):
        staff.handled()
    assert found(staff.stores) == []
    assert Audits(staff.stores).count() == len(list(Audits(staff.stores).check())) == 3


def test_work_that_goes_on_meanwhile_is_no_finding(staff: Staff) -> None:
    case = staff.handled().case
    with staff.stores.reading() as unit, ThreadPoolExecutor(1) as pool:
        before = unit.history.audits(0, 9)
        pool.submit(staff.act, case.id, CaseAction.PASS).result()
        assert unit.history.audits(0, 9) == before
    assert staff.case(case.id).status is CaseStatus.AWAITING_CLOSE
    assert found(staff.stores) == []


@pytest.mark.parametrize(
    "edit",
    [
        "note = note || '.'",
        "reason = 'not_our_duty'",
        "actor = 'nobody'",
        "actor_unit = 'x'",
        "to_status = 'closed'",
        "kind = 'no such kind'",
        "details = '{}'",
        "details = 'no json'",
        "seal = repeat_of_seal",
    ],
)
def test_a_changed_line_is_named(edit: str, staff: Staff) -> None:
    staff.handled()
    case = staff.handled().case
    edit = edit.replace("repeat_of_seal", f"'{'0' * 64}'")
    change(staff.stores, f"UPDATE case_steps SET {edit} WHERE case_id = :case AND number = 3", case=case.id)  # noqa: S608
    faults = found(staff.stores)
    assert faults[0] == (case.number, AuditFault.CHANGED, 3)
    assert len(faults) == (2 if edit.startswith("seal") else 1)


def test_a_moved_time_is_named(staff: Staff) -> None:
    case = staff.handled().case
    earlier = "(SELECT at FROM case_steps WHERE case_id = :case AND number = 1)"
    change(
        staff.stores,
        f"UPDATE case_steps SET at = {earlier} WHERE case_id = :case AND number = 4",  # noqa: S608
        case=case.id,
    )
    assert found(staff.stores) == [(case.number, AuditFault.CHANGED, 4)]


@pytest.mark.parametrize(("line", "fault"), [(2, AuditFault.LINE_MISSING), (LAST, AuditFault.END_MISSING)])
def test_a_line_that_was_taken_out_is_named(line: int, fault: AuditFault, staff: Staff) -> None:
    case = staff.handled().case
    change(staff.stores, "DELETE FROM case_steps WHERE case_id = :case AND number = :line", case=case.id, line=line)
    assert (case.number, fault, line) in found(staff.stores)


def test_a_history_that_was_cut_off_is_named(staff: Staff) -> None:
    case = staff.handled().case
    change(staff.stores, "DELETE FROM case_steps WHERE case_id = :case", case=case.id)
    assert found(staff.stores) == [(case.number, AuditFault.END_MISSING, LAST)]


@pytest.mark.parametrize(
    "edit",
    [
        "status = 'closed'",
        "source = 'collector'",
        "reporter = 'somebody else'",
        "unit = 'greening'",
        "version = version + 1",
        "state = replace(state, 'sanitation', 'greening')",
        "state = 'no json'",
        "runs = '[]'",
        "due_at = opened_at",
        "parent = 'case-1'",
    ],
)
def test_a_case_row_that_was_edited_is_named(edit: str, staff: Staff) -> None:
    staff.handled()
    case = staff.handled().case
    change(staff.stores, f"UPDATE cases SET {edit} WHERE id = :case", case=case.id)  # noqa: S608
    assert found(staff.stores) == [(case.number, AuditFault.STATE_CHANGED, LAST)]


def test_lines_without_their_case_are_named(staff: Staff) -> None:
    case = staff.report().case
    change(staff.stores, "DELETE FROM cases WHERE id = :case", case=case.id)
    assert found(staff.stores) == [
        (case.id, AuditFault.CASE_MISSING, 0), (case.number, AuditFault.CASE_REMOVED, 0),
    ]  # fmt: skip


def test_a_case_that_was_taken_out_with_all_its_lines_is_named(staff: Staff) -> None:
    first, second, third = (staff.report().case for _ in range(3))
    for table, column in (("case_steps", "case_id"), ("case_reports", "case_id"), ("cases", "id")):
        for case in (second, third):
            change(staff.stores, f"DELETE FROM {table} WHERE {column} = :case", case=case.id)  # noqa: S608
    assert found(staff.stores) == [(one.number, AuditFault.CASE_REMOVED, 0) for one in (second, third)]
    again = staff.report().case
    assert again.number > third.number
    assert {number for number, *_ in found(staff.stores)}.isdisjoint({first.number, again.number})


def test_a_chain_goes_on_over_what_was_found(staff: Staff) -> None:
    case = staff.handled().case
    change(staff.stores, "UPDATE case_steps SET note = 'x' WHERE case_id = :case AND number = 2", case=case.id)
    staff.act(case.id, CaseAction.PASS)
    assert found(staff.stores) == [(case.number, AuditFault.CHANGED, 2)]
