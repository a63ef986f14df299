"""What the check has seen, as values: times of the faults, and everything that boxes wrote and central holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A report that a box wrote to its disk."""

    box: str
    epoch: str
    seq: int
    id: str


@dataclass(frozen=True, slots=True)
class EventFact:
    """An event of central; `pictures` are the sha256 that it names."""

    id: str
    box: str
    epoch: str
    seq: int
    episode: str | None
    case: str | None
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case of central."""

    id: str
    number: str
    source: str
    episodes: tuple[str, ...]
    opened_by_event: str | None
    pictures: tuple[str, ...] = ()


class PictureState(StrEnum):
    """What came back when a picture was asked for by its sha256."""

    VERIFIED = "verified"
    MISSING = "missing"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True)
class Played:
    """How the faults went; seconds, None where the awaited never came."""

    started_s: float | None = None
    cameras_online: int = 0
    offline_alert_s: float | None = None
    notified_s: float | None = None
    recovered_s: float | None = None
    outage_events: int = 0
    central_returned_s: float | None = None
    box_offline_s: float | None = None
    box_offline_alerts: int = 0
    cameras_unknown: bool = False
    camera_offline_of_lost_box: int = 0
    box_recovered_s: float | None = None
    drained_s: float | None = None
    camera_word: str | None = None
    camera_pictures: int = 0
    camera_looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is on the boxes' disks and in central at the end."""

    journal: tuple[JournalEntry, ...] = ()
    events: tuple[EventFact, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    pictures: Mapping[str, PictureState] = field(default_factory=dict)
