"""What the agent sees: detections, tracks, and the episodes that rules make of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocol.geometry import Box
from protocol.scenes import ObjectClass, class_of

START_SCORE_DEFAULT = 0.35
"""From which score on a detection counts, where neither configuration nor card says."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One object on one picture; `box` in fractions of the picture, `label` is the model's own name.

    `begins`: it reaches the threshold of its class; others only continue a track that is already there.
    """

    label: str
    score: float
    box: Box
    begins: bool = True

    def __reduce__(self) -> tuple[object, ...]:
        """They cross three pipes for each look; the way that a dataclass with slots is pickled takes thrice as long."""
        return Detection, (self.label, self.score, self.box, self.begins)


@dataclass(frozen=True, slots=True)
class ClassMap:
    """Which class of the scenes each label of a model means; `said` by its card, goes before common synonyms."""

    said: tuple[tuple[str, ObjectClass | None], ...] = ()

    def of(self, label: str) -> ObjectClass | None:
        """The class, or None if no scene looks for such things."""
        return next((one for name, one in self.said if name == label), class_of(label))


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which detector speaks.

    A detection that begins a track has at least `start_score`; the detector also reports weaker ones, which only
    continue a track that is already there. `labels` is empty if neither the model nor anybody else names its classes.
    """

    name: str
    sha256: str
    labels: tuple[str, ...]
    start_score: float = START_SCORE_DEFAULT
    licence: str | None = None
    classes: ClassMap = ClassMap()

    def __str__(self) -> str:
        """Text for `SceneEvent.model`."""
        return f"{self.name}@{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Track:
    """The same object, or static region, over time; all times are capture times.

    `still`: a region of static foreground, which stands where it stands since `first_seen_at`.
    `hidden`: something stands in front of it now, so that it is neither seen nor known to be gone.
    `stands_since`: since when it has stayed within a third of its size; None while it moves, and for the first four
    seconds of a stay. `came`: it was seen to come: it went 1.5 of its sizes, or in from the picture's border.
    `liquid`: a static region that is a wet patch of ground which spread, not a thing.
    `sure_at`: when it was last surely seen, and not only for a moment; None: at `last_seen_at`.
    """

    id: int
    label: str
    box: Box
    score: float
    first_seen_at: datetime
    last_seen_at: datetime
    still: bool = False
    hidden: bool = False
    stands_since: datetime | None = None
    came: bool = False
    liquid: bool = False
    sure_at: datetime | None = None

    @property
    def surely_seen_at(self) -> datetime:
        """When it was last surely seen."""
        return self.sure_at or self.last_seen_at


class Opening(StrEnum):
    """Why the detector is to look at a frame."""

    NEW_VIEW = "new_view"
    """The first frame, another light, another view: nobody knows what is there."""
    MOTION = "motion"
    FOLLOW = "follow"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Wants:
    """What the first, cheap look at a frame asks for: the detector (and why), and whether no frame may be left out."""

    opening: Opening | None = None
    every_frame: bool = True

    @property
    def detection(self) -> bool:
        """Whether the detector should look."""
        return self.opening is not None
