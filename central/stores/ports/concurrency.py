"""Who works on what, and what was answered before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from central.core.cases.casefile import CaseView
from central.core.cases.leases import Lease
from central.core.cases.requests import Once


class LeaseStore(Protocol):
    """Leases of cases."""

    def get(self, cases: Sequence[str]) -> Sequence[Lease]:
        """Of these cases, whether they still run or not."""
        ...

    def put(self, lease: Lease) -> None:
        """Insert or overwrite, in a unit that has locked the case."""
        ...

    def remove(self, case: str, holder: str) -> None:
        """End a lease if it is of `holder`."""
        ...

    def drop_ended(self, before: datetime, limit: int) -> int:
        """Drop leases that ended before `before`, `limit` at most; how many went."""
        ...


class AnswerStore(Protocol):
    """Answers by the key of their request."""

    def claim(self, once: Once, now: datetime) -> CaseView | None:
        """The answer that was given before; None: there was none, and this unit is to give one.

        Waits for a unit that has claimed the same key. Raises `KeyReused` where it stands for another request.
        """
        ...

    def put(self, once: Once, answer: CaseView) -> None:
        """Keep the answer, in the unit that claimed the key."""
        ...

    def drop_old(self, before: datetime, rows_max: int, limit: int) -> int:
        """Drop answers given before `before` and the oldest of more than `rows_max`, `limit` at most; how many went."""
        ...
