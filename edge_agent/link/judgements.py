"""What people said about this box's episodes, kept on its disk: spot masks for the cameras, verdicts for proposals."""

import sqlite3
from datetime import datetime
from itertools import islice

import structlog
from pydantic import ValidationError

from edge_agent.core.feedback import MASKS_MAX, SpotMask, Verdict
from edge_agent.link.store import EdgeStore
from protocol.messages import Command, Judgement

_log = structlog.get_logger(__name__)

JUDGEMENTS_MAX = 5_000
"""The oldest are forgotten beyond this many."""


class Judgements:
    """The newest word on each episode. Safe to use from several threads."""

    def __init__(self, store: EdgeStore) -> None:
        self._store = store

    def note(self, command: Command, now: datetime) -> None:
        """Keep a complete `judged`; a later one on the same episode takes its place. Raises `StoreFull`."""
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO judgements "
                "SELECT ?, COALESCE(MAX(added), 0) + 1, ?, ?, ? FROM judgements WHERE true",
                (command.episode, command.camera, command.model_dump_json(), now.isoformat()),
            )
            connection.execute(
                "DELETE FROM judgements WHERE added <= (SELECT MAX(added) FROM judgements) - ?", (JUDGEMENTS_MAX,)
            )

    def masks(self, camera: str, now: datetime) -> tuple[SpotMask, ...]:
        """Spots of a camera that are masked now, newest first."""
        rows = self._store.read("SELECT command, at FROM judgements WHERE camera = ? ORDER BY added DESC", camera)
        found = (_mask(row) for row in rows)
        return tuple(islice((mask for mask in found if mask is not None and mask.until > now), MASKS_MAX))


def verdicts_in(connection: sqlite3.Connection) -> list[Verdict]:
    """Everything that was said, newest first; raises `sqlite3.DatabaseError`, `ValidationError` for what is none."""
    rows = connection.execute("SELECT command, at FROM judgements ORDER BY added DESC").fetchall()
    return [_verdict(*_read(row)) for row in rows]


def mask_of(command: Command) -> SpotMask | None:
    """The spot that a judgement masks, if it does."""
    if command.judgement is not Judgement.REJECTED or command.mask_until is None or command.box is None:
        return None
    camera, zone, scene = command.camera, command.zone, command.scene
    if camera is None or zone is None or scene is None:
        return None
    return SpotMask(camera, zone, scene, command.box, command.mask_until)


def _mask(row: tuple[object, ...]) -> SpotMask | None:
    """The spot that a kept judgement masks; one that another release wrote, and nobody can read, masks nothing."""
    try:
        return mask_of(_read(row)[0])
    except ValidationError:
        _log.warning("judgement_not_read")
        return None


def _read(row: tuple[object, ...]) -> tuple[Command, datetime]:
    command, at = row
    return Command.model_validate_json(str(command)), datetime.fromisoformat(str(at))


def _verdict(command: Command, at: datetime) -> Verdict:
    return Verdict(
        episode=command.episode or "",
        camera=command.camera or "",
        zone=command.zone or "",
        scene=command.scene or "",
        judgement=command.judgement or Judgement.REJECTED,
        reason=command.reason,
        at=at,
        box=command.box,
        score=command.score,
    )
