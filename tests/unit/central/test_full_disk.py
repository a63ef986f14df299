"""A full disk at central: nothing acknowledged, nothing lost."""

import sqlite3
from pathlib import Path

import pytest

from central.core.alerting.alerts import AlertPolicy
from central.core.values import Delivery
from central.services.alerting import Alerting
from central.stores.open_stores import open_stores
from central.stores.ports import StoreUnavailable
from protocol.messages import CameraState
from tests.support.central_stores import Central, sqlite_stores
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import case_of_episode, events, rows


def pages(folder: Path) -> int:
    with sqlite3.connect(folder / "central.db") as connection:
        (count,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    return int(count)


def receive_until_full(central: Central, batches: list[list[Delivery]]) -> int:
    for done, batch in enumerate(batches):
        try:
            report = central.receive(*batch, at_s=1000)
        except StoreUnavailable as error:
            if "full" in str(error):
                return done
            raise
        assert report.watermarks[0].watermark.upto == 20 * (done + 1)
    raise AssertionError("the disk was never full")


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(tmp_path: Path) -> None:
    box = SpeakingBox()
    batches = [[box.scene(20 * number + n, zone=f"z{n}") for n in range(20)] for number in range(40)]
    with sqlite_stores(tmp_path) as stores:
        central = Central(stores)
        central.register(box)
        central.receive(box.birth(0))
    with sqlite_stores(tmp_path, pages_max=pages(tmp_path) + 20) as stores:
        central = Central(stores)
        done = receive_until_full(central, batches)
        assert 0 < done < len(batches)
        assert len(events(stores)) == 20 * done
        with pytest.raises(StoreUnavailable):
            central.receive(*batches[done], at_s=1000)
        assert central.receive(*batches[0], at_s=1000).duplicates == 20
        assert stores.healthy()
    with sqlite_stores(tmp_path) as stores:
        central = Central(stores)
        for batch in batches[done:]:
            report = central.receive(*batch, at_s=1000)
        assert report.watermarks[0].watermark.upto == 800
        assert len(rows(stores, "events")) == len(case_of_episode(stores)) == 800
        assert rows(stores, "dead_letters") == []


def test_a_sweep_that_cannot_write_tries_again(tmp_path: Path) -> None:
    box = SpeakingBox()
    with sqlite_stores(tmp_path) as stores:
        central = Central(stores)
        central.register(box)
        central.receive(box.birth(0), box.heartbeat(1, box.status(CameraState.ONLINE)), at_s=1)
        alerting = Alerting(stores, AlertPolicy(), central.liveness)
        blocker = sqlite3.connect(tmp_path / "central.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            alerting.sweep(later(60), 60.0)
        blocker.execute("ROLLBACK")
        blocker.close()
        assert alerting.sweep(later(65), 65.0) == 1


def test_a_file_that_is_no_database_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "central.db").write_bytes(b"a letter to the editor " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_stores(database_url=f"sqlite:///{tmp_path}/central.db", evidence_dir=tmp_path / "evidence").close()
