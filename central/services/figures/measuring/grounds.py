"""What measures read from: one transaction, one period, and what several of them need read once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from central.core.availability.spans import Span
from central.core.project_records import RecordKind, Revision
from central.core.registers import Register, Written, standing
from central.services.figures.availability import Availability, SystemReport
from central.services.figures.camera_rows import CameraRow
from central.stores.ports import Asked, AskedCameras, Unit


class Grounds:
    """One question. `span` is what of the period has passed as of the moment that is asked for."""

    def __init__(self, unit: Unit, asked: Asked, availability: Availability) -> None:
        self.unit = unit
        self.asked = asked
        self._availability = availability

    @property
    def as_of(self) -> datetime:
        """What happened later is not counted."""
        return self.asked.as_of

    @property
    def known_at(self) -> datetime:
        """What was recorded later is not looked at."""
        return self.asked.known_at or self.as_of

    @cached_property
    def span(self) -> Span:
        """Empty, or reversed, where the period has not begun."""
        return Span(self.asked.period.begin, min(self.asked.period.end, self.as_of))

    @cached_property
    def cameras(self) -> tuple[CameraRow, ...]:
        """Every camera of the period by key. Raises `PeriodRefused`."""
        return tuple(self._availability.all_rows(self.unit, self.span, self.known_at))

    def some_cameras(self, asked: AskedCameras) -> Sequence[CameraRow]:
        """These cameras alone. Raises `PeriodRefused`."""
        return self._availability.some_rows(self.unit, self.span, self.known_at, asked)

    def counts(
        self, counter: str, group_by: str | None = None, groups: Collection[str] | None = None
    ) -> Mapping[str, int]:
        """Cases of a counter by a field of their facts, or of some groups; all under "" where none is named."""
        found = self.unit.facts.counts(Asked(self.asked.period, self.as_of, group_by), [counter], groups)
        return {group: counts[counter] for group, counts in found.items()}

    def standing(self, register: Register, start: datetime, end: datetime) -> list[Written]:
        """Entries of a register that touch a time, as known at `known_at`."""
        return standing(self.unit.registers.versions(register, Span(start, end), self.known_at))

    def records(self, kind: RecordKind) -> Sequence[Revision]:
        """Records of the project as they stood at `known_at`."""
        return self.unit.project_records.standing(kind, known_at=self.known_at)

    @cached_property
    def platform(self) -> SystemReport:
        """What the witnesses say. Raises `PeriodRefused`."""
        return self._availability.system_in(self.unit, self.span, self.known_at)
