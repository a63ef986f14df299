"""What goes by the rules goes whole and leaves a tombstone; what must stay stays, and still proves its history."""

from datetime import timedelta

import pytest

from central.core.case_machine import CaseAction
from central.core.case_machine.audit import AuditFault, Finding
from central.core.cases.casefile import Occurrence
from central.core.kpis import PERSONS
from central.core.retention import Kept, RetentionPolicy, TombstoneKind
from central.services import retention as service
from central.services.cases.audits import Audits
from central.services.cases.legal_holds import HoldRefused, LegalHolds
from central.services.retention import Retention
from central.stores.ports import CaseFilter, EvidenceLink, PageRequest, Stores
from protocol.messages import CameraState, EvidenceKind, EvidenceRef
from tests.support.casework import TO_CHECK, Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import change, crashing, rows

POLICY = RetentionPolicy(cases_days=365, events_days=365)
IN_TIME, LATE = later(86_400 * 300), later(86_400 * 400)
PAGE = PageRequest(100)


@pytest.fixture
def staff(stores: Stores) -> Staff:
    """Return people who work on cases of these stores."""
    return Staff(stores)


def closed(staff: Staff) -> str:
    """Return a closed case."""
    case = staff.report(description="暴露垃圾").case.id
    staff.walk(case, *TO_CHECK, CaseAction.PASS, CaseAction.CLOSE)
    return case


def run(stores: Stores, at: object = LATE) -> tuple[int, int, int]:
    """Cases, reports and pictures that a run let go of."""
    dropped = list(Retention(stores, POLICY).run(at))  # type: ignore[arg-type]
    return sum(one.cases for one in dropped), sum(one.reports for one in dropped), sum(one.pictures for one in dropped)


def stones(stores: Stores) -> list[tuple[TombstoneKind, str, str]]:
    return [(one.kind, one.subject, one.rule) for one in Retention(stores, POLICY).tombstones(PAGE).items]


def cases(stores: Stores) -> set[str]:
    return {row["id"] for row in rows(stores, "cases")}


def test_an_ended_case_goes_with_everything_and_leaves_a_tombstone(stores: Stores, staff: Staff) -> None:
    gone, stays = closed(staff), staff.report().case.id
    head = next(row for row in rows(stores, "cases") if row["id"] == gone)
    assert run(stores, IN_TIME) == (0, 0, 0)
    plan = Retention(stores, POLICY).plan(LATE)
    assert (plan[Kept.CASES].count, plan[Kept.CASES].held) == (1, 0)
    assert cases(stores) == {gone, stays}, "a plan deletes nothing"
    assert run(stores) == (1, 0, 1)
    assert cases(stores) == {stays}
    for table in ("case_steps", "case_episodes", "evidence_links", "evidence", "released_pictures"):
        assert gone not in {row.get("case_id") for row in rows(stores, table)}
    assert stores.blobs.size(PICTURE_SHA) is None
    with stores.reading() as unit:
        assert unit.cases.count(CaseFilter(text="暴露垃圾"), 9) == 0
        assert unit.evidence.total_bytes() == 0
    (stone,) = Retention(stores, POLICY).tombstones(PAGE).items
    assert (stone.kind, stone.subject, stone.rule, stone.deleted_at) == ("case", gone, "cases_days=365", LATE)
    assert (stone.details["number"], stone.details["seal"]) == (head["number"], head["seal"])
    assert [case.findings for case in Audits(stores).check()] == [()]


