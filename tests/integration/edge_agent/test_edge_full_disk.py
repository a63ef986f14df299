"""A disk that is really full: a small tmpfs where the tests may mount one."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.core.clock import Clock
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.outbox import Outbox
from edge_agent.link.recorder import Recorder
from edge_agent.link.store import EdgeStore
from protocol.codec import decode
from protocol.configuration import OutboxConfig
from protocol.messages import GapMessage, SceneMessage
from tests.support.need import missing
from tests.support.scripted_cameras import BEGINNING, ScriptedCameras

DISK_BYTES = 24_000_000
SCRIPT = ScriptedCameras("b1", count=1_000_000, per_s=1e9, seed=3)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        missing("may not mount a tmpfs here: run the tests as root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_gives_up_the_mildest_and_counts_every_report(small_disk: Path) -> None:
    store = EdgeStore(small_disk, "0123456789abcdef")
    envelopes = Envelopes("s1", "b1", store.boot, Clock(lambda: BEGINNING, lambda: 1.0), 0.0, os.urandom)
    outbox = Outbox(store, envelopes)
    recorder = Recorder(store, outbox, envelopes, OutboxConfig(), lambda: None)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (store.disk_free_bytes() - 1_500_000))
    for index in range(4_000):
        recorder.scene(SCRIPT.event(index))
    filler.unlink()
    recorder.scene(SCRIPT.event(4_000))
    messages = [decode(row.payload) for row in outbox.rows(0, 2**31 - 1, 100_000)]
    kept = sum(isinstance(message, SceneMessage) for message in messages)
    gaps = [message.data for message in messages if isinstance(message, GapMessage)]
    assert gaps, "the disk was full"
    assert kept + sum(gap.count for gap in gaps) == 4_001
    covered = {n for gap in gaps for n in range(gap.first, gap.last + 1)} | {message.seq for message in messages}
    assert covered == set(range(1, outbox.last_seq() + 1))
    store.close()
