"""Journals are read over all outbox files of a box, and every picture that a report names is found."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.demo.check.facts import JournalEntry
from provisioning.demo.check.gathering import _references, journal_of, waiting_on
from provisioning.demo.plan import DemoPlan, Ports, Wishes, plan_demo

PLAN_PORTS = Ports(1, 2, 3, (4, 5, 6, 7))


@pytest.fixture
def plan(tmp_path: Path) -> DemoPlan:
    made = plan_demo(Wishes(tmp_path, checked=True), PLAN_PORTS)
    made.outbox_folder("box-1").mkdir(parents=True)
    return made


def write_outbox(path: Path, epoch: str, ids: list[str], *, waiting: int, pictures: int) -> None:
    with closing(sqlite3.connect(path)) as outbox:
        outbox.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
            CREATE TABLE journal (seq INTEGER PRIMARY KEY, id TEXT);
            CREATE TABLE outbox (seq INTEGER PRIMARY KEY);
            CREATE TABLE evidence (sha256 TEXT PRIMARY KEY, state TEXT);
            """
        )
        outbox.execute("INSERT INTO meta VALUES ('epoch', ?)", (epoch,))
        outbox.executemany("INSERT INTO journal VALUES (?, ?)", list(enumerate(ids, start=1)))
        outbox.executemany("INSERT INTO outbox VALUES (?)", [(seq,) for seq in range(waiting)])
        outbox.executemany("INSERT INTO evidence VALUES (?, 'pending')", [(str(n),) for n in range(pictures)])
        outbox.execute("INSERT INTO evidence VALUES ('x', 'stored')")
        outbox.commit()


def test_journals_of_all_epochs_count(plan: DemoPlan) -> None:
    folder = plan.outbox_folder("box-1")
    write_outbox(folder / "outbox.db", "b" * 16, ["three"], waiting=1, pictures=2)
    write_outbox(folder / "outbox.db.damaged-1", "a" * 16, ["one", "two"], waiting=0, pictures=0)
    assert set(journal_of(plan, "box-1")) == {
        JournalEntry("box-1", "a" * 16, 1, "one"),
        JournalEntry("box-1", "a" * 16, 2, "two"),
        JournalEntry("box-1", "b" * 16, 1, "three"),
    }
    assert waiting_on(plan, "box-1") == 3


def test_a_box_without_an_outbox_wrote_nothing(plan: DemoPlan) -> None:
    assert journal_of(plan, "box-2") == ()
    assert waiting_on(plan, "box-2") == 0


@pytest.mark.parametrize(
    ("data", "pictures"),
    [
        (None, []),
        ({"state": "online"}, []),
        ({"evidence": [{"sha256": "a"}, {"sha256": "b", "kind": "raised"}]}, ["a", "b"]),
        ({"last_picture": {"sha256": "c"}, "detail": "sha256"}, ["c"]),
        ({"sha256": 7}, []),
    ],
)
def test_pictures_are_found_wherever_a_report_names_them(data: object, pictures: list[str]) -> None:
    assert list(_references(data)) == pictures
