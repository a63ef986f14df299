"""Checks by camera, in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, or_, select

from central.core.camera_check import CameraCheck
from central.core.values import CommandState
from central.stores.database.rows import Rows
from central.stores.tables import camera_checks, commands

_CHECKS = Rows(
    camera_checks,
    CameraCheck,
    {"case": "case_id"},
    derived={"command": lambda check: check.running.command if check.running is not None else None},
)
_FINAL = (CommandState.DONE, CommandState.FAILED, CommandState.EXPIRED)


class SqlCameraChecks:
    """`CheckStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, check: CameraCheck) -> None:
        """See the port."""
        _CHECKS.insert(self._connection, [check])

    def save(self, check: CameraCheck) -> None:
        """See the port."""
        _CHECKS.update(self._connection, [check], "id", ("next_at", "command", "looks", "verdict"))

    def of_cases(self, cases: Sequence[str]) -> Mapping[str, tuple[CameraCheck, ...]]:
        """See the port."""
        found: defaultdict[str, list[CameraCheck]] = defaultdict(list)
        for check in _CHECKS.by(self._connection, "case_id", cases, lock=True):
            found[check.case].append(check)
        return {case: tuple(sorted(checks, key=lambda one: one.handled_at)) for case, checks in found.items()}

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """See the port."""
        check = camera_checks.c
        is_answered = commands.c.state.in_(_FINAL)
        statement = (
            select(check.case_id)
            .outerjoin(commands, commands.c.id == check.command)
            .where(check.next_at.is_not(None), or_(check.next_at <= now, is_answered))
            .order_by(check.next_at)
            .limit(limit)
        )
        return self._connection.execute(statement).scalars().all()
