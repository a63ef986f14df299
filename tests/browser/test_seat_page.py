"""The seat in a real browser: quiet, live, by key, in two languages, inside the screen."""

import re
from collections.abc import Callable
from pathlib import Path
from signal import SIGTERM

import numpy as np
import pytest
from playwright.sync_api import expect

from central.core.case_machine import CaseStatus
from central.core.values import Role
from central.stores.ports import PageRequest
from protocol import messages as m
from tests.browser.conftest import House, Seat, serving, start_server
from tests.support.clips import every, write_clip
from tests.support.processes import Processes
from tests.support.until import until

pytestmark = pytest.mark.browser

OpenSeat = Callable[..., Seat]
FIRST_PAGE = PageRequest(100)


def quiet(seat: Seat) -> None:
    """Check that nothing went wrong and nothing left this machine."""
    assert seat.complaints == []
    assert seat.outside == []


def status_of(house: House, case: str) -> CaseStatus:
    """Return a case's status."""
    return house.office.services.casework.case(case).case.status


def test_an_empty_seat_explains_itself(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house)
    expect(seat.page.locator(".gw-queue .gw-empty")).to_contain_text("目前没有待确认的线索")
    expect(seat.page.locator(".gw-cameras .gw-count")).to_have_text("4 / 4 在线")
    quiet(seat)


def test_a_faulty_picture_is_shown_with_what_was_measured(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house)
    house.office.camera_goes("cam-1", m.CameraState.DEGRADED, m.CameraReason.COVERED, (0.9, 0.75))
    card = seat.page.locator('.gw-camera[data-camera="box-01.cam-1"]')
    expect(card).to_contain_text("异常·镜头被遮挡")
    expect(card.locator(".gw-camera__measure")).to_have_text("看不到原画面的 90%，阈值 75%")
    expect(seat.page.locator('.gw-camera[data-camera="box-01.cam-2"] .gw-camera__measure')).to_be_hidden()
    house.office.camera_goes("cam-1", m.CameraState.ONLINE)
    expect(card.locator(".gw-camera__measure")).to_be_hidden()
    quiet(seat)


def test_a_candidate_appears_by_itself_with_its_pictures(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house)
    view = house.office.see("cam-2", pictures=2)
    row = seat.page.locator(f'.gw-row[data-case="{view.case.id}"]')
    expect(row).to_contain_text("大像山镇北关东路 12 号门前")
    expect(row).to_contain_text("停留占用·摊位")
    expect(seat.page.locator(".gw-picture")).to_have_count(2)
    loaded = "images => images.every(image => image.complete && image.naturalWidth === 640)"
    until(lambda: seat.page.locator(".gw-picture img").evaluate_all(loaded), what="the pictures")
    expect(seat.page.locator(".gw-fact--zone")).to_contain_text("人行道")
    expect(seat.page.locator(".gw-fact--score")).to_contain_text("83%")
    expect(seat.page.locator(".gw-history")).to_contain_text("边缘盒 box-01")
    assert seat.figure("candidates") == "1"
    quiet(seat)


def test_a_clip_is_offered_plays_and_stops(house: House, open_seat: OpenSeat, tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "clip.mp4", lambda at_s: np.full((90, 160, 3), int(60 + 40 * at_s), np.uint8), every(0.1, 3)
    )
    seat = open_seat(house)
    house.office.see("cam-1", zone="without")
    expect(seat.page.locator(".gw-picture")).to_have_count(1)
    expect(seat.page.locator(".gw-clip")).to_be_hidden()
    view = house.office.see("cam-2", zone="with", clip=path.read_bytes())
    seat.page.locator(f'.gw-row[data-case="{view.case.id}"]').click()
    expect(seat.page.locator(".gw-clip")).to_have_text("▶ 短视频")
    seat.page.locator(".gw-clip").click()
    film = seat.page.locator("video")
    plays = "film => film.readyState >= 2 && film.videoWidth === 160 && Math.abs(film.duration - 3) < 0.2"
    until(lambda: film.evaluate(plays), what="the clip plays")
    expect(seat.page.locator(".gw-lightbox__save")).to_have_attribute("href", re.compile("/ui/pictures/"))
    seat.page.keyboard.press("Escape")
    expect(film).to_have_count(0)
    quiet(seat)


