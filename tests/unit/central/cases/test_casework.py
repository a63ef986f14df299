"""Cases in people's hands."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest

from central.core.case_machine import (
    CaseAction,
    CaseProblem,
    CaseStatus,
    GuardRefused,
    IllegalTransition,
    Post,
    PostMissing,
    RejectReason,
    Wish,
)
from central.core.cases.casefile import CaseView
from central.core.values import SOURCE_NUMBERS, Actor, CaseSource
from central.services.cases.casework import CaseUnknown, Casework, StaleVersion
from central.services.desks.actions import CaseRules
from central.services.desks.reports import PersonReport, ReportRefused
from central.services.evidence import Evidence, EvidencePolicy
from central.stores.ports import BadCursor, CaseFilter, EventFilter, PageRequest
from tests.support.central_stores import OPERATOR, TECHNICIAN, VIEWER, Central
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later

ALL = PageRequest(500)
HOTLINE = PersonReport(CaseSource.HOTLINE, "caller 139****", place="东大街 5 号", description="占道经营")


@pytest.fixture
def casework(central: Central) -> Casework:
    """Return casework whose day begins at Chinese midnight."""
    return Casework(central.stores, CaseRules(timezone(timedelta(hours=8))))


@pytest.fixture
def candidate(central: Central, casework: Casework, box: SpeakingBox) -> CaseView:
    """Return a candidate that box b1 opened."""
    central.receive(box.scene(0))
    return casework.cases(CaseFilter(), ALL).items[0]


def test_confirm(casework: Casework, candidate: CaseView) -> None:
    after = casework.act(
        candidate.case.id, Wish(CaseAction.CONFIRM, note="一辆三轮车"), OPERATOR, expected_version=1, now=later(90)
    )
    assert (after.case.status, after.case.version, after.case.updated_at) == (CaseStatus.ACCEPTED, 2, later(90))
    step = casework.history(candidate.case.id, ALL).items[-1]
    assert (step.kind, step.actor, step.from_status, step.to_status, step.note) == (
        CaseAction.CONFIRM,
        OPERATOR,
        CaseStatus.CANDIDATE,
        CaseStatus.ACCEPTED,
        "一辆三轮车",
    )


def test_reject_keeps_its_reason(casework: Casework, candidate: CaseView) -> None:
    casework.act(
        candidate.case.id,
        Wish(CaseAction.REJECT, RejectReason.FALSE_ALARM),
        OPERATOR,
        expected_version=1,
        now=later(90),
    )
    assert casework.history(candidate.case.id, ALL).items[-1].reason == "false_alarm"
    assert casework.case(candidate.case.id).case.status is CaseStatus.REJECTED


@pytest.mark.parametrize(
    ("attempt", "problem"),
    [
        ((CaseAction.CONFIRM, OPERATOR, 7), StaleVersion),
        ((CaseAction.CONFIRM, VIEWER, 1), PostMissing),
        ((CaseAction.CONFIRM, TECHNICIAN, 1), PostMissing),
        ((CaseAction.REJECT, OPERATOR, 1), GuardRefused),
    ],
)
def test_a_refused_action_leaves_no_trace(
    attempt: tuple[CaseAction, Actor, int],
    problem: type[CaseProblem | StaleVersion],
    casework: Casework,
    candidate: CaseView,
) -> None:
    action, actor, version = attempt
    with pytest.raises(problem):
        casework.act(candidate.case.id, Wish(action), actor, expected_version=version, now=later(90))
    assert casework.case(candidate.case.id) == candidate
    assert len(casework.history(candidate.case.id, ALL).items) == 1


def test_what_is_decided_is_not_decided_again(casework: Casework, candidate: CaseView) -> None:
    casework.act(candidate.case.id, Wish(CaseAction.CONFIRM), OPERATOR, expected_version=1, now=later(90))
    with pytest.raises(IllegalTransition):
        casework.act(candidate.case.id, Wish(CaseAction.CONFIRM), OPERATOR, expected_version=2, now=later(91))


def test_of_twenty_who_decide_at_once_one_wins(casework: Casework, candidate: CaseView) -> None:
    together = threading.Barrier(20)

    def confirm(_: int) -> str:
        together.wait()
        try:
            casework.act(candidate.case.id, Wish(CaseAction.CONFIRM), OPERATOR, expected_version=1, now=later(90))
        except StaleVersion:
            return "stale"
        return "won"

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(confirm, range(20)))
    assert outcomes == ["stale"] * 19 + ["won"]


def test_further_sightings_do_not_make_the_person_look_again(
    central: Central, casework: Casework, candidate: CaseView, box: SpeakingBox
) -> None:
    central.receive(box.scene(600), at_s=601)
    after = casework.act(candidate.case.id, Wish(CaseAction.CONFIRM), OPERATOR, expected_version=1, now=later(700))
    assert (after.case.last_seen_at, len(after.episodes), after.ended) == (later(600), 2, False)


def test_offers_say_why_not(casework: Casework, candidate: CaseView) -> None:
    offers = {choice.action: choice for choice in casework.actions(candidate.case.id, VIEWER, later(90))}
    assert not offers[CaseAction.CONFIRM].allowed
    assert Post.ACCEPTOR in offers[CaseAction.CONFIRM].needs_post
    allowed = {choice.action for choice in casework.actions(candidate.case.id, OPERATOR, later(90)) if choice.allowed}
    assert {CaseAction.CONFIRM, CaseAction.REJECT, CaseAction.GONE} <= allowed


@pytest.mark.parametrize("source", [source for source in CaseSource if source is not CaseSource.DETECTOR])
def test_people_report_from_every_source(source: CaseSource, central: Central, casework: Casework) -> None:
    report = PersonReport(source, "reporter", place="东大街 5 号")
    view = casework.report(report, OPERATOR, later(0), central.random)
    assert (view.case.status, view.case.source, view.case.reporter) == (CaseStatus.REPORTED, source, "reporter")
    assert casework.history(view.case.id, ALL).items[0].actor == OPERATOR


def test_numbers_of_people_and_boxes_are_one_row(central: Central, casework: Casework, candidate: CaseView) -> None:
    views = [casework.report(HOTLINE, OPERATOR, later(seconds), central.random) for seconds in (0, 16 * 3600)]
    assert [candidate.case.number, *(view.case.number for view in views)] == [
        "E202603020001",
        "E202603020002",
        "E202603030001",
    ]


def test_a_video_patrol_names_camera_and_picture(central: Central, casework: Casework, box: SpeakingBox) -> None:
    central.receive(box.birth(0))
    Evidence(central.stores, EvidencePolicy(disk_free_bytes_min=0)).put(PICTURE_SHA, [PICTURE], OPERATOR, later(1))
    report = PersonReport(CaseSource.VIDEO_PATROL, "wang", camera="b1.cam-1", evidence=(PICTURE_SHA, PICTURE_SHA))
    view = casework.report(report, OPERATOR, later(2), central.random)
    assert (view.case.place, view.case.box) == ("cam-1 路口", "b1")
    assert [(item.sha256, item.state) for item in view.evidence] == [(PICTURE_SHA, "stored")]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (PersonReport(CaseSource.DETECTOR, "x", place="p"), "for boxes"),
        (PersonReport(CaseSource.HOTLINE, "x"), "where it is"),
        (PersonReport(CaseSource.HOTLINE, "x", camera="b1.nowhere"), "no such camera"),
        (PersonReport(CaseSource.HOTLINE, "x", place="p", evidence=(PICTURE_SHA,)), "upload it first"),
        (PersonReport(CaseSource.HOTLINE, "x", place="p" * 1001), "1000 characters"),
        (PersonReport(CaseSource.HOTLINE, "x", place="p", evidence=tuple("abcdefghijklmnopq")), "at most 16"),
    ],
)
def test_a_report_that_cannot_be_a_case(report: PersonReport, said: str, central: Central, casework: Casework) -> None:
    with pytest.raises(ReportRefused, match=said):
        casework.report(report, OPERATOR, later(0), central.random)
    assert casework.cases(CaseFilter(), ALL).items == ()


@pytest.mark.parametrize("actor", [VIEWER, TECHNICIAN])
def test_only_who_fills_a_post_opens_cases(actor: object, central: Central, casework: Casework) -> None:
    with pytest.raises(PostMissing, match="acceptor"):
        casework.report(HOTLINE, actor, later(0), central.random)  # type: ignore[arg-type]


def test_lists_are_filtered_and_paged_newest_first(central: Central, casework: Casework, candidate: CaseView) -> None:
    made = [casework.report(HOTLINE, OPERATOR, later(n), central.random).case.id for n in range(5)]
    wanted, cursor, found = CaseFilter(source=CaseSource.HOTLINE), None, []
    while True:
        page = casework.cases(wanted, PageRequest(2, cursor))
        found += [view.case.id for view in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == made[::-1]
    assert [view.case.id for view in casework.cases(CaseFilter(camera="b1.cam-1"), ALL).items] == [candidate.case.id]
    assert casework.cases(CaseFilter(status=CaseStatus.GONE), ALL).items == ()


@pytest.mark.parametrize("cursor", ["", "???", "äöü", "bm90IGEgbnVtYmVy"])
def test_a_cursor_of_somewhere_else_is_refused(cursor: str, casework: Casework) -> None:
    with pytest.raises(BadCursor, match="start again"):
        casework.cases(CaseFilter(), PageRequest(10, cursor))


def test_events_are_filtered(central: Central, casework: Casework, candidate: CaseView, box: SpeakingBox) -> None:
    central.receive(box.gap(5, 6))
    (event,) = casework.events(EventFilter(camera="b1.cam-1"), ALL).items
    assert (event.case, event.type, event.data["scene"]) == (candidate.case.id, "gw.event.scene", "stay")  # type: ignore[index, call-overload]
    assert len(casework.events(EventFilter(box="b1"), ALL).items) == 2
    assert len(casework.events(EventFilter(episode=event.episode), ALL).items) == 1
    assert casework.events(EventFilter(type="gw.event.weather"), ALL).items == ()


def test_a_place_that_became_known_later_is_shown(central: Central, casework: Casework, candidate: CaseView) -> None:
    assert candidate.case.place == ""
    central.receive(SpeakingBox(boot=1).birth(10))
    assert casework.case(candidate.case.id).case.place == "cam-1 路口"


@pytest.mark.parametrize("ask", ["case", "history", "actions", "act"])
def test_a_case_that_is_not_there(ask: str, casework: Casework) -> None:
    calls = {
        "case": lambda: casework.case("no"),
        "history": lambda: casework.history("no", ALL),
        "actions": lambda: casework.actions("no", OPERATOR, later(0)),
        "act": lambda: casework.act("no", Wish(CaseAction.CONFIRM), OPERATOR, expected_version=1, now=later(0)),
    }
    with pytest.raises(CaseUnknown):
        calls[ask]()


def test_every_source_has_its_number() -> None:
    assert set(SOURCE_NUMBERS) == set(CaseSource)
    assert SOURCE_NUMBERS[CaseSource.VIDEO_PATROL] == 34
