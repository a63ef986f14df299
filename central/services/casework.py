"""Cases for people: open, look, decide."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from central.core.cases import ActionChoice
from central.core.values import (
    Actor,
    CaseAction,
    CaseSource,
    CaseStep,
    CaseView,
    Event,
    Page,
    RandomBytes,
    RejectReason,
)
from central.stores.ports import CaseFilter, EventFilter, PageRequest, Stores


class CaseUnknown(LookupError):
    """There is no such case."""


class ReportRefused(ValueError):
    """The report of a person cannot become a case; the text says why."""


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What a person reports. `reporter` is who told them (a caller, a paper); `camera` a camera key, if any.

    `evidence` are hashes of pictures uploaded before. `place` or `camera` must be given.
    """

    source: CaseSource
    reporter: str
    place: str = ""
    description: str = ""
    scene: str | None = None
    camera: str | None = None
    evidence: tuple[str, ...] = ()


class Casework:
    """`timezone` decides the day in case numbers."""

    def __init__(self, stores: Stores, timezone: tzinfo) -> None:
        self._stores = stores
        self._timezone = timezone

    def open_by_person(self, report: PersonReport, actor: Actor, now: datetime, random: RandomBytes) -> CaseView:
        """Open an accepted case for a person's report (operators only).

        Raises `ReportRefused` (source `detector`, no place, unknown camera or picture) or `RoleRefused`.
        """
        raise NotImplementedError

    def act(  # noqa: PLR0913 - an action is all of this
        self,
        case: str,
        action: CaseAction,
        actor: Actor,
        *,
        expected_version: int,
        now: datetime,
        reason: RejectReason | None = None,
        note: str = "",
    ) -> CaseView:
        """Change a case's status and append to its history, in one transaction.

        Raises `CaseUnknown`, `StaleVersion`, `IllegalTransition`, `RoleRefused`, `ReasonMissing`.
        """
        raise NotImplementedError

    def cases(self, wanted: CaseFilter, page: PageRequest) -> Page[CaseView]:
        """Newest first; raises `BadCursor`."""
        raise NotImplementedError

    def case(self, case: str) -> CaseView:
        """One case; raises `CaseUnknown`."""
        raise NotImplementedError

    def history(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """Oldest first; raises `CaseUnknown`, `BadCursor`."""
        raise NotImplementedError

    def actions(self, case: str, actor: Actor) -> tuple[ActionChoice, ...]:
        """Every action, allowed or why not, for this person; raises `CaseUnknown`."""
        raise NotImplementedError

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """Newest first; raises `BadCursor`."""
        raise NotImplementedError