def test_confirm_by_key_and_go_on(house: House, open_seat: OpenSeat) -> None:
    cases = [house.office.see("cam-1", zone=f"confirm-{number}").case.id for number in range(3)]
    seat = open_seat(house)
    expect(seat.page.locator(".gw-row")).to_have_count(3)
    seat.page.keyboard.press("j")
    expect(seat.page.locator(".gw-row--chosen")).to_have_attribute("data-case", cases[1])
    expect(seat.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    seat.page.keyboard.press("a")
    until(lambda: status_of(house, cases[1]) is CaseStatus.ACCEPTED, what="the case accepted")
    expect(seat.page.locator(".gw-row")).to_have_count(2)
    expect(seat.page.locator(".gw-row--chosen")).to_have_attribute("data-case", cases[0])
    seat.page.keyboard.press("k")
    expect(seat.page.locator(".gw-row--chosen")).to_have_attribute("data-case", cases[2])
    quiet(seat)


def test_a_key_that_overtakes_the_chosen_case_decides_nothing(house: House, open_seat: OpenSeat) -> None:
    cases = [house.office.see("cam-1", zone=f"overtaken-{number}").case.id for number in range(2)]
    seat = open_seat(house)
    expect(seat.page.locator(".gw-row--chosen")).to_have_attribute("data-case", cases[1])
    expect(seat.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    seat.page.evaluate("emitEvent('gw-key', 'KeyJ'); emitEvent('gw-key', 'KeyA')")
    expect(seat.page.locator(".gw-row--chosen")).to_have_attribute("data-case", cases[0])
    expect(seat.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    assert [status_of(house, case) for case in cases] == [CaseStatus.CANDIDATE] * 2
    seat.page.keyboard.press("a")
    until(lambda: status_of(house, cases[0]) is CaseStatus.ACCEPTED, what="the case that is shown accepted")
    quiet(seat)


def test_reject_with_a_reason_and_a_note(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="reject").case.id
    seat = open_seat(house)
    note = "送货 <script>document.title='broken'</script> & 临时"
    seat.page.fill(".gw-note textarea", note)
    seat.page.keyboard.press("a")  # typing: no decision
    seat.page.keyboard.press("Escape")
    seat.page.keyboard.press("x")
    expect(seat.page.locator(".gw-reasons")).to_be_visible()
    seat.page.keyboard.press("3")
    until(lambda: status_of(house, case) is CaseStatus.REJECTED, what="the case rejected")
    history = house.office.services.casework.history(case, FIRST_PAGE).items
    assert (history[-1].reason, history[-1].note) == ("not_our_duty", f"{note}a")
    assert history[-1].actor.name == "operator"
    quiet(seat)


def test_a_note_stays_text(house: House, open_seat: OpenSeat) -> None:
    view = house.office.see("cam-1", zone="script", label="<img src=x onerror=alert(1)>")
    seat = open_seat(house)
    expect(seat.page.locator(".gw-row").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert seat.page.locator("img[src=x]").count() == 0
    other = open_seat(house)
    other.page.fill(".gw-note textarea", "<script>document.title='broken'</script>")
    other.page.click('.gw-button[data-key="X"]')
    expect(seat.page.locator(f'.gw-row[data-case="{view.case.id}"]')).to_have_class("gw-row gw-row--chosen")
    other.page.click('.gw-button[data-reason="false_alarm"]')
    expect(seat.page.locator(".gw-step__note")).to_have_text("<script>document.title='broken'</script>")
    expect(seat.page.locator(".gw-why").first).to_contain_text("不予受理")
    assert seat.page.title() == "网格守望 · 坐席"
    quiet(seat)
    quiet(other)


def test_a_viewer_looks_but_cannot_act(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="viewer").case.id
    seat = open_seat(house, Role.VIEWER)
    expect(seat.page.locator(".gw-row")).to_have_count(1)
    for key in ("A", "X"):
        expect(seat.page.locator(f'.gw-button[data-key="{key}"]')).to_be_disabled()
    expect(seat.page.locator(".gw-why").first).to_contain_text("只能查看")
    for key in ("a", "x", "1"):
        seat.page.keyboard.press(key)
    seat.page.wait_for_timeout(500)
    assert status_of(house, case) is CaseStatus.CANDIDATE
    quiet(seat)


def test_two_seats_decide_one_case_once(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="both").case.id
    seats = [open_seat(house), open_seat(house)]
    for seat in seats:
        expect(seat.page.locator(".gw-row")).to_have_count(1)
        expect(seat.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    for seat in seats:
        seat.page.keyboard.press("a")
    until(lambda: status_of(house, case) is CaseStatus.ACCEPTED, what="the case accepted")
    steps = house.office.services.casework.history(case, FIRST_PAGE).items
    assert [step.kind for step in steps].count("confirm") == 1


def test_who_works_on_a_case_is_told_and_can_be_relieved(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="held").case.id
    first = open_seat(house)
    expect(first.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    first.page.keyboard.press("x")
    second = open_seat(house, Role.ACCEPTOR)
    expect(second.page.locator(".gw-why").first).to_contain_text("operator 自")
    expect(second.page.locator('.gw-button[data-key="A"]')).to_be_disabled()
    second.page.keyboard.press("t")
    expect(second.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    expect(first.page.locator(".gw-why").first).to_contain_text("acceptor 已于")
    expect(first.page.locator('.gw-button[data-key="T"]')).to_be_visible()
    second.page.keyboard.press("a")
    until(lambda: status_of(house, case) is CaseStatus.ACCEPTED, what="the case accepted")
    kinds = [step.kind for step in house.office.services.casework.history(case, FIRST_PAGE).items]
    assert kinds[-2:] == ["taken_over", "confirm"]
    for seat in (first, second):
        quiet(seat)


def test_a_camera_that_goes_dark_is_seen_with_its_reason(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house)
    house.office.camera_goes("cam-3", m.CameraState.OFFLINE, m.CameraReason.AUTH_FAILED)
    card = seat.page.locator('.gw-camera[data-camera="box-01.cam-3"]')
    expect(card).to_contain_text("离线·用户名或密码错误")
    expect(card.locator(".gw-shape--offline")).to_have_count(1)
    expect(seat.page.locator(".gw-alert")).to_contain_text("冀城广场东南角 离线")
    assert seat.page.locator(".gw-camera").first.get_attribute("data-camera") == "box-01.cam-3"
    house.office.camera_goes("cam-3", m.CameraState.ONLINE)
    expect(card).to_contain_text("在线")
    expect(seat.page.locator(".gw-alert")).to_have_count(0)
    quiet(seat)


def test_a_candidate_whose_cause_was_lost_from_sight_says_so(house: House, open_seat: OpenSeat) -> None:
    view = house.office.see("cam-1", zone="ends")
    seat = open_seat(house)
    expect(seat.page.locator(".gw-row .gw-chip--gone")).to_be_hidden()
    house.office.leaves("cam-1", "ends", m.EndReason.INTERRUPTED)
    expect(seat.page.locator(".gw-row .gw-chip--gone")).to_have_text("观察中断")
    expect(seat.page.locator(".gw-row--chosen")).to_have_attribute("data-case", view.case.id)
    quiet(seat)


def test_pictures_words_and_figures_are_of_one_episode(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-2", zone="again", pictures=2).case.id
    house.office.leaves("cam-2", "again", m.EndReason.INTERRUPTED)
    assert house.office.see("cam-2", zone="again", label="goods").case.id == case
    seat = open_seat(house)
    title, position = seat.page.locator(".gw-evidence__head .gw-muted").first, seat.page.locator(".gw-stays__position")
    kinds = seat.page.locator(".gw-picture__kind")
    expect(position).to_have_text("第 2 / 2 次出现")
    expect(title).to_contain_text("占道货物")
    expect(kinds).to_have_text(["达到时长"])
    seat.page.keyboard.press("[")
    expect(position).to_have_text("第 1 / 2 次出现")
    expect(title).to_contain_text("摊位")
    expect(kinds).to_have_text(["达到时长", "首次出现", "最后画面"])
    expect(seat.page.locator(".gw-stays__step").first).to_be_disabled()
    house.office.leaves("cam-2", "again", m.EndReason.LEFT)
    seat.page.locator(".gw-stays__step:not(.gw-clip)").last.click()
    expect(kinds).to_have_text(["达到时长", "离开之后"])
    quiet(seat)


def test_the_language_switches_and_stays(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house)
    expect(seat.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(seat.page.locator(".gw-queue .gw-panel__title")).to_have_text("机器线索")
    seat.page.click("text=English")
    seat.wait_for_figures()
    expect(seat.page.locator("html")).to_have_attribute("lang", "en-US")
    expect(seat.page.locator(".gw-queue .gw-panel__title")).to_have_text("Candidates")
    seat.page.reload()
    seat.wait_for_figures()
    expect(seat.page.locator(".gw-queue .gw-panel__title")).to_have_text("Candidates")
    tabs = seat.page.locator(".gw-tab")
    tabs.evaluate_all("tabs => tabs.forEach(tab => { tab.querySelector('.gw-count').textContent = '50+' })")
    for width in (1280, 1024):
        seat.page.set_viewport_size({"width": width, "height": 800})
        assert len(set(tabs.evaluate_all("tabs => tabs.map(tab => tab.getBoundingClientRect().top)"))) == 1, width
    seat.page.goto(f"{house.url}/ui/?lang=zh-CN")
    expect(seat.page.locator(".gw-queue .gw-panel__title")).to_have_text("机器线索")
    quiet(seat)


def test_help_lists_the_keys(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house)
    seat.page.keyboard.press("?")
    expect(seat.page.locator(".gw-keys")).to_be_visible()
    seat.page.keyboard.press("Escape")
    expect(seat.page.locator(".gw-keys")).to_be_hidden()
    quiet(seat)


def test_keys_of_an_input_method_are_left_alone(house: House, open_seat: OpenSeat) -> None:
    case = house.office.see("cam-1", zone="composing").case.id
    seat = open_seat(house)
    expect(seat.page.locator('.gw-button[data-key="A"]')).to_be_enabled()
    press = "options => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', code: 'KeyA', ...options}))"
    for options in ({"isComposing": True}, {"ctrlKey": True}, {"altKey": True}, {"metaKey": True}, {"repeat": True}):
        seat.page.evaluate(press, options)
    seat.page.wait_for_timeout(500)
    assert status_of(house, case) is CaseStatus.CANDIDATE
    quiet(seat)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (820, 1180), (390, 844)], ids=str)
def test_nothing_leaves_the_screen(house: House, open_seat: OpenSeat, size: tuple[int, int]) -> None:
    for number in range(12):
        house.office.see(f"cam-{number % 4 + 1}", zone=f"size-{number}", pictures=number % 3 + 1)
    seat = open_seat(house, size=size)
    expect(seat.page.locator(".gw-row")).to_have_count(12)
    expect(seat.page.locator(".gw-picture__image").first).to_be_visible()
    wide = seat.page.evaluate(
        "[...document.querySelectorAll('.gw-app *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.className)"
    )
    assert wide == []
    frames = seat.page.locator(".gw-picture__frame").evaluate_all(
        "frames => frames.map(frame => frame.clientWidth / frame.clientHeight)"
    )
    assert frames == pytest.approx([16 / 9] * len(frames), rel=0.01)
    scrolls = "[document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight]"
    assert seat.page.evaluate(scrolls) == [False, size[0] < 1024]
    expect(seat.page.locator('.gw-button[data-key="A"]')).to_be_visible()
    quiet(seat)


def test_a_lost_server_greys_the_page_and_its_return_is_noticed(
    tmp_path: Path, start_process: Processes, open_seat: OpenSeat
) -> None:
    with serving(tmp_path / "data", start_process) as house:
        view = house.office.see()
        seat = open_seat(house)
        expect(seat.page.locator(".gw-row")).to_have_count(1)
        house.server.kill()
        expect(seat.page.locator("body")).to_have_class(re.compile("gw-stale"), timeout=20_000)
        expect(seat.page.locator(".gw-asof")).to_contain_text("数据截至")
        port = int(house.url.rpartition(":")[2])
        start_server(house.office.settings.data_dir, port, start_process)
        expect(seat.page.locator("body.gw-stale")).to_have_count(0, timeout=40_000)
        expect(seat.page.locator(f'.gw-row[data-case="{view.case.id}"]')).to_be_visible()


def test_a_stop_with_open_pages_is_quick(tmp_path: Path, start_process: Processes, open_seat: OpenSeat) -> None:
    with serving(tmp_path / "data", start_process) as house:
        open_seat(house)
        house.server.signal(SIGTERM)
        house.server.wait(within_s=10)
        assert "Traceback" not in house.server.err
