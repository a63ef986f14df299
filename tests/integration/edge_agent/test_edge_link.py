"""The real agent with scripted scenes against a real Mosquitto and a scripted central."""

import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from protocol.messages import CommandStatus, GapReason
from tests.support.edge_box import EdgeBox
from tests.support.mosquitto import Mosquitto
from tests.support.processes import Process, Processes
from tests.support.scripted_central import EvidenceServer, ScriptedCentral
from tests.support.until import until

Started = Callable[[], ScriptedCentral]


@pytest.fixture
def box(tmp_path: Path, start_process: Processes, mosquitto: Mosquitto) -> EdgeBox:
    return EdgeBox(tmp_path / "box", start_process, mosquitto.port)


def journal(box: EdgeBox) -> list[tuple[int, str]]:
    return read(box, "SELECT seq, id FROM journal ORDER BY seq")


def depth(box: EdgeBox) -> int:
    return int(read(box, "SELECT COUNT(*) FROM outbox")[0][0]) if journal(box) else -1


def read(box: EdgeBox, statement: str) -> list[tuple[int, str]]:
    """Look into the outbox from outside; nothing while the agent has not made it."""
    if not (box.data_dir / "outbox.db").exists():
        return []
    with closing(sqlite3.connect(box.data_dir / "outbox.db")) as reader:
        try:
            return reader.execute(statement).fetchall()
        except sqlite3.OperationalError:
            return []


def wait_for_count(central: ScriptedCentral, count: int, agent: Process, within_s: float = 40.0) -> None:
    until(
        lambda: len(central.seqs()) >= count,
        within_s=within_s,
        what=lambda: f"{count} reports; {len(central.seqs())} came\n{agent.report()}",
    )


