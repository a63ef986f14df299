"""The demo's terminal names cameras, cases, alerts and notices, in both languages and in both forms."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from protocol.texts import Language
from provisioning.demo.central_api import Item
from provisioning.demo.plan import Ports, Wishes, plan_demo
from provisioning.demo.receiver import NoticeReceiver
from provisioning.demo.screen import View, Watcher, _lines, _screen
from provisioning.demo.stage import Stage

CAMERA: Item = {
    "id": "box-1.cam-1",
    "name": "东侧",
    "place": "人民路",
    "state": "online",
    "reason": None,
    "fps": 9.96,
}
DEAD: Item = {**CAMERA, "id": "box-1.cam-2", "state": "offline", "reason": "refused", "fps": None}
CASE: Item = {"number": "E7", "label": "stall", "scene": "mobile_vendor", "place": "人民路", "camera": "box-1.cam-1"}
ALERT: Item = {"subject": "box-1.cam-2", "reason": "refused"}


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    receiver = NoticeReceiver()
    plan = plan_demo(Wishes(tmp_path, checked=False), Ports(1, 2, 3, (4, 5, 6, 7)))
    made = Watcher(Stage(plan, receiver, {}, 0.0, 0.0))
    made.view = View([CAMERA, DEAD], [ALERT], 3, 2, CASE, 17, 1, "摄像机离线")
    yield made
    receiver.close()


def drawn(watcher: Watcher, language: Language) -> str:
    console = Console(width=160, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(_screen(watcher, language))
    return captured.get()


def test_the_screen_in_english(watcher: Watcher, tmp_path: Path) -> None:
    text = drawn(watcher, Language.ENGLISH)
    for expected in (
        "box-1.cam-1",
        "online",
        "10.0",
        "offline (connection refused)",
        "17 events   3 cases (2 candidates)   1 notices",
        f"Candidate E7: 人民路, mobile vendor, picture {tmp_path / 'latest-case.jpg'}",
        "Alert box-1.cam-2: connection refused",
        "Ctrl-C",
    ):
        assert expected in text


def test_the_screen_in_chinese(watcher: Watcher) -> None:
    text = drawn(watcher, Language.CHINESE)
    for expected in (
        "在线",
        "离线 (拒绝连接)",
        "事件 17   案件 3（候选 2）",
        "线索 E7：人民路，流动摊贩",
        "告警 box-1.cam-2：拒绝连接",
    ):
        assert expected in text


def test_lines_where_there_is_no_terminal(watcher: Watcher) -> None:
    lines = _lines(watcher, Language.ENGLISH)
    assert lines[:2] == [
        "Camera box-1.cam-1 (人民路): online",
        "Camera box-1.cam-2 (人民路): offline (connection refused)",
    ]
    assert lines[-1] == "Notice: 摄像机离线"


def test_a_state_or_reason_of_a_later_release_is_shown_as_it_is(watcher: Watcher) -> None:
    watcher.view.cameras = [{**CAMERA, "state": "asleep", "reason": "holiday"}]
    watcher.view.alerts = [{**ALERT, "reason": "holiday"}]
    lines = _lines(watcher, Language.ENGLISH)
    assert lines[0].endswith(": asleep")
    assert "Alert box-1.cam-2: holiday" in lines
