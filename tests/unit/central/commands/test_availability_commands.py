"""Device figures on the command line: periods, tables that are read in, and a probe from outside with its file."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from central.cli import app
from central.cli.figures.availability import system_text
from central.cli.figures.watchdog import LINE_BYTES, read_runs, watch
from central.core.availability.spans import Span
from central.core.availability.witnesses import SystemTime
from central.core.clock import Clock
from central.services.figures.availability import SystemReport
from central.services.figures.witnesses import Ticker
from protocol.messages import CameraState
from protocol.texts import Language
from tests.support.central_stores import Central, sqlite_stores
from tests.support.sources import REPOSITORY
from tests.support.speaking_box import SpeakingBox, later

EXAMPLE = REPOSITORY / "docs" / "examples" / "maintenance.csv"
DAY = ("--from", "2026-03-02", "--to", "2026-03-03")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "central.yaml"
    file.write_text(f"data_dir: {tmp_path}\n")
    return file


ENGLISH = "en_GB.UTF-8"


def told(config: Path, *words: str, language: str = "zh_CN.UTF-8") -> tuple[int, str, str]:
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, [*words, "--config", str(config)])
    return ended.exit_code, ended.stdout, ended.stderr


def table(config: Path, text: str) -> str:
    file = config.with_name("table.csv")
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.fixture
def known(config: Path) -> Path:
    """Return the settings of a central whose camera was dark for half an hour and then not heard any more."""
    with sqlite_stores(config.parent) as stores:
        central, box = Central(stores), SpeakingBox()
        central.register(box)
        central.receive(box.birth(0), box.heartbeat(1, box.status(CameraState.ONLINE, 0)), at_s=1)
        dark = box.camera(CameraState.OFFLINE, 1800, previous=CameraState.ONLINE)
        central.receive(dark, box.camera(CameraState.ONLINE, 3600, previous=CameraState.OFFLINE), at_s=3601)
        central.receive(box.heartbeat(7200, box.status(CameraState.ONLINE, 3600)), at_s=7200)
    return config


def test_the_online_rate_of_a_day(known: Path) -> None:
    code, said, _ = told(known, "online-rate", *DAY, "--json")
    found = json.loads(said)
    assert (code, found["from"], found["cameras"]) == (0, "2026-03-02T00:00:00+08:00", 1)
    assert found["required"] == {"online_s": 5400, "degraded_s": 0, "offline_s": 1800, "unknown_s": 15 * 3600 - 7200}
    assert found["online_rate"]["lower"] == pytest.approx(5400 / 54_000)
    assert found["online_rate"]["upper"] == pytest.approx(0.75)
    assert (found["met"], found["reason"], found["now"]["spare"]) == (False, None, -1)
    assert found["now"] == {"good": 0, "unknown": 1, "total": 1, "spare": -1}
    lines = told(known, "online-rate", *DAY)[1].splitlines()
    assert lines[0] == "在线率：10.00%（未知计为离线）- 75.00%（未知不计）；最高可能 96.67%"
    assert lines[2] == "在线率目标 95.00%：未达到"
    assert (lines[3].startswith("1 台摄像机"), found["intact_target"], found["intact_met"]) == (True, None, None)
    empty = told(known, "online-rate", "--from", "2026-02-01", "--to", "2026-02-02", language=ENGLISH)[1]
    assert empty.startswith("no online rate: no camera had to be online")
    early = json.loads(told(known, "online-rate", *DAY, "--json", "--known-at", "2026-03-02T09:20+08:00")[1])
    assert early["required"]["offline_s"] == 0


def test_targets_that_were_said_stand_beside_their_figures(known: Path) -> None:
    words = ("--owner", "局长", "--since", "2026-03-01", "--reason", "方案")
    for name, value in (
        ("camera_intact_rate", "5%"),
        ("camera_online_rate", "97%"),
        ("platform_availability", "99.9%"),
    ):
        assert told(known, "targets", "set", name, value, *words)[0] == 0
    lines = told(known, "online-rate", *DAY)[1].splitlines()
    assert lines[2:4] == ["在线率目标 97.00%：未达到", "完好率目标 5.00%：达到"]
    found = json.loads(told(known, "availability", *DAY, "--json")[1])
    assert (found["target"], found["met"], found["worst"]["lower"], found["counted_from"]) == (0.999, None, None, None)
    assert "没有任何见证" in found["reason"]
    silent = "worst witness: no availability: by the end of this period no witness "
    assert told(known, "availability", *DAY, language=ENGLISH)[1].startswith(silent)
    with sqlite_stores(known.parent) as stores:
        ticker = Ticker(stores, "a")
        for at in (0, 15, 30):
            ticker.tick(later(at), float(at))
    lines = told(known, "availability", *DAY)[1].splitlines()
    assert "可用率目标 99.90%：未达到" in lines
    assert lines[-1] == "自首个见证的首次记录起计：2026-03-02T09:00:00+08:00"


def test_failures_by_vendor(known: Path) -> None:
    assert told(known, "import-makers", table(known, "设备,型号,厂商\nb1.cam-1,T1,甲\n"))[0] == 0
    code, said, _ = told(known, "reliability", *DAY, "--by", "vendor", "--json")
    assert (code, json.loads(said)["甲"]["mttr_min"]) == (0, 30)
    assert told(known, "reliability", *DAY)[1] == "b1.cam-1：故障 1 次，MTBF 1.50 小时，MTTR 30.0 分钟\n"
    assert told(known, "reliability", *DAY, "--by", "box", language=ENGLISH)[1].startswith(
        "b1: failures: 0, MTBF > 2.00 h, MTTR no figure"
    )


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (("--from", "2026-03-03", "--to", "2026-03-02"), "the period ends before it begins", "终点早于起点"),
        (
            ("--from", "yesterday", "--to", "2026-03-02"),
            "'yesterday' is neither a day such as",
            "“yesterday”既不是日期",
        ),
        (("--from", "2026-03-01T08:00", "--to", "2026-03-02"), "'2026-03-01T08:00' has no zone", "没有时区"),
        (("--from", "2020-01-01", "--to", "2026-03-02"), "400 days at most", "最长 400 天"),
    ],
)
def test_what_is_no_period_is_told_as_by_every_figure(
    known: Path, words: tuple[str, ...], english: str, chinese: str
) -> None:
    for command in (("online-rate",), ("availability",), ("reliability",), ("kpi", "camera_online_rate")):
        if command[0] == "kpi" and "400" in english:
            continue
        for language, says in ((ENGLISH, english), ("zh_CN.UTF-8", chinese)):
            spoken = ("--lang", "en" if language == ENGLISH else "zh-CN") if command[0] == "kpi" else ()
            code, _, error = told(known, *command, *words, *spoken, language=language)
            assert (code, says in error, "Traceback" in error) == (2, True, False), error


@pytest.mark.parametrize(
    ("command", "chinese"), [("online-rate", "在线率："), ("availability", "最差见证："), ("reliability", "故障 1 次")]
)
def test_the_language_is_chosen(known: Path, command: str, chinese: str) -> None:
    code, said, _ = told(known, command, *DAY, "--lang", "zh-CN", language=ENGLISH)
    assert (code, chinese in said) == (0, True), said
    refused = told(known, command, "--from", "x", "--to", "2026-03-02", "--lang", "zh-CN", language=ENGLISH)[2]
    assert "“x”既不是日期" in refused


def test_maintenance_is_imported_listed_and_cancelled(known: Path) -> None:
    for _ in range(2):
        assert told(known, "maintenance", "import", str(EXAMPLE))[:2] == (0, f"{EXAMPLE} 中的 3 个检修窗口\n")
    listed = [line.split("\t") for line in told(known, "maintenance", "list")[1].splitlines()]
    assert [(one[1], one[2], one[3]) for one in listed] == [
        ("平台", "-", "2026-11-15T02:00:00+08:00"),
        ("摄像机", "b2.cam-3", "2026-11-09T00:00:00+08:00"),
        ("盒子", "b1", "2026-11-08T09:00:00+08:00"),
    ]
    assert told(known, "maintenance", "cancel", listed[0][0])[0] == 0
    assert told(known, "maintenance", "list")[1].splitlines()[0].endswith("\t已取消")
    english = told(known, "maintenance", "list", "--lang", "en")[1].splitlines()[0].split("\t")
    assert (english[1], english[-1]) == ("platform", "cancelled")
    assert "there is no window 'x'" in told(known, "maintenance", "cancel", "x", language=ENGLISH)[2]
    assert "没有检修窗口“x”" in told(known, "maintenance", "cancel", "x")[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("范围,对象\n", "the first row names the columns: 范围, 对象, 开始, 结束, 原因"),
        ("范围,对象,开始,结束,原因\n街道,x,2026-11-08,2026-11-09,x\n", "row 2, 范围: '街道' is none of 平台"),
        ("范围,对象,开始,结束,原因\n盒子,b1,昨天,2026-11-09,x\n", "row 2, 开始: '昨天' is neither a day"),
        ("范围,对象,开始,结束,原因\n\n盒子,b1,2026-11-09,2026-11-08,x\n", "row 3: a window ends after it starts"),
    ],
)
def test_a_table_with_a_fault_is_not_imported(known: Path, text: str, says: str) -> None:
    code, _, error = told(known, "maintenance", "import", table(known, text), language=ENGLISH)
    assert (code, says in error) == (2, True), error
    assert "行" in told(known, "maintenance", "import", table(known, text))[2]
    assert told(known, "maintenance", "list")[1] == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [("设备,厂商,型号\n,甲,T\n", "row 2: name both"), ("设备,厂商,型号\nc,甲,T\nc,乙,T\n", "row 3: 'c' stands")],
)
def test_makers_with_a_fault_are_not_imported(known: Path, text: str, says: str) -> None:
    code, _, error = told(known, "import-makers", table(known, text), language=ENGLISH)
    assert (code, says in error) == (2, True)


class Door(BaseHTTPRequestHandler):
    """A health page that says yes, no, then nonsense, and yes for good."""

    answers: Iterator[tuple[int, bytes]]

    def do_GET(self) -> None:
        """Answer the next."""
        status, body = next(self.answers, (200, b"{}"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own name
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[str]:
    Door.answers = iter([(200, b"{}"), (200, b"{}"), (503, b"{}"), (200, b"<html>"), (200, b"{}")])
    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def hasty() -> Clock:
    """A clock on which nothing needs to be waited for: it goes 15 s with each look at it."""
    mono_s = count(0, 15)
    last = [0]

    def mono() -> float:
        last[0] = next(mono_s)
        return float(last[0])

    return Clock(now=lambda: later(last[0] + 15), mono_s=mono)


def test_a_probe_keeps_its_series(door: str, known: Path, tmp_path: Path) -> None:
    file = tmp_path / "probe.jsonl"
    watch(door, file, "gate", 6, hasty())
    runs = read_runs(file, later(1000))
    assert [(run.is_up, run.looks) for run in runs] == [(True, 2), (False, 2), (True, 2)]
    assert file.stat().st_size == 3 * LINE_BYTES
    with file.open("ab") as end:
        end.write(b'{"witness": "probe:ga')
    assert read_runs(file, later(1000)) == runs
    watch(door, file, "gate", 1, hasty())
    assert len(read_runs(file, later(1000))) == 4
    for _ in range(2):
        assert told(known, "import-watchdog", str(file))[:2] == (0, f"{file} 中的 4 段记录\n")
    found = json.loads(told(known, "availability", *DAY, "--json")[1])
    assert found["witnesses"]["probe:gate"]["falls"] == 1
    assert found["worst"]["mttr_min"] == pytest.approx((runs[2].started_at - runs[0].ended_at).total_seconds() / 60)
    lines = told(known, "availability", *DAY, language=ENGLISH)[1].splitlines()
    assert lines[0].startswith("worst witness: available ")
    assert " MTBF " in lines[0]


def test_nobody_there_is_down(tmp_path: Path) -> None:
    file = tmp_path / "probe.jsonl"
    watch("http://127.0.0.1:9", file, "gate", 1, hasty())
    assert [run.is_up for run in read_runs(file, later(1000))] == [False]


def test_a_file_that_is_no_series(door: str, tmp_path: Path) -> None:
    file = tmp_path / "probe.jsonl"
    watch(door, file, "gate", 1, hasty())
    with pytest.raises(ValueError, match="line 1: it lies in the future"):
        read_runs(file, later(0) - timedelta(hours=1))
    file.write_text('{"witness": "central"}\n')
    with pytest.raises(ValueError, match="line 1: witness"):
        read_runs(file, later(0))
    with pytest.raises(ValueError, match="there is no such file"):
        read_runs(tmp_path / "none", later(0))


def test_witnesses_are_named_and_durations_written_as_in_every_figure() -> None:
    fallen = SystemTime(78, 60, 0, 1)
    witnesses = {"boxes": fallen, "central": SystemTime(0, 0, 9, 0)}
    report = SystemReport(Span(later(0), later(138)), fallen, witnesses, counted_from=later(0))
    assert system_text(report, "Asia/Shanghai", Language.CHINESE, as_json=False).splitlines() == [
        "最差见证：可用率 56.52%（未知计为停）- 56.52%（未知不计），MTBF 1.3 分钟，MTTR 1.0 分钟，停 1 次",
        "边缘盒：可用率 56.52%（未知计为停）- 56.52%（未知不计），MTBF 1.3 分钟，MTTR 1.0 分钟，停 1 次",
        "中心自身：可用率 0.00%（未知计为停）- 无数据（未知不计），MTBF > 0.00 小时，MTTR 无数据，停 0 次",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("maintenance", "import"),
        ("import-makers",),
        ("import-watchdog",),
        ("register", "import", "roster"),
        ("register", "draw"),
        ("grid", "import"),
    ],
)
def test_a_file_that_is_not_there_is_named_once_in_the_chosen_language(known: Path, words: tuple[str, ...]) -> None:
    for lang, says in (("zh-CN", "没有这个文件或文件夹"), ("en", "there is no such file or folder")):
        code, _, error = told(known, *words, "nope.csv", "--lang", lang, language=ENGLISH)
        assert (code, says in error, error.count("nope.csv")) == (2, True, 1), error


def test_zones_without_a_coordinate_system_are_refused_in_the_chosen_language(known: Path) -> None:
    zones = table(known, '{"type": "FeatureCollection", "features": []}')
    assert "没有写坐标系；请用 --crs 指明" in told(known, "register", "draw", zones)[2]


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        (("verify-audit",), "记录完整"),
        (("grid", "list"), "还没有单元网格"),
        (("register", "list", "roster"), "还没有条目"),
    ],
)
def test_what_lists_speaks_the_chosen_language(known: Path, words: tuple[str, ...], chinese: str) -> None:
    code, said, beside = told(known, *words, "--lang", "zh-CN", language=ENGLISH)
    assert (code, chinese in said + beside) == (0, True), said


@pytest.mark.parametrize(
    ("url", "name", "says"), [("central.example", "gate", "is no address"), ("http://127.0.0.1:9", "Gate!", "--name")]
)
def test_what_cannot_be_watched(tmp_path: Path, url: str, name: str, says: str) -> None:
    out = str(tmp_path / "probe.jsonl")
    ended = CliRunner(env={"LC_ALL": ENGLISH}).invoke(
        app, ["watchdog", "--url", url, "--name", name, "--out", out, "--looks", "1"]
    )
    assert (ended.exit_code, says in ended.stderr) == (2, True)
