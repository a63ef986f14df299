"""What comes back after the close, and what people tell of what a camera sees, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from central.core.case_machine import CaseAction, CaseStatus, PostMissing, Stage
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.cases.casefile import Case, Occurrence
from central.core.cases.intake import NEAR, near_of
from central.core.places import Position
from central.core.retention import RetentionPolicy
from central.core.standards import Draft, SheetRow
from central.core.values import CaseSource
from central.services.cases.audits import Audits
from central.services.cases.casework import CaseGone, CaseUnknown
from central.services.desks.cases import RECURRENCE
from central.services.retention import Retention
from central.services.standards import Standards
from central.stores.ports import CaseFilter, PageRequest, Stores
from protocol.messages import EndReason
from tests.support.casework import TO_CHECK, Staff
from tests.support.central_stores import OPERATOR, VIEWER, Central
from tests.support.pictures import PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import case_of_episode, crashing, rows

HEADER = "大类代码 大类名称 小类代码 小类名称 处置单位 主管部门 立案条件 结案条件 处置时限 复发".split()  # noqa: SIM905 - a header
STALLS = ["04", "街面秩序", "01", "游商", "执法队", "城管局", "流动摊", "取缔", "2紧急工作时", "新案"]
RUBBISH = ["01", "市容环境", "10", "暴露垃圾", "环卫所", "城管局", "未入桶", "清理", "4小时", "重开"]
HERE = Position(34.7368, 105.3382)
HANDLED = (CaseAction.CONFIRM, CaseAction.REGISTER, *TO_CHECK[2:], CaseAction.PASS, CaseAction.CLOSE)


@pytest.fixture
def staff(stores: Stores) -> Staff:
    standards = Standards(stores, BUILT_IN_CLOCKWORK)
    table = [SheetRow(number, tuple(row)) for number, row in enumerate([HEADER, STALLS, RUBBISH], 1)]
    draft = standards.read(table)
    assert isinstance(draft, Draft), draft
    standards.adopt(draft, "t.csv", OPERATOR, later(0))
    return Staff(stores)


def cases(staff: Staff) -> list[Case]:
    """Return all cases, oldest first."""
    return [view.case for view in staff.casework.cases(CaseFilter(), PageRequest(50)).items][::-1]


def close(staff: Staff, case: str, condition: str) -> Case:
    """Take a candidate to its close under a standard."""
    return walk(staff, case, condition, *HANDLED)


def walk(staff: Staff, case: str, condition: str, *actions: CaseAction) -> Case:
    """Take steps, those that name a condition under that one."""
    with staff.stores.reading() as unit:
        (standard,) = [row for row in unit.standards.find(1, "", PageRequest(9)).items if row.condition == condition]
    for action in actions:
        more = {"condition": standard.id} if action in {CaseAction.REGISTER, CaseAction.CLOSE} else {}
        staff.act(case, action, **more)
    return staff.case(case)


def sound(stores: Stores) -> bool:
    return [found for case in Audits(stores).check() for found in case.findings] == []


def test_a_vendor_who_comes_back_is_a_new_case_linked_to_the_one_before(
    central: Central, staff: Staff, box: SpeakingBox
) -> None:
    central.receive(box.scene(0), box.scene(20, started_s=0, end_reason=EndReason.INTERRUPTED))
    first = close(staff, cases(staff)[0].id, "流动摊")
    central.receive(box.scene(3600), at_s=3600)
    second = close(staff, cases(staff)[1].id, "流动摊")
    central.receive(box.scene(9000), at_s=9000)
    linked = [(case.status, case.recurrence_of, case.recurrence) for case in cases(staff)]
    assert linked == [
        (CaseStatus.CLOSED, "", 0), (CaseStatus.CLOSED, first.id, 1), (CaseStatus.CANDIDATE, second.id, 2),
    ]  # fmt: skip
    assert [case.state.reworks for case in cases(staff)] == [0, 0, 0]
    assert sound(staff.stores)


def test_a_case_that_retention_has_deleted_is_still_told_by_the_one_that_repeats_it(
    central: Central, staff: Staff, box: SpeakingBox
) -> None:
    central.receive(box.scene(0), box.scene(20, started_s=0, end_reason=EndReason.INTERRUPTED))
    first = close(staff, cases(staff)[0].id, "流动摊")
    central.receive(box.scene(3600), at_s=3600)
    second = close(staff, cases(staff)[1].id, "流动摊")
    assert first.updated_at < second.updated_at
    a_day_later = second.updated_at + timedelta(days=1)
    gone = sum(one.cases for one in Retention(staff.stores, RetentionPolicy(cases_days=1)).run(a_day_later))
    assert (gone, [case.id for case in cases(staff)]) == (1, [second.id])
    assert (cases(staff)[0].recurrence_of, cases(staff)[0].recurrence) == (first.id, 1)
    with pytest.raises(CaseGone, match=first.number) as told:
        staff.case(first.id)
    assert told.value.stone.details["number"] == first.number
    with pytest.raises(CaseUnknown) as unknown:
        staff.case("case-of-nobody")
    assert not isinstance(unknown.value, CaseGone)
    central.receive(box.scene(9000), at_s=9000)
    assert (cases(staff)[1].recurrence_of, cases(staff)[1].recurrence) == (second.id, 2)
    assert sound(staff.stores)


def test_what_lies_there_again_opens_its_case_and_is_rework(central: Central, staff: Staff, box: SpeakingBox) -> None:
    central.receive(box.scene(0))
    before = close(staff, cases(staff)[0].id, "未入桶")
    central.receive(box.scene(3600), at_s=3600)
    (again,) = cases(staff)
    assert (again.status, again.state.reopened, again.version) == (CaseStatus.REGISTERED, 1, before.version + 1)
    assert again.runs[-1].stage is Stage.DISPATCHING
    steps = staff.history(again.id)[-2:]
    assert [(step.kind, step.reason, step.actor.name) for step in steps] == [
        (CaseAction.REOPEN, "seen_again", RECURRENCE.name), (Occurrence.MERGED, "", "b1"),
    ]  # fmt: skip
    assert set(case_of_episode(staff.stores).values()) == {again.id}
    assert staff.act(again.id, CaseAction.DISPATCH).case.state.reworks == 1
    central.receive(box.scene(3700), at_s=3700)
    assert len(cases(staff)) == 1
    assert sound(staff.stores)


def test_what_was_seen_before_the_close_and_told_after_it_opens_nothing_again(
    central: Central, staff: Staff, box: SpeakingBox
) -> None:
    central.receive(box.scene(0))
    close(staff, cases(staff)[0].id, "未入桶")
    central.receive(box.scene(60), box.scene(90, started_s=60, end_reason=EndReason.LEFT), at_s=3600)
    assert [(case.status, case.recurrence_of) for case in cases(staff)] == [
        (CaseStatus.CLOSED, ""), (CaseStatus.GONE, ""),
    ]  # fmt: skip


def test_a_reopening_that_breaks_off_leaves_the_case_closed(central: Central, staff: Staff, box: SpeakingBox) -> None:
    central.receive(box.scene(0))
    before = close(staff, cases(staff)[0].id, "未入桶")
    with crashing(staff.stores, "INSERT", "case_episodes"):
        assert central.receive(box.scene(3600), at_s=3600).dead == 1
    assert cases(staff) == [before]
    assert sound(staff.stores)


def test_citizens_join_what_a_camera_saw_and_keep_their_names(central: Central, staff: Staff, box: SpeakingBox) -> None:
    central.receive(box.birth(0, place=(HERE.latitude, HERE.longitude)))
    central.receive(box.scene(1))
    (seen,) = cases(staff)
    assert seen.position == HERE
    near = Position(HERE.latitude + 0.0004, HERE.longitude)
    one = staff.reported(CaseSource.HOTLINE, "张三", scene="stay", position=near, description="摊位挡路")
    two = staff.reported(CaseSource.WEB, "李四", scene="stay", camera="b1.cam-1", evidence=(PICTURE_SHA,))
    assert (one.joined, two.joined) == (True, True)
    (view,) = staff.casework.cases(CaseFilter(), PageRequest(9)).items
    assert (view.case.source, view.case.reporter, view.case.version) == (CaseSource.DETECTOR, "b1", seen.version)
    assert [(report.source, report.reporter) for report in view.reports] == [
        (CaseSource.HOTLINE, "张三"), (CaseSource.WEB, "李四"),
    ]  # fmt: skip
    assert [item.sha256 for item in view.evidence] == [PICTURE_SHA]
    lines = staff.history(view.case.id)[-2:]
    assert [(line.kind, line.note, line.details["source"]) for line in lines] == [
        (Occurrence.JOINED, "摊位挡路", "hotline"), (Occurrence.JOINED, "", "web"),
    ]  # fmt: skip
    assert "张三" not in str(rows(staff.stores, "case_steps"))
    assert [found.case.id for found in staff.casework.cases(CaseFilter(text="挡路"), PageRequest(9)).items] == [seen.id]
    assert sound(staff.stores)


@pytest.mark.parametrize(
    "more",
    [
        {"scene": "stay", "position": Position(HERE.latitude + 0.0006, HERE.longitude)},
        {"scene": "bike_parking", "position": HERE},
        {"position": HERE},
        {"scene": "stay"},
        {"scene": "stay", "position": HERE, "join": False},
        {"scene": "stay", "position": HERE, "self_handled": True, "evidence": (PICTURE_SHA, "2" * 64)},
    ],
)
def test_other_reports_are_cases_of_their_own(
    more: dict[str, object], central: Central, staff: Staff, box: SpeakingBox
) -> None:
    central.receive(box.birth(0, place=(HERE.latitude, HERE.longitude)))
    central.receive(box.scene(1))
    if more.get("self_handled"):
        with staff.stores.writing() as unit:
            known = unit.evidence.get(PICTURE_SHA)
            assert known is not None
            unit.evidence.stored(replace(known, sha256="2" * 64))
    found = staff.reported(CaseSource.COLLECTOR, "王五", **more)
    assert not found.joined
    assert [report.reporter for report in found.reports] == ["王五"]
    assert len(cases(staff)) == 2


def test_closed_cases_are_not_joined(central: Central, staff: Staff, box: SpeakingBox) -> None:
    central.receive(box.birth(0, place=(HERE.latitude, HERE.longitude)))
    central.receive(box.scene(1))
    close(staff, cases(staff)[0].id, "流动摊")
    assert not staff.reported(CaseSource.HOTLINE, "张三", scene="stay", position=HERE).joined


def test_a_camera_joins_what_a_citizen_told_first_and_does_not_end_it(
    central: Central, staff: Staff, box: SpeakingBox
) -> None:
    central.receive(box.birth(0, place=(HERE.latitude, HERE.longitude)))
    told = staff.reported(CaseSource.HOTLINE, "张三", scene="stay", position=HERE).case
    central.receive(box.scene(60), box.scene(90, started_s=60, end_reason=EndReason.LEFT), at_s=90)
    (view,) = staff.casework.cases(CaseFilter(), PageRequest(9)).items
    assert (view.case.id, view.case.source, view.case.reporter) == (told.id, CaseSource.HOTLINE, "张三")
    assert (view.case.status, len(view.episodes), view.ended) == (CaseStatus.REPORTED, 1, True)
    assert [line.kind for line in staff.history(told.id)] == ["opened", "merged", "episode_ended"]
    assert sound(staff.stores)


def test_who_fills_no_post_joins_nothing(central: Central, staff: Staff, box: SpeakingBox) -> None:
    central.receive(box.birth(0))
    central.receive(box.scene(1))
    with pytest.raises(PostMissing):
        staff.reported(CaseSource.HOTLINE, "张三", VIEWER, scene="stay", camera="b1.cam-1")
    assert rows(staff.stores, "case_reports") == []


def test_tasks_that_are_split_off_repeat_nothing_and_are_not_joined(
    central: Central, staff: Staff, box: SpeakingBox
) -> None:
    central.receive(box.birth(0, place=(HERE.latitude, HERE.longitude)))
    central.receive(box.scene(1))
    close(staff, cases(staff)[0].id, "流动摊")
    central.receive(box.scene(3600), at_s=3600)
    second = cases(staff)[1]
    walk(staff, second.id, "流动摊", CaseAction.CONFIRM, CaseAction.REGISTER, CaseAction.SPLIT)
    assert [case.recurrence for case in cases(staff)] == [0, 1, 0, 0]
    with staff.stores.reading() as unit:
        near = [near_of("b1.cam-1", HERE, NEAR)]
        assert unit.cases.last_closed(["b1.cam-1/z1/stay", "nowhere"]) == [cases(staff)[0].id]
        assert unit.cases.open_near(["stay"], near, of_people=True) == []
        assert unit.cases.open_near(["stay"], near, of_people=False) == [second.id]
        assert unit.cases.open_near(["other"], near, of_people=False) == []
        assert unit.cases.open_near(["stay"], [], of_people=False) == []
