"""What people said is kept by the box, within bounds, and answered."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from edge_agent.core.clock import Clock
from edge_agent.link.commands import CommandDesk
from edge_agent.link.evidence import EvidenceShelf
from edge_agent.link.judgements import JUDGEMENTS_MAX, Judgements
from edge_agent.link.store import STORE_FILE, EdgeStore
from protocol.messages import CommandName, CommandResult, CommandStatus, EvidenceKind, EvidenceRef, Judgement
from tests.support.judged import NOW, SPOT, said


@pytest.fixture
def store(tmp_path: Path) -> EdgeStore:
    return EdgeStore(tmp_path, "00000000000000aa", busy_s=0.01)


def test_the_newest_word_on_an_episode_counts(store: EdgeStore) -> None:
    book = Judgements(store)
    book.note(said(1), NOW)
    book.note(said(2, camera="other"), NOW)
    assert [mask.box for mask in book.masks("cam", NOW)] == [SPOT]
    assert book.masks("cam", NOW + timedelta(days=8)) == ()
    book.note(said(1, Judgement.CONFIRMED), NOW)
    assert book.masks("cam", NOW) == ()
    assert [mask.camera for mask in book.masks("other", NOW)] == ["other"]


def test_the_book_of_judgements_is_bounded(store: EdgeStore) -> None:
    book = Judgements(store)
    with store.transaction() as connection:
        connection.executemany(
            "INSERT INTO judgements VALUES (?, ?, 'cam', ?, ?)",
            [(f"ep-{n}", n, said(n).model_dump_json(), NOW.isoformat()) for n in range(JUDGEMENTS_MAX)],
        )
    book.note(said(JUDGEMENTS_MAX + 7), NOW)
    assert store.number("SELECT COUNT(*) FROM judgements") == JUDGEMENTS_MAX
    assert store.number("SELECT COUNT(*) FROM judgements WHERE episode = 'ep-0'") == 0


def desk_in(store: EdgeStore, answered: Callable[[CommandResult], None]) -> CommandDesk:
    clock = Clock(lambda: NOW, lambda: 0.0)
    return CommandDesk(store, EvidenceShelf(store, NOW.date), frozenset({"cam"}), clock, answered)


def test_a_judgement_is_kept_answered_at_once_and_passed_on(store: EdgeStore) -> None:
    answers: list[CommandResult] = []
    desk = desk_in(store, answers.append)
    order = desk.take(said(1))
    assert order is not None
    assert order.command.name is CommandName.JUDGED
    assert [one.status for one in answers] == [CommandStatus.DONE]
    assert [mask.box for mask in desk.spot_masks("cam")] == [SPOT]
    assert desk.take(said(1)) is None
    assert desk_in(store, answers.append).spot_masks("cam") == desk.spot_masks("cam")


def test_an_incomplete_judgement_is_refused(store: EdgeStore) -> None:
    answers: list[CommandResult] = []
    assert desk_in(store, answers.append).take(said(1).model_copy(update={"episode": None})) is None
    assert [(one.status, one.detail) for one in answers] == [
        (CommandStatus.FAILED, "`judged` needs zone, scene, episode and judgement")
    ]


def test_a_picture_for_which_the_store_has_no_room_fails_its_command(store: EdgeStore) -> None:
    answers: list[CommandResult] = []
    desk = desk_in(store, answers.append)
    asked = said(1).model_copy(update={"name": CommandName.SNAPSHOT})
    assert desk.take(asked) is not None
    ref = EvidenceRef(sha256="0" * 64, bytes=5, at=NOW, kind=EvidenceKind.SNAPSHOT)
    with closing(sqlite3.connect(store.folder / STORE_FILE, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        desk.pictures_taken(asked.command, (ref,))
    assert [(one.status, one.detail) for one in answers] == [
        (CommandStatus.ACCEPTED, ""),
        (CommandStatus.FAILED, "this box cannot keep the picture: its store takes nothing now"),
    ]
