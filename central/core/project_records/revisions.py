"""One state of a record, with who entered it, when, from where and why."""

from dataclasses import dataclass
from datetime import date, datetime

from central.core.project_records.kinds import ProjectRecord, RecordKind


@dataclass(frozen=True, slots=True)
class Revision:
    """`number` counts from 1; a later one says why it was made. A withdrawn one repeats what was withdrawn."""

    kind: RecordKind
    id: str
    number: int
    year: int
    day: date | None
    record: ProjectRecord
    entered_by: str
    entered_at: datetime
    source: str
    reason: str = ""
    is_withdrawn: bool = False
