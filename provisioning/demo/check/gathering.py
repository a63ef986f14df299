"""Reads what boxes wrote to their disks and what central holds, without trusting either."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from provisioning.demo.central_api import CentralApi, Item
from provisioning.demo.check.facts import CaseFact, EventFact, Holdings, JournalEntry, PictureState
from provisioning.demo.plan import BOXES, DemoPlan

OUTBOX_FILES = "outbox.db*"
NO_DATABASE_SUFFIXES = ("-wal", "-shm", "-journal")
BUSY_S = 10.0


def holdings_of(plan: DemoPlan, api: CentralApi) -> Holdings:
    """Everything, as it is now; raises `ApiUnavailable`."""
    events = tuple(_event(item) for item in api.items("events"))
    cases = tuple(_case(item) for item in api.items("cases"))
    return Holdings(
        journal=tuple(entry for box in BOXES for entry in journal_of(plan, box)),
        events=events,
        cases=cases,
        pictures={sha256: picture_state(api, sha256) for sha256 in pictures_of(events, cases)},
    )


def journal_of(plan: DemoPlan, box: str) -> tuple[JournalEntry, ...]:
    """Every report that the box ever wrote, over all its outbox files (a damaged one is set aside, a new one begun)."""
    entries: list[JournalEntry] = []
    for path in _outboxes(plan, box):
        with closing(_read_only(path)) as outbox:
            (epoch,) = outbox.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
            rows = outbox.execute("SELECT seq, id FROM journal ORDER BY seq").fetchall()
        entries.extend(JournalEntry(box, epoch, seq, identity) for seq, identity in rows)
    return tuple(entries)


def waiting_on(plan: DemoPlan, box: str) -> int:
    """Reports and pictures on the box that central has not committed yet."""
    return sum(_waiting_in(path) for path in _outboxes(plan, box))


def pictures_of(events: Iterable[EventFact], cases: Iterable[CaseFact]) -> tuple[str, ...]:
    """Every picture that events or cases name, each once."""
    holders: tuple[EventFact | CaseFact, ...] = (*events, *cases)
    return tuple(sorted({sha256 for holder in holders for sha256 in holder.pictures}))


def picture_state(api: CentralApi, sha256: str) -> PictureState:
    """Download a picture and hash it again."""
    content = api.picture(sha256)
    if content is None:
        return PictureState.MISSING
    same = hashlib.sha256(content).hexdigest() == sha256
    return PictureState.VERIFIED if same else PictureState.CORRUPT


def _outboxes(plan: DemoPlan, box: str) -> list[Path]:
    found = plan.outbox_folder(box).glob(OUTBOX_FILES)
    return sorted(path for path in found if not path.name.endswith(NO_DATABASE_SUFFIXES))


def _waiting_in(path: Path) -> int:
    statements = ("SELECT COUNT(*) FROM outbox", "SELECT COUNT(*) FROM evidence WHERE state = 'pending'")
    with closing(_read_only(path)) as outbox:
        return sum(int(outbox.execute(statement).fetchone()[0]) for statement in statements)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=BUSY_S)


def _event(item: Item) -> EventFact:
    return EventFact(
        id=item["id"],
        box=item["box"],
        epoch=item["epoch"],
        seq=item["seq"],
        episode=item["episode"],
        case=item["case"],
        pictures=tuple(_references(item["data"])),
    )


def _references(data: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of a box
    """The sha256 of every picture that a report names, wherever it names one."""
    if isinstance(data, dict):
        if isinstance(data.get("sha256"), str):
            yield data["sha256"]
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from _references(value)


def _case(item: Item) -> CaseFact:
    return CaseFact(
        id=item["id"],
        number=item["number"],
        source=item["source"],
        episodes=tuple(episode["id"] for episode in item["episodes"]),
        opened_by_event=item["opened_by_event"],
        pictures=tuple(_references(item["evidence"])),
    )