def test_everything_arrives_and_is_deleted_when_central_has_it(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        agent = box.start_script(100, 200)
        wait_for_count(central, 100, agent)
        until(lambda: depth(box) == 0, what="an empty outbox")
        assert central.seqs() == list(range(1, 101))
        assert [birth.boot for birth in central.received.births] == [1]
        until(lambda: central.received.heartbeats, what="a heartbeat")
        assert agent.stop() == 0
        assert central.received.states == ["online", "stopping"]


def test_a_kill_loses_nothing_that_was_written_and_the_script_goes_on(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        for goal in (30, 90, 150):
            agent = box.start_script(200, 80)
            wait_for_count(central, goal, agent)
            agent.kill()
        agent = box.start_script(200, 80)
        until(lambda: len(journal(box)) >= 200 and depth(box) == 0, within_s=40, what=agent.report)
        ids = {message.id for message in central.scenes()}
        assert {identity for _, identity in journal(box)} <= ids | {m.id for m in central.gaps()}
        assert len(ids) == len(central.scenes())
        assert central.received.births[-1].boot == 4


def test_a_command_that_cannot_be_read_is_refused_at_once(box: EdgeBox, mosquitto: Mosquitto) -> None:
    unread = str(uuid.uuid4())
    with ScriptedCentral(mosquitto.port) as central:
        agent = box.start_script(1, 200)
        wait_for_count(central, 1, agent)
        central.command_text("no-id", b"{}")
        central.command_text(unread, b'{"type": "gw.command", "data": {"name": "dance"}}')
        until(lambda: central.received.results, what="a refusal")
        assert [(one.data.command, one.data.status) for one in central.received.results] == [
            (unread, CommandStatus.FAILED)
        ]
        assert agent.stop() == 0


def test_backlog_waits_for_central_and_then_goes(box: EdgeBox, mosquitto: Mosquitto) -> None:
    agent = box.start_script(300, 1000)
    until(lambda: len(journal(box)) == 300, what="300 reports on disk")
    agent.kill()
    with ScriptedCentral(mosquitto.port, online=False) as central:
        agent = box.start_script(300, 1000)
        until(lambda: central.received.births, what=agent.report)
        with pytest.raises(AssertionError):
            until(lambda: central.received.deliveries, within_s=2, what="a report")
        central.say_online(online=True)
        wait_for_count(central, 300, agent, within_s=20)


def test_a_silent_central_gets_everything_again(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        central.acknowledging = False
        agent = box.start_script(20, 1000)
        wait_for_count(central, 20, agent)
        until(lambda: central.received.deliveries >= 40, within_s=25, what="every report twice")
        central.acknowledging = True
        central.acknowledge()
        until(lambda: depth(box) == 0, what="an empty outbox")


def test_a_broker_that_dies_and_forgets_loses_nothing(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        agent = box.start_script(200, 40)
        wait_for_count(central, 40, agent)
        mosquitto.process.kill()
        mosquitto.start()
        wait_for_count(central, 100, agent, within_s=60)
        central.say_online(online=True)
        until(lambda: len(central.seqs()) == 200, within_s=60, what=agent.report)


@pytest.mark.slow
def test_a_report_that_central_never_takes_becomes_a_gap(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        central.refused = {3}
        agent = box.start_script(400, 3, 1, "--refused-resends", "1")
        gap = until(central.gaps, within_s=40, what=agent.report)[0]
        assert (gap.data.first, gap.data.last, gap.data.reason) == (3, 3, GapReason.REFUSED_BY_CENTRAL)


def test_pictures_follow_their_reports(tmp_path: Path, start_process: Processes, mosquitto: Mosquitto) -> None:
    with EvidenceServer() as server, ScriptedCentral(mosquitto.port) as central:
        server.status = 503
        box = EdgeBox(tmp_path / "box", start_process, mosquitto.port, server.url)
        agent = box.start_script(10, 100, 1, "--pictures")
        wait_for_count(central, 10, agent)
        until(lambda: server.requests, what="an attempt")
        server.status = None
        wanted = {ref.sha256 for message in central.scenes() for ref in message.data.evidence}
        assert len(wanted) == 5
        until(lambda: wanted <= set(server.stored), within_s=30, what=agent.report)
        sha256 = next(iter(wanted))
        del server.stored[sha256]

        def stored_again() -> bool:
            # A wish that overtakes the answer to the upload is settled by that answer: ask until it is met.
            central.acknowledge(wanted=(sha256,))
            return sha256 in server.stored

        until(stored_again, what="the picture that central asked for again")


def test_nobody_else_may_read_what_the_agent_keeps(box: EdgeBox, mosquitto: Mosquitto) -> None:
    box.data_dir.mkdir(mode=0o755)
    with ScriptedCentral(mosquitto.port) as central:
        agent = box.start_script(4, 100, 1, "--pictures")
        wait_for_count(central, 4, agent)
        found = {path.relative_to(box.data_dir).as_posix(): path.stat().st_mode for path in box.data_dir.rglob("*")}
    assert {"outbox.db", "outbox.db-wal", "agent.lock", "evidence", "ballast"} <= set(found)
    assert any(name.startswith("evidence/") for name in found)
    assert not {name: oct(mode) for name, mode in found.items() if mode & 0o077}


def test_two_agents_do_not_share_a_folder(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        first = box.start_script(2, 100)
        wait_for_count(central, 2, first)
        second = box.start_script(2, 100)
        assert second.wait() == 2
        assert f"another agent (process {first.pid})" in second.err
        assert first.running()


def test_two_agents_with_one_box_id_are_told_so(tmp_path: Path, start_process: Processes, mosquitto: Mosquitto) -> None:
    agents = [
        EdgeBox(tmp_path / name, start_process, mosquitto.port).start_script(1, 1, seed)
        for seed, name in enumerate(("first", "second"))
    ]
    advice = "the broker keeps closing this connection: is another agent running with box id b1?"
    until(lambda: any(advice in agent.err for agent in agents), within_s=60, what=agents[0].report)
    assert all(agent.running() for agent in agents)


def test_ctrl_c_ends_without_a_word_too_many(box: EdgeBox, mosquitto: Mosquitto) -> None:
    with ScriptedCentral(mosquitto.port) as central:
        agent = box.start_script(2, 100)
        wait_for_count(central, 2, agent)
        agent.interrupt()
        assert agent.wait() == 130
        assert "Traceback" not in agent.out + agent.err


def test_without_a_broker_reports_wait_on_disk(tmp_path: Path, start_process: Processes) -> None:
    box = EdgeBox(tmp_path / "box", start_process, 9)
    agent = box.start_script(50, 1000)
    until(lambda: depth(box) == 50, what=agent.report)
    assert agent.stop() == 0
    assert depth(box) == 50


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda box: box.config_path.write_text("site: s1\n"), "edge.yaml"),
        (lambda box: (box.folder / "connection.yaml").unlink(), "gridwarden provision join"),
        (lambda box: (box.folder / "connection.yaml").write_text("secret: hush-hush"), "not a connection file"),
        (lambda box: box.configure(['{id: c, url: "rtsp://h/x"}'], "model: {path: none.onnx}"), "no such model file"),
        (
            lambda box: (
                (box.folder / "m.onnx").touch(),
                box.configure(['{id: c, url: "rtsp://h/x"}'], "model: {path: m.onnx, labels: none.names}"),
            ),
            "no such labels file",
        ),
        (lambda box: box.config_path.write_text(box.config_path.read_text().replace("b1", "b2")), "belongs to site s1"),
    ],
)
def test_a_mistake_ends_before_anything_starts(
    tmp_path: Path, start_process: Processes, spoil: Callable[[EdgeBox], object], expected: str
) -> None:
    box = EdgeBox(tmp_path / "box", start_process, 9)
    spoil(box)
    agent = box.start()
    assert agent.wait() == 2
    assert expected in agent.err
    assert "Traceback" not in agent.err
    assert "hush-hush" not in agent.err
    assert not box.data_dir.exists()


def test_a_file_that_is_no_model_ends_with_a_sentence(tmp_path: Path, start_process: Processes) -> None:
    box = EdgeBox(tmp_path / "box", start_process, 9)
    (box.folder / "model.onnx").write_bytes(b"not a model")
    box.configure(['{id: c, url: "rtsp://h/x"}'], "model: {path: model.onnx}")
    agent = box.start()
    assert agent.wait(20) == 2
    assert "model.onnx" in agent.err
    assert "Traceback" not in agent.err
    until(lambda: not agent.survivors(), what="the end of all processes")
