"""Records of the project: money, contracts, devices, training, surveys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from central.core.project_records import RecordKind, Revision
from central.core.values import Page
from central.stores.ports.records import PageRequest


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records; `year`: of one project year. Withdrawn ones are left out unless asked for."""

    kind: RecordKind
    year: int | None = None
    with_withdrawn: bool = False


class RecordStore(Protocol):
    """Revisions are added and never changed; a record is its newest revision."""

    def hold(self) -> None:
        """Let nobody else add until this transaction ends: what is looked up now still holds when it is added to."""
        ...

    def add(self, revisions: Sequence[Revision]) -> None:
        """Append; `StoreRejected` where a record has a revision of that number."""
        ...

    def newest(self, kind: RecordKind, ids: Sequence[str]) -> Mapping[str, Revision]:
        """The newest revision of records by id, withdrawn ones too; those that are not there are left out."""
        ...

    def revisions(self, kind: RecordKind, name: str) -> Sequence[Revision]:
        """All revisions of one record, oldest first."""
        ...

    def history(self, kind: RecordKind, name: str, page: PageRequest) -> Page[Revision]:
        """The same, a part at a time. Raises `BadCursor`."""
        ...

    def standing(self, *kinds: RecordKind, known_at: datetime | None = None) -> Sequence[Revision]:
        """The newest revision of every record that is not withdrawn, of these kinds or all, in order of entry.

        As it stood at `known_at`, where that is given: what was entered, corrected or withdrawn later is not.
        """
        ...

    def page(self, wanted: RecordFilter, page: PageRequest) -> Page[Revision]:
        """Newest revisions, last entered first. Raises `BadCursor`."""
        ...
