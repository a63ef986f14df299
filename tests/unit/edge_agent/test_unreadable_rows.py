"""Rows of the agent's file that another release or a dying disk wrote: told in the log, and the box goes on."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge_agent.core.clock import Clock
from edge_agent.core.commands import Obey
from edge_agent.link.commands import CommandDesk
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.evidence import EvidenceShelf, sent_on
from edge_agent.link.outbox import Outbox
from edge_agent.link.recorder import Recorder
from edge_agent.link.store import EdgeStore
from protocol.configuration import OutboxConfig
from protocol.messages import Command, CommandName, CommandResult
from tests.support.scripted_cameras import ScriptedCameras

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = "01900000-0000-7000-8000-000000000001"
CLOCK = Clock(lambda: NOW, lambda: 5.0)


class Box:
    """What stands around the agent's file."""

    def __init__(self, folder: Path) -> None:
        self.store = EdgeStore(folder, "0" * 16)
        self.envelopes = Envelopes("s1", "b1", self.store.boot, CLOCK, 0.0, os.urandom)
        self.outbox = Outbox(self.store, self.envelopes)
        self.shelf = EvidenceShelf(self.store, NOW.date, 1_000_000)

    def write(self, statement: str, *values: object) -> None:
        with self.store.transaction() as connection:
            connection.execute(statement, values)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.mark.parametrize("event", ['{"kind": "of another release"}', "half a lin", b"\x00\xff"])
def test_an_open_episode_that_nobody_can_read_is_dropped_and_the_others_end(box: Box, event: object) -> None:
    recorder = Recorder(box.store, box.outbox, box.envelopes, OutboxConfig(), lambda: None)
    scripted = ScriptedCameras("b1", count=10, per_s=1.0, seed=7)
    recorder.scene(next(one for n in range(10) if (one := scripted.event(n)).phase == "raised"))
    whole = len(box.outbox.open_episodes())
    box.write("INSERT INTO episodes VALUES ('e1', 'c1', ?)", event)
    with capture_logs() as lines:
        assert recorder.interrupt_episodes() == whole == 1
        assert recorder.interrupt_episodes() == 0
    assert [line["event"] for line in lines] == ["episodes_not_read"]


def test_a_result_that_nobody_can_read_is_no_result(box: Box) -> None:
    answers = list[CommandResult]()
    box.write("INSERT INTO commands VALUES (?, 1, '{}')", ID)
    desk = CommandDesk(box.store, box.shelf, frozenset({"c1"}), CLOCK, answers.append)
    command = Command(command=ID, name=CommandName.SNAPSHOT, camera="c1", deadline=NOW + timedelta(seconds=9))
    assert isinstance(desk.take(command), Obey)


def test_a_gap_record_that_nobody_can_read_covers_nothing(box: Box) -> None:
    box.write("INSERT INTO outbox VALUES (1, 'x', '', 1, 1, 2, ?)", b"{}")
    assert box.outbox.gap_ranges() == ()


@pytest.mark.parametrize("value", ["rubbish", "2026-03-01 many", ""])
def test_a_day_that_nobody_can_read_begins_anew(box: Box, value: str) -> None:
    box.write("INSERT INTO meta VALUES ('evidence_day', ?)", value)
    assert sent_on(box.store, NOW.date()) == 0
    box.shelf.spend(7)
    assert sent_on(box.store, NOW.date()) == 7


SPOILT: dict[str, Callable[[Path], object]] = {
    "gone": lambda folder: folder.rmdir(),
    "a file": lambda folder: (folder.rmdir(), folder.write_text("x")),
}


@pytest.mark.parametrize("case", SPOILT)
def test_an_evidence_folder_that_cannot_be_swept_is_told(box: Box, case: str) -> None:
    SPOILT[case](box.shelf.folder)
    with capture_logs() as lines:
        assert box.shelf.sweep_orphans() == 0
    assert [line["event"] for line in lines] == ["evidence_folder_not_swept"]
