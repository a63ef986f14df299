"""The chosen case in a real browser: a form for every action, and what the camera says to "done"."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from central.core.case_machine import CameraWord, CaseAction, CaseStatus
from central.core.cases.casefile import Case
from central.core.values import Actor, ActorKind, CaseSource, Role
from central.services.desks.reports import PersonReport
from protocol import messages as m
from tests.browser.conftest import House, Seat
from tests.support.office import UNIT, jpeg
from tests.support.until import until

pytestmark = pytest.mark.browser

OpenSeat = Callable[..., Seat]
OPERATOR = Actor(ActorKind.PERSON, "operator", Role.OPERATOR)
BACK = timedelta(minutes=20)


def case_of(house: House, case: str) -> Case:
    return house.office.services.casework.case(case).case


def reach(house: House, case: str, status: CaseStatus) -> None:
    until(lambda: case_of(house, case).status is status, what=f"the case {status}")


def show(seat: Seat, tab: str, case: str) -> None:
    """Open a list and choose a case of it."""
    seat.page.click(f'.gw-tab[data-tab="{tab}"]')
    row = seat.page.locator(f'.gw-row[data-case="{case}"]')
    row.click()
    expect(row).to_have_class("gw-row gw-row--chosen")


def leave(seat: Seat) -> None:
    """Turn away from the case: another seat may work on it."""
    seat.page.click('.gw-tab[data-tab="candidates"]')
    expect(seat.page.locator(".gw-action")).to_have_count(0)


def form(seat: Seat, action: CaseAction) -> Locator:
    """Open the form of an action."""
    seat.page.locator(f'.gw-action__button[data-action="{action}"]').click()
    opened = seat.page.locator(f'.gw-form[data-form="{action}"]')
    expect(opened).to_be_visible()
    return opened


def send(opened: Locator) -> None:
    opened.locator(".gw-form__send").click()


def quiet(seat: Seat) -> None:
    assert seat.complaints == []
    assert seat.outside == []


def test_a_report_goes_from_form_to_form_to_its_end(house: House, open_seat: OpenSeat, tmp_path: Path) -> None:
    office = house.office
    report = PersonReport(CaseSource.HOTLINE, "12319 来电 0007", place="人民路 88 号门前", description="水果摊占道")
    case = office.services.casework.report(report, OPERATOR, office.now(), lambda n: b"f" * n).case.id
    seat, unit = open_seat(house), open_seat(house, Role.DEPARTMENT)
    show(seat, "open", case)
    send(form(seat, CaseAction.ACCEPT))
    reach(house, case, CaseStatus.ACCEPTED)
    opened = form(seat, CaseAction.REGISTER)
    send(opened)
    expect(opened.locator(".gw-refused")).to_contain_text("要选条件")
    opened.get_by_label("条件").fill("占道 10 分钟以上")
    send(opened)
    reach(house, case, CaseStatus.REGISTERED)
    opened = form(seat, CaseAction.DISPATCH)
    opened.get_by_label("责任单位").fill(UNIT)
    send(opened)
    reach(house, case, CaseStatus.DISPATCHED)

    leave(seat)
    show(unit, "open", case)
    send(form(unit, CaseAction.TAKE))
    reach(house, case, CaseStatus.IN_PROGRESS)
    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg("after"))
    opened = form(unit, CaseAction.SUBMIT)
    opened.locator("input[type=file]").set_input_files(photo)
    expect(opened.locator(".gw-offer--chosen")).to_have_count(1)
    send(opened)
    reach(house, case, CaseStatus.AWAITING_CHECK)
    leave(unit)

    show(seat, "checking", case)
    expect(seat.page.locator(".gw-check__word")).to_have_text("摄像机无法判定，请人工核查")
    expect(seat.page.locator(".gw-point--unmet")).to_contain_text("本案没有摄像机")
    opened = form(seat, CaseAction.PASS)
    opened.locator("input[type=file]").set_input_files(photo)
    expect(opened.locator(".gw-offer--chosen")).to_have_count(1)
    send(opened)
    reach(house, case, CaseStatus.AWAITING_CLOSE)
    opened = form(seat, CaseAction.CLOSE)
    opened.get_by_label("条件").fill("现场已清理")
    send(opened)
    reach(house, case, CaseStatus.CLOSED)
    quiet(seat)
    quiet(unit)


def test_what_is_not_allowed_stands_there_with_its_reason(house: House, open_seat: OpenSeat) -> None:
    house.office.behind = BACK
    case = house.office.see("cam-1", zone="not-mine").case.id
    house.office.handle(case)
    seat = open_seat(house, Role.DEPARTMENT)
    show(seat, "checking", case)
    button = seat.page.locator('.gw-action__button[data-action="pass"]')
    expect(button).to_be_disabled()
    expect(button).to_contain_text("需要岗位：采集员")
    quiet(seat)


def test_what_is_typed_outlives_news(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="typed").case.id
    seat = open_seat(house)
    opened = form(seat, CaseAction.FORCE_CLOSE)
    opened.get_by_label("原因").fill("道路施工")
    house.office.see("cam-2", zone="news")
    expect(seat.page.locator(".gw-row")).to_have_count(2)
    expect(opened.get_by_label("原因")).to_have_value("道路施工")
    send(opened)
    reach(house, case, CaseStatus.CLOSED)
    quiet(seat)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_camera_passes_a_case_and_shows_what_it_rests_on(house: House, open_seat: OpenSeat, language: str) -> None:
    office, zone = house.office, f"clear-{language.lower()}"
    office.behind = BACK
    case = office.see("cam-1", zone=zone).case.id
    office.handle(case, leaves=zone)
    seat = open_seat(house)
    seat.page.goto(f"{house.url}/ui/?lang={language}")
    seat.wait_for_figures()
    show(seat, "checking", case)
    looking = {"zh-CN": "摄像机正在复看", "en": "The camera is looking"}[language]
    expect(seat.page.locator(".gw-check__word")).to_have_text(looking)
    assert office.answer_looks() >= 1
    assert office.answer_looks() >= 1
    assert case_of(house, case).state.camera is CameraWord.CLEAR
    said = {"zh-CN": "摄像机核查通过：现场已恢复", "en": "Passed by the camera: the place is clear"}[language]
    expect(seat.page.locator(".gw-check__word")).to_have_text(said)
    expect(seat.page.locator(".gw-point--met")).to_have_count(13)
    expect(seat.page.locator(".gw-check .gw-picture__image")).to_have_count(3)
    expect(seat.page.locator(".gw-check__share")).to_contain_text("96%")
    loaded = "images => images.every(image => image.complete && image.naturalWidth === 640)"
    until(lambda: seat.page.locator(".gw-check img").evaluate_all(loaded), what="the pictures")
    wide = seat.page.evaluate(
        "[...document.querySelectorAll('.gw-app *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.className)"
    )
    assert wide == []
    quiet(seat)


def test_to_override_the_camera_needs_a_reason(house: House, open_seat: OpenSeat) -> None:
    office = house.office
    office.behind = BACK
    case = office.see("cam-1", zone="still").case.id
    office.handle(case)
    office.answer_looks(presence=m.Presence.PRESENT, seen=118)
    assert case_of(house, case).status is CaseStatus.REGISTERED
    seat = open_seat(house)
    show(seat, "open", case)
    expect(seat.page.locator(".gw-check__word")).to_have_text("摄像机看到：问题仍在")
    expect(seat.page.locator('.gw-point--unmet[data-condition="clear"]')).to_have_text("✕问题仍在原处")
    opened = form(seat, CaseAction.PASS)
    opened.locator(".gw-offer").click()
    send(opened)
    expect(opened.locator(".gw-refused")).to_contain_text("要写原因")
    opened.get_by_label("原因").fill("花箱为市政设施")
    send(opened)
    reach(house, case, CaseStatus.AWAITING_CLOSE)
    expect(seat.page.locator(".gw-history")).to_contain_text("核查通过·花箱为市政设施")
    quiet(seat)


def test_what_was_called_gone_is_found_among_the_ended_and_taken_back(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="not-gone").case.id
    house.office.leaves("cam-1", "not-gone", m.EndReason.LEFT)
    assert case_of(house, case).status is CaseStatus.GONE
    seat = open_seat(house)
    show(seat, "ended", case)
    expect(seat.page.locator(".gw-why").first).to_be_hidden()
    opened = form(seat, CaseAction.NOT_GONE)
    send(opened)
    expect(opened.locator(".gw-refused")).to_contain_text("要写原因")
    opened.get_by_label("原因").fill("挪到了灯杆背后")
    send(opened)
    reach(house, case, CaseStatus.CANDIDATE)
    seat.page.click('.gw-tab[data-tab="candidates"]')
    expect(seat.page.locator(f'.gw-row[data-case="{case}"]')).to_be_visible()
    expect(seat.page.locator(".gw-history")).to_contain_text("撤销自行消除·挪到了灯杆背后")
    quiet(seat)
