"""The city's table of standards: import a new version, look into the current one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from central.core.case_machine.stages import Clockwork
from central.core.standards import Changes, Draft, Refused, SheetRow, Standard, StandardBook, changes, read_standards
from central.core.values import Actor, Page
from central.services.cases.casework import CaseUnknown
from central.services.desks.standards import fitting
from central.stores.ports import PageRequest, Stores


@dataclass(frozen=True, slots=True)
class Adoption:
    """What an import did, or would do. `version` is None where the table says what the current version says."""

    before: int
    version: int | None
    count: int
    changes: Changes


class Standards:
    """The table of standards in its versions."""

    def __init__(self, stores: Stores, clockwork: Clockwork) -> None:
        self._stores = stores
        self._clockwork = clockwork

    def read(self, rows: Iterable[SheetRow]) -> Draft | Refused:
        """A table as a draft, or all its faults; time systems are those that central counts by."""
        return read_standards(rows, self._clockwork.systems)

    def adopt(self, draft: Draft, file: str, actor: Actor, now: datetime, *, dry_run: bool = False) -> Adoption:
        """Make a draft the newest version, in one transaction; nothing where `dry_run` or nothing is different.

        Raises `StoreUnavailable`, or `StoreRejected` where somebody else imported at the same time.
        """
        with self._stores.reading() if dry_run else self._stores.writing() as unit:
            current = unit.standards.version()
            before = unit.standards.book(current)
            found = changes(before.standards if before is not None else (), draft.standards)
            version = current + 1 if found.any or before is None else None
            if version is not None and not dry_run:
                book = StandardBook(version, now, actor.name, file, draft.layout, draft.standards)
                unit.standards.add(book)
        return Adoption(current, version, len(draft.standards), found)

    def current(self) -> StandardBook | None:
        """The newest version; None before the first import."""
        with self._stores.reading() as unit:
            return unit.standards.book(unit.standards.version())

    def find(self, code: str, page: PageRequest) -> tuple[int, Page[Standard]]:
        """The newest version's number (0: none), and its standards of a class, of a group, or all. `BadCursor`."""
        with self._stores.reading() as unit:
            version = unit.standards.version()
            return version, unit.standards.find(version, code, page)

    def fitting(self, case: str) -> tuple[Standard, ...]:
        """Standards for what the case's scene watches for; raises `CaseUnknown`."""
        with self._stores.reading() as unit:
            found = unit.cases.get([case]).get(case)
            if found is None:
                raise CaseUnknown("there is no such case")
            return fitting(unit, found)
