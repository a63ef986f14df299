"""The outbox on a real SQLite file; power loss is in the integration tests."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_agent.core.clock import Clock
from edge_agent.core.outbox_policy import Run
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.evidence import Evicted, EvidenceShelf, EvidenceState
from edge_agent.link.outbox import Outbox
from edge_agent.link.recorder import Recorder
from edge_agent.link.store import STORE_FILE, EdgeStore, StoreHeld
from protocol.codec import decode
from protocol.configuration import OutboxConfig
from protocol.messages import (
    CameraState,
    CameraTransition,
    EndReason,
    EvidenceKind,
    GapMessage,
    GapReason,
    SceneEvent,
    SceneMessage,
)
from tests.support.scripted_cameras import ScriptedCameras

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TODAY = NOW.date()
EPOCH = "0123456789abcdef"
SCRIPT = ScriptedCameras("b1", count=10_000, per_s=1e9, seed=7)


def event(index: int, severity: int = 3) -> SceneEvent:
    return SCRIPT.event(index).model_copy(update={"severity": severity})


@dataclass
class Box:
    """An outbox and what stands around it; `fresh` opens the same file again."""

    folder: Path
    limits: OutboxConfig
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.fresh()

    def fresh(self) -> None:
        self.store = EdgeStore(self.folder, EPOCH)
        clock = Clock(lambda: self.now, lambda: 5.0)
        self.envelopes = Envelopes("s1", "b1", self.store.boot, clock, 0.0, os.urandom)
        self.outbox = Outbox(self.store, self.envelopes)
        self.recorder = Recorder(self.store, self.outbox, self.envelopes, self.limits, lambda: None)

    def messages(self) -> list[SceneMessage | GapMessage]:
        return [decode(row.payload) for row in self.outbox.rows(0, 2**31 - 1, 100_000)]  # type: ignore[misc]

    def limit_pages(self, pages: int) -> None:
        self.store._connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "data", OutboxConfig())


def test_reports_get_numbers_and_carry_them(box: Box) -> None:
    for index in range(3):
        assert box.recorder.scene(event(index))
    found = box.messages()
    assert [(m.epoch, m.seq, m.id) for m in found] == [
        (EPOCH, n + 1, f"{event(n).episode}.{event(n).update}") for n in range(3)
    ]


def test_the_same_report_again_is_nothing_also_after_it_was_acknowledged(box: Box) -> None:
    box.recorder.scene(event(0))
    assert not box.recorder.scene(event(0))
    assert box.outbox.acknowledge(EPOCH, 1)
    box.fresh()
    assert not box.recorder.scene(event(0))
    assert box.outbox.last_seq() == 1


def test_a_restart_keeps_epoch_and_numbers_and_counts_boots(box: Box) -> None:
    box.recorder.scene(event(0))
    box.outbox.acknowledge(EPOCH, 1)
    box.store.close()
    box.fresh()
    assert (box.store.epoch, box.store.boot) == (EPOCH, 2)
    box.recorder.scene(event(1))
    assert box.outbox.last_seq() == 2


@pytest.mark.parametrize(("epoch", "upto"), [("f" * 16, 1), (EPOCH, 99)])
def test_a_watermark_of_somebody_else_deletes_nothing(box: Box, epoch: str, upto: int) -> None:
    box.recorder.scene(event(0))
    assert not box.outbox.acknowledge(epoch, upto)
    assert len(box.messages()) == 1


def test_the_journal_names_every_report_ever(box: Box) -> None:
    for index in range(4):
        box.recorder.scene(event(index))
    box.outbox.acknowledge(EPOCH, 4)
    with sqlite3.connect(box.folder / STORE_FILE) as reader:
        rows = reader.execute("SELECT seq, id FROM journal ORDER BY seq").fetchall()
    reader.close()
    assert rows == [(n + 1, f"{event(n).episode}.{event(n).update}") for n in range(4)]


def test_figures_follow(box: Box) -> None:
    box.recorder.scene(event(0))
    figures = box.outbox.figures(NOW + timedelta(seconds=30))
    assert (figures.depth, figures.oldest_age_s, figures.lost) == (1, 30.0, 0)
    assert figures.bytes == box.outbox.bytes == len(box.outbox.rows(0, 9, 9)[0].payload)
    box.outbox.acknowledge(EPOCH, 1)
    assert box.outbox.figures(NOW).bytes == 0


def test_a_clock_set_back_makes_no_negative_age(box: Box) -> None:
    box.recorder.scene(event(0))
    assert box.outbox.figures(NOW - timedelta(days=400)).oldest_age_s == 0


def test_open_episodes_end_as_interrupted_after_a_crash(box: Box) -> None:
    box.recorder.scene(event(0))
    box.recorder.scene(event(2))
    box.recorder.scene(event(3))
    box.fresh()
    assert box.recorder.interrupt_episodes() == 1
    last = box.messages()[-1]
    assert isinstance(last, SceneMessage)
    assert (last.data.episode, last.data.update, last.data.end_reason) == (event(0).episode, 1, EndReason.INTERRUPTED)
    assert box.recorder.interrupt_episodes() == 0


def test_given_up_reports_leave_one_counted_gap(box: Box) -> None:
    for index in range(5):
        box.recorder.scene(event(index))
    box.outbox.give_up([Run(2, 4, 3, 0)], GapReason.REFUSED_BY_CENTRAL)
    found = box.messages()
    assert [m.seq for m in found] == [1, 5, 6]
    gap = found[-1]
    assert isinstance(gap, GapMessage)
    assert (gap.data.first, gap.data.last, gap.data.count) == (2, 4, 3)
    assert box.outbox.figures(NOW).lost == 3


def test_the_byte_cap_evicts_the_mildest_and_says_so(tmp_path: Path) -> None:
    box = Box(tmp_path, OutboxConfig(bytes_max=1_000_000))
    for index in range(1500):
        box.recorder.scene(event(index, severity=1 + index % 2 * 4 if index < 400 else 5))
    assert box.outbox.bytes <= 1_000_000
    found = box.messages()
    gaps = [m for m in found if isinstance(m, GapMessage)]
    assert gaps
    assert all(gap.data.reason is GapReason.BYTES_MAX for gap in gaps)
    kept = sum(isinstance(m, SceneMessage) for m in found)
    assert kept + sum(gap.data.count for gap in gaps) == 1500


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["append", "ack", "evict", "restart"]), max_size=60), st.randoms())
def test_every_number_is_present_acknowledged_or_in_a_gap(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], chance: object
) -> None:
    box, index, acked, gaps = Box(tmp_path_factory.mktemp("box"), OutboxConfig()), 0, 0, set[int]()
    for step in steps:
        match step:
            case "append":
                box.recorder.scene(event(index))
                index += 1
            case "ack" if box.outbox.last_seq() > acked:
                acked = chance.randint(acked, box.outbox.last_seq())  # type: ignore[attr-defined]
                assert box.outbox.acknowledge(EPOCH, acked)
            case "evict":
                rows = [row for row in box.outbox.stored() if not row.fixed]
                if rows:
                    box.outbox.give_up([Run(rows[0].seq, rows[0].seq, 1, 0)], GapReason.BYTES_MAX)
                    gaps.add(rows[0].seq)
            case _:
                box.store.close()
                box.fresh()
    present = {message.seq for message in box.messages()}
    assert present | gaps | set(range(1, acked + 1)) == set(range(1, box.outbox.last_seq() + 1))
    assert box.outbox.bytes == sum(len(row.payload) for row in box.outbox.rows(0, 2**31 - 1, 10_000))
    box.store.close()


def test_a_full_disk_loses_counted_never_silently_and_never_crashes(box: Box) -> None:
    box.recorder.scene(event(0))
    box.limit_pages(40)
    for index in range(1, 400):
        box.recorder.scene(event(index))
    box.limit_pages(1_000_000)
    box.recorder.scene(event(401))
    assert box.recorder.lost_untold == 0
    found = box.messages()
    gaps = [m.data for m in found if isinstance(m, GapMessage)]
    assert gaps
    assert all(gap.reason is GapReason.DISK_FULL for gap in gaps)
    kept = sum(isinstance(m, SceneMessage) for m in found)
    assert kept + sum(gap.count for gap in gaps) == 401
    covered = {n for gap in gaps for n in range(gap.first, gap.last + 1)} | {m.seq for m in found}
    assert covered == set(range(1, box.outbox.last_seq() + 1))


def test_a_program_that_holds_the_file_costs_counted_reports_and_ends_nothing(tmp_path: Path) -> None:
    store = EdgeStore(tmp_path, EPOCH, busy_s=0.01)
    clock = Clock(lambda: NOW, lambda: 5.0)
    envelopes = Envelopes("s1", "b1", store.boot, clock, 0.0, os.urandom)
    outbox = Outbox(store, envelopes)
    recorder = Recorder(store, outbox, envelopes, OutboxConfig(), lambda: None)
    assert recorder.scene(event(0))
    with closing(sqlite3.connect(tmp_path / STORE_FILE, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert not recorder.scene(event(1))
        assert recorder.lost_untold == 1
        with pytest.raises(StoreHeld):
            EdgeStore(tmp_path, EPOCH, busy_s=0.01)
    assert recorder.scene(event(2))
    assert recorder.lost_untold == 0
    found = [decode(row.payload) for row in outbox.rows(0, 2**31 - 1, 10)]
    assert [type(one) for one in found] == [SceneMessage, GapMessage, SceneMessage]
    store.close()


def test_a_damaged_file_is_put_aside_and_a_new_epoch_begins(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"this is no database" * 1000)
    store = EdgeStore(tmp_path, EPOCH)
    assert store.set_aside is not None
    assert store.set_aside.read_bytes().startswith(b"this is no database")
    assert store.epoch == EPOCH
    store.close()


def test_pictures_wait_with_their_report_and_the_oldest_uploaded_go_first(box: Box) -> None:
    shelf = EvidenceShelf(box.store, lambda: TODAY)
    script = ScriptedCameras("b1", count=10, per_s=1, seed=1, evidence_folder=shelf.folder)
    for index in range(0, 8, 2):
        box.recorder.scene(script.event(index))
    shas = [script.event(index).evidence[0].sha256 for index in range(0, 8, 2)]
    first = shelf.next_pending()
    assert first is not None
    assert first.sha256 == shas[0]
    shelf.mark(shas[1], EvidenceState.STORED)
    size = script.event(0).evidence[0].bytes
    assert shelf.keep_within(2 * size, 0) == Evicted(deleted=2, lost=1)
    assert shelf.keep_within(2 * size, 0) == Evicted()
    assert box.outbox.figures(NOW).evidence_lost == 1
    assert sorted(path.stem for path in shelf.folder.iterdir()) == sorted([shas[2], shas[3]])
    (shelf.folder / "stray.jpg").write_bytes(b"x")
    assert shelf.sweep_orphans() == 1
    shelf.mark(shas[2], EvidenceState.STORED)
    shelf.want_again((shas[2], "0" * 64))
    again = shelf.next_pending()
    assert again is not None
    assert again.sha256 == shas[2]
    assert shelf.keep_within(0, 0) == Evicted(deleted=2, lost=2)
    assert box.outbox.figures(NOW).evidence_lost == 3


def test_a_camera_report_brings_its_last_picture(box: Box) -> None:
    ref = ScriptedCameras("b1", count=2, per_s=1, seed=1, evidence_folder=box.folder / "evidence").event(0).evidence[0]
    last = ref.model_copy(update={"kind": EvidenceKind.LAST_GOOD})
    box.recorder.camera(
        CameraTransition(
            camera="c1", state=CameraState.OFFLINE, since=NOW, previous=CameraState.ONLINE, last_picture=last
        )
    )
    pending = EvidenceShelf(box.store, lambda: TODAY).next_pending()
    assert pending is not None
    assert pending.sha256 == ref.sha256
