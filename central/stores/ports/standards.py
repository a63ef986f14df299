"""The city's table of standards, in versions."""

from collections.abc import Collection, Sequence
from typing import Protocol

from central.core.standards import Standard, StandardBook
from central.core.values import Page
from central.stores.ports.records import PageRequest


class StandardStore(Protocol):
    """Books of standards; what was imported is never changed."""

    def version(self) -> int:
        """The newest version; 0 where nothing was imported."""
        ...

    def systems(self) -> frozenset[str]:
        """Time systems that any version counts by."""
        ...

    def add(self, book: StandardBook) -> None:
        """Append a version; `StoreRejected` when somebody else took its number."""
        ...

    def book(self, version: int) -> StandardBook | None:
        """A whole version."""
        ...

    def get(self, version: int, standard: str) -> Standard | None:
        """One standard of a version."""
        ...

    def of_codes(self, version: int, codes: Collection[str], limit: int) -> Sequence[Standard]:
        """Standards of event classes in the table's order, `limit` at most."""
        ...

    def find(self, version: int, code: str, page: PageRequest) -> Page[Standard]:
        """Standards of a version in the table's order; of one class (`04-01`), of a group (`04`), or all ("")."""
        ...
