"""Lists of facts go on behind a moment and, where several have the same, behind a number."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, tuple_

from central.stores.ports.records import BadCursor

CHARS_MAX = 200
DIGITS_MAX = 18


class FactOrder:
    """By a moment, then by numbers that tell apart what has the same."""

    def __init__(self, moment: ColumnElement[Any], *numbers: ColumnElement[Any]) -> None:
        self.columns = (moment, *numbers)

    def behind(self, cursor: str) -> ColumnElement[bool]:
        """What follows a cursor. Raises `BadCursor`."""
        at, *numbers = self._place(cursor)
        moment = self.columns[0]
        following = tuple_(*self.columns) > tuple_(literal(at, moment.type), *(literal(one) for one in numbers))
        return and_(moment >= at, following)

    def cursor(self, place: Sequence[Any]) -> str:
        """What goes on behind a place: its values of `columns`."""
        moment, *numbers = place
        text = "|".join([moment.astimezone(UTC).isoformat(), *map(str, numbers)])
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    def _place(self, cursor: str) -> tuple[Any, ...]:
        try:
            padding = "=" * (-len(cursor) % 4)
            told, *numbers = base64.urlsafe_b64decode(cursor[:CHARS_MAX] + padding).decode().split("|")
            moment = datetime.fromisoformat(told)
            if moment.tzinfo is not None and len(numbers) == len(self.columns) - 1:
                return (moment.astimezone(UTC), *(int(number[:DIGITS_MAX]) for number in numbers))
        except (ValueError, OverflowError, binascii.Error):
            pass
        raise BadCursor("the cursor is not one of this list; start again without it")
