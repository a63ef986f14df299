"""A case as it is kept: what the machine decides on, what was reported, and the lines of its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pydantic import JsonValue

from central.core.case_machine import CaseAction, CaseState, CaseStatus
from central.core.case_machine.audit import digest, plain
from central.core.case_machine.stages import Runs
from central.core.places import Crs, Position
from central.core.values import Actor, CaseSource, EvidenceItem
from protocol.messages import EndReason

MOVING = frozenset({"updated_at", "first_seen_at", "last_seen_at"})
"""What further sightings change without a decision; no line of the history vouches for it."""


class Occurrence(StrEnum):
    """What befalls a case without an action of its own: sightings, and what is done to cases that belong to it."""

    OPENED = "opened"
    MERGED = "merged"
    EPISODE_SEEN = "episode_seen"
    EPISODE_ENDED = "episode_ended"
    TOOK_IN = "took_in"
    GAVE_BACK = "gave_back"
    TASK_ENDED = "task_ended"
    TASK_RESUMED = "task_resumed"
    HOLD_SET = "hold_set"
    HOLD_LIFTED = "hold_lifted"
    TAKEN_OVER = "taken_over"
    CAMERA_ASKED = "camera_asked"
    CAMERA_CANNOT_TELL = "camera_cannot_tell"
    JOINED = "joined"


StepKind = CaseAction | Occurrence
"""What a line of a case's history tells."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One stay of one thing, and the case it belongs to."""

    id: str
    case: str
    ended_at: datetime | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `version` grows with each decision about it, not with further sightings.

    `source`, `reporter` and `opened_by_event` never change: they are those of the earliest report that was committed.
    `spot` joins camera key, zone and scene; people's reports have none. `latitude` and `longitude` are WGS84,
    `grid` the code of the unit grid there when it was opened.
    `recurrence_of` is the case of this spot that this one repeats (反复发案), `recurrence` how often it came back.
    """

    id: str
    number: str
    state: CaseState
    source: CaseSource
    reporter: str
    opened_at: datetime
    updated_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    version: int = 1
    runs: Runs = ()
    box: str | None = None
    camera: str | None = None
    zone: str | None = None
    scene: str | None = None
    label: str = ""
    place: str = ""
    description: str = ""
    opened_by_event: str | None = None
    spot: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    grid: str = ""
    recurrence_of: str = ""
    recurrence: int = 0

    @property
    def status(self) -> CaseStatus:
        """Where it stands."""
        return self.state.status

    @property
    def position(self) -> Position | None:
        """Where it is, as far as it is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)

    @property
    def ended_at(self) -> datetime:
        """When its last stage ended; means something only of a case that is over."""
        return max((run.ended_at for run in self.runs if run.ended_at is not None), default=self.updated_at)


@dataclass(frozen=True, slots=True)
class Report:
    """What a person told about a case, whether it opened the case or joined it; `taken_by` entered it.

    `latitude` and `longitude` are WGS84; `crs` is what they were told in.
    """

    case: str
    at: datetime
    source: CaseSource
    reporter: str
    place: str = ""
    description: str = ""
    latitude: float | None = None
    longitude: float | None = None
    taken_by: str = ""
    crs: Crs = Crs.WGS84


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One appended line of a case's history. `details`: what else was said; `state`: `case_digest` after the step."""

    case: str
    at: datetime
    kind: StepKind
    actor: Actor
    from_status: CaseStatus | None
    to_status: CaseStatus
    reason: str = ""
    note: str = ""
    event: str | None = None
    details: Mapping[str, JsonValue] = field(default_factory=dict)
    state: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it is shown, with what the cases brought that were merged into it (`absorbed`, by id).

    `reports`: what people told, oldest first; none where a camera saw it and nobody else did. `joined`: this answers a
    report that joined the case.
    """

    case: Case
    episodes: tuple[Episode, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    absorbed: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    joined: bool = False

    @property
    def ended(self) -> bool:
        """Whether the case has episodes and all have ended."""
        return bool(self.episodes) and all(episode.ended_at is not None for episode in self.episodes)


def case_number(day: date, serial: int) -> str:
    """The number that people call a case by: E (event), the local day, and a serial of that day."""
    return f"E{day:%Y%m%d}{serial:04d}"


def case_digest(case: Case) -> str:
    """SHA-256 of everything about a case that only its history's steps may change."""
    said = plain(case)
    assert isinstance(said, dict)  # noqa: S101 - a dataclass is
    return digest({name: value for name, value in said.items() if name not in MOVING})