def test_tombstones_are_a_chain_that_shows_what_was_done_to_it(stores: Stores, staff: Staff) -> None:
    audits = Audits(stores)
    for case in [staff.case(closed(staff)) for _ in range(3)]:
        assert run(stores, case.updated_at + timedelta(days=365, seconds=1))[0] == 1
    stones = rows(stores, "tombstones")
    assert ([row["number"] for row in stones], audits.check_tombstones()) == ([1, 2, 3], ())
    change(stores, "CREATE TABLE spare AS SELECT * FROM tombstones")
    for edit, fault in {
        "rule = 'cases_days=30' WHERE number = 2": Finding(AuditFault.CHANGED, 2),
        "subject = 'case-1' WHERE number = 2": Finding(AuditFault.CHANGED, 2),
        "details = replace(details, 'closed', 'voided') WHERE number = 3": Finding(AuditFault.CHANGED, 3),
        "details = 'no json' WHERE number = 1": Finding(AuditFault.CHANGED, 1),
        "deleted_at = (SELECT max(deleted_at) FROM tombstones) WHERE number = 2": Finding(AuditFault.CHANGED, 2),
        "number = 7 WHERE number = 2": Finding(AuditFault.LINE_MISSING, 2),
        "number = 5 - number WHERE number > 1": Finding(AuditFault.LINE_MISSING, 2),
        "seal = '' WHERE number = 3": Finding(AuditFault.CHANGED, 3),
    }.items():
        change(stores, f"UPDATE tombstones SET {edit}")  # noqa: S608
        assert fault in audits.check_tombstones(), edit
        change(stores, "DELETE FROM tombstones", "INSERT INTO tombstones SELECT * FROM spare")
        assert audits.check_tombstones() == ()
    for taken, fault in {
        "number = 1": Finding(AuditFault.LINE_MISSING, 1),
        "number = 3": Finding(AuditFault.END_MISSING, 3),
        "number > 0": Finding(AuditFault.END_MISSING, 3),
    }.items():
        change(stores, f"DELETE FROM tombstones WHERE {taken}")  # noqa: S608
        assert fault in audits.check_tombstones(), taken
        change(stores, "DELETE FROM tombstones", "INSERT INTO tombstones SELECT * FROM spare")


def test_a_picture_that_another_case_refers_to_stays(stores: Stores, staff: Staff) -> None:
    closed(staff)
    staff.handled()
    assert run(stores) == (1, 0, 0)
    assert b"".join(stores.blobs.read(PICTURE_SHA)) == PICTURE
    assert (len(rows(stores, "evidence")), rows(stores, "released_pictures")) == (1, [])


def test_what_a_look_for_a_case_brought_goes_with_it(stores: Stores, staff: Staff) -> None:
    case = closed(staff)
    ref = EvidenceRef(sha256=PICTURE_SHA, bytes=len(PICTURE), at=later(0), kind=EvidenceKind.SNAPSHOT)
    with stores.writing() as unit:
        links = [EvidenceLink(ref, "b1", command="k1"), EvidenceLink(ref, "b1", case=case, command="k1")]
        unit.evidence.refer(links, later(0))
    assert run(stores) == (1, 0, 1)
    assert rows(stores, "evidence_links") == []


def test_a_fact_names_nobody_once_its_history_has_gone(stores: Stores, staff: Staff) -> None:
    gone, held = closed(staff), closed(staff)
    LegalHolds(stores).set(held, "court 2026-17", OPERATOR, IN_TIME)

    def named() -> dict[str, set[str]]:
        return {row["case_id"]: {row[name] for name in PERSONS} for row in rows(stores, "case_facts")}

    assert named() == {gone: {"", "wang"}, held: {"", "wang"}}
    assert run(stores) == (1, 0, 0)
    assert named() == {gone: {""}, held: {"", "wang"}}


def test_a_legal_hold_keeps_a_case_until_it_is_lifted(stores: Stores, staff: Staff) -> None:
    held, other = closed(staff), closed(staff)
    number = staff.case(held).number
    holds = LegalHolds(stores)
    holds.set(number, "court 2026-17", OPERATOR, IN_TIME)
    with pytest.raises(HoldRefused, match="already"):
        holds.set(held, "again", OPERATOR, IN_TIME)
    assert [(name, hold.reason, hold.set_by) for name, hold in holds.all()] == [(number, "court 2026-17", "wang")]
    plan = Retention(stores, POLICY).plan(LATE)[Kept.CASES]
    assert (plan.count, plan.held) == (1, 1)
    assert run(stores) == (1, 0, 0)
    assert cases(stores) == {held}
    assert stones(stores) == [(TombstoneKind.CASE, other, "cases_days=365")]
    holds.lift(held, "closed", OPERATOR, LATE)
    assert [step.kind for step in staff.history(held)][-2:] == [Occurrence.HOLD_SET, Occurrence.HOLD_LIFTED]
    assert [case.findings for case in Audits(stores).check()] == [()]
    assert (holds.all(), run(stores)) == ([], (1, 0, 1))
    for name, reason in (("E1", "why"), (number, ""), (number, "x" * 501)):
        with pytest.raises(HoldRefused):
            holds.set(name, reason, OPERATOR, LATE)


