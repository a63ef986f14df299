"""The demo as a newcomer meets it: it shows the whole chain, ends without a trace, and its check cannot be fooled."""

import json
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from protocol.texts import Language
from provisioning.demo.check.run import Prove, run_check
from provisioning.demo.plan import Wishes
from provisioning.demo.stage import Stage
from provisioning.demo.words import teller
from tests.support.processes import Process, Processes
from tests.support.until import until

pytestmark = pytest.mark.slow

CHECK_S = 240.0
START_S = 120.0
STOP_S = 60.0


def demo(start_process: Processes, tmp_path: Path, *words: str) -> Process:
    """Start `gridwarden demo` with `tmp_path` as the folder of temporary files."""
    command = (sys.executable, "-m", "provisioning.main", "demo", "--lang", "en", *words)
    return start_process(*command, name="demo", env={"TMPDIR": str(tmp_path)})


def assert_left_no_trace(process: Process, tmp_path: Path) -> None:
    until(lambda: not process.survivors(), what=lambda: f"no process left: {process.survivors()}\n{process.report()}")
    assert "Traceback" not in process.out + process.err
    assert list(tmp_path.glob("gridwarden-demo-*")) == []


def test_the_check_passes_without_mosquitto_and_its_last_line_says_so(start_process: Processes, tmp_path: Path) -> None:
    process = demo(start_process, tmp_path, "--check", "--broker", "amqtt")
    code = process.wait(CHECK_S + STOP_S)
    figures = json.loads(process.out.splitlines()[-1])
    assert (code, figures["ok"], figures["failures"]) == (0, True, []), process.report(20_000)
    assert figures["cameras_online"] >= 4
    assert figures["events"] >= 20
    assert figures["cases"] >= 1
    assert figures["evidence_verified"] == figures["evidence"] > 0
    assert (figures["lost"], figures["duplicates"], figures["box_offline_alerts"]) == (0, 0, 1)
    assert figures["offline_alert_s"] <= 15
    assert figures["camera_word"] in {"still_there", "clear", "gone_before", "cannot_tell"}
    assert figures["camera_pictures"] >= 1
    assert all(isinstance(figures[name], float) for name in ("recovered_s", "notified_s", "started_s"))
    assert_left_no_trace(process, tmp_path)


def test_the_check_fails_when_anything_was_tampered_with(tmp_path: Path) -> None:
    seen: dict[str, list[str]] = {}

    def tamper(stage: Stage, prove: Prove) -> None:
        sound = prove()
        assert sound.ok, sound.failures
        for sabotage in (event_deleted, case_doubled, byte_flipped):
            with sabotage(stage.plan.central_folder / "data"):
                verdict = prove()
            seen[sabotage.__name__] = [failure.name for failure in verdict.failures]
            assert verdict.figures["ok"] is False

    lines: list[str] = []
    verdict = run_check(Wishes(tmp_path / "demo"), teller(Language.ENGLISH, lines.append), before_proof=tamper)
    assert verdict.ok, "\n".join(lines)
    assert "lost" in seen["event_deleted"]
    assert seen["case_doubled"] == ["duplicates"]
    assert seen["byte_flipped"][0] in {"evidence_corrupt", "evidence_missing"}


def test_ctrl_c_ends_a_shown_demo_without_a_trace(start_process: Processes, tmp_path: Path) -> None:
    process = demo(start_process, tmp_path)
    said = process.wait_for("Candidate E", START_S)
    for expected in ("/ui/", "/api/v1/docs", "Sign-in token gw_", "online", "latest-case.jpg"):
        assert expected in said
    picture = next(tmp_path.glob("gridwarden-demo-*/latest-case.jpg"))
    assert picture.read_bytes().startswith(b"\xff\xd8")
    process.interrupt()
    process.interrupt()
    assert process.wait(STOP_S) == 0
    assert_left_no_trace(process, tmp_path)


def test_sigterm_ends_a_starting_check(start_process: Processes, tmp_path: Path) -> None:
    process = demo(start_process, tmp_path, "--check")
    process.wait_for("Central runs", START_S)
    process.signal(signal.SIGTERM)
    assert process.wait(STOP_S) == 1
    assert json.loads(process.out.splitlines()[-1])["failures"][0] == "interrupted"
    assert_left_no_trace(process, tmp_path)


def test_children_end_with_a_demo_that_is_killed(start_process: Processes, tmp_path: Path) -> None:
    process = demo(start_process, tmp_path)
    process.wait_for("Edge agents run", START_S)
    process.kill()
    until(lambda: not process.survivors(), within_s=STOP_S, what=lambda: f"all ended: {process.survivors()}")


def test_a_taken_port_and_a_used_folder_are_the_users_mistakes(start_process: Processes, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = demo(start_process, tmp_path, "--port", str(taken.getsockname()[1]))
        assert (process.wait(), "cannot be used" in process.err) == (2, True)
    (tmp_path / "used").write_text("")
    process = demo(start_process, tmp_path, "--dir", str(tmp_path))
    assert (process.wait(), "is not empty" in process.err) == (2, True)
    assert (tmp_path / "used").exists()


@contextmanager
def event_deleted(data: Path) -> Iterator[None]:
    """Take away the oldest row of `events`."""
    with closing(sqlite3.connect(data / "central.db", timeout=10)) as database:
        rows = database.execute("SELECT * FROM events ORDER BY rowid LIMIT 1").fetchall()
        identity = database.execute("SELECT id FROM events ORDER BY rowid LIMIT 1").fetchone()
        database.execute("DELETE FROM events WHERE id = ?", identity)
        database.commit()
        yield
        database.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(rows[0]))})", rows[0])  # noqa: S608 - marks
        database.commit()


@contextmanager
def case_doubled(data: Path) -> Iterator[None]:
    """Copy a row of `cases`, with what must differ made different."""
    with closing(sqlite3.connect(data / "central.db", timeout=10)) as database:
        database.row_factory = sqlite3.Row
        case = dict(database.execute("SELECT * FROM cases WHERE source = 'detector' LIMIT 1").fetchone())
        case |= {"id": f"{case['id']}-copy", "number": f"{case['number']}-copy", "opened_by_event": None}
        case.pop("position")
        names = ", ".join(f'"{name}"' for name in case)
        marks = ", ".join("?" * len(case))
        database.execute(f"INSERT INTO cases ({names}) VALUES ({marks})", list(case.values()))  # noqa: S608 - marks
        database.commit()
        yield
        database.execute("DELETE FROM cases WHERE id = ?", (case["id"],))
        database.commit()


@contextmanager
def byte_flipped(data: Path) -> Iterator[None]:
    """Change one byte in the middle of a stored picture."""
    picture = max((path for path in data.glob("evidence/**/*") if path.is_file()), key=lambda path: path.stat().st_size)
    sound = picture.read_bytes()
    middle = len(sound) // 2
    picture.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])
    yield
    picture.write_bytes(sound)