def test_cases_that_belong_together_go_together(stores: Stores, staff: Staff) -> None:
    parent, merged = staff.report().case.id, staff.report().case.id
    staff.act(merged, CaseAction.MERGE, into=parent)
    staff.walk(parent, CaseAction.ACCEPT, CaseAction.REGISTER, CaseAction.SPLIT)
    children = cases(stores) - {parent, merged}
    assert len(children) == 2
    change(stores, "UPDATE cases SET status = 'closed' WHERE merged_into = ''")
    child = min(children)
    LegalHolds(stores).set(child, "court", OPERATOR, IN_TIME)
    assert run(stores) == (0, 0, 0)
    LegalHolds(stores).lift(child, "", OPERATOR, IN_TIME)
    change(stores, "UPDATE cases SET status = 'registered' WHERE id = :child", child=child)
    assert run(stores) == (0, 0, 0)
    change(stores, "UPDATE cases SET status = 'closed' WHERE id = :child", child=child)
    assert run(stores)[0] == 4
    assert cases(stores) == set()


def test_reports_of_no_case_go_by_streams(stores: Stores, central: Central, box: SpeakingBox) -> None:
    picture = EvidenceRef(sha256=PICTURE_SHA, bytes=len(PICTURE), at=later(0), kind=EvidenceKind.LAST_GOOD)
    central.receive(box.birth(0), box.camera(CameraState.OFFLINE, 5, picture=picture), box.gap(2, 3, 6, seq=4))
    central.receive(box.scene(8, seq=5))
    kept = {table: rows(stores, table) for table in ("receipts", "streams", "gaps", "cases", "camera_states")}
    plan = Retention(stores, POLICY).plan(LATE)
    assert (plan[Kept.CASES].count, plan[Kept.EVENTS].count) == (0, 2)
    assert run(stores) == (0, 2, 1)
    assert [row["type"] for row in rows(stores, "events")] == ["gw.event.scene"]
    (stone,) = Retention(stores, POLICY).tombstones(PAGE).items
    assert (stone.kind, stone.subject, stone.rule) == (TombstoneKind.REPORTS, "b1", "events_days=365")
    assert (stone.details["first"], stone.details["last"], stone.details["count"]) == (1, 4, 2)
    assert {table: rows(stores, table) for table in kept} == kept


def test_without_a_rule_nothing_goes(stores: Stores, staff: Staff) -> None:
    closed(staff)
    retention = Retention(stores, RetentionPolicy())
    assert [planned.rule for planned in retention.plan(LATE).values()] == [None, None]
    assert [one for one in retention.run(LATE) if one.cases or one.reports or one.pictures] == []
    assert len(cases(stores)) == 1


@pytest.mark.parametrize("table", ["case_steps", "evidence_links", "cases"])
def test_a_crash_deletes_nothing_and_leaves_no_tombstone(table: str, stores: Stores, staff: Staff) -> None:
    case = closed(staff)
    with crashing(stores, "DELETE", table), pytest.raises(Exception, match="injected") as raised:
        run(stores)
    assert not isinstance(raised.value, AssertionError)
    assert (cases(stores), stones(stores)) == ({case}, [])
    assert [found.findings for found in Audits(stores).check()] == [()]
    assert run(stores) == (1, 0, 1)


def test_pictures_go_in_the_end_though_a_run_broke_off(stores: Stores, staff: Staff) -> None:
    closed(staff)
    with crashing(stores, "DELETE", "evidence"), pytest.raises(Exception, match="injected"):
        run(stores)
    assert len(rows(stores, "released_pictures")) == 1
    assert run(stores) == (0, 0, 1)
    assert (rows(stores, "evidence"), rows(stores, "released_pictures")) == ([], [])


def test_many_go_in_bites(stores: Stores, staff: Staff) -> None:
    for _ in range(3):
        staff.report()
    change(stores, "UPDATE cases SET status = 'voided'")
    retention = Retention(stores, POLICY)
    steps = [retention.step(LATE).cases for _ in range(2)]
    assert steps == [3, 0]
    assert retention.step(LATE + timedelta(days=1)).cases == 0
    assert service.CASES_A_STEP_MAX > 3
