"""What the processes of the agent say to each other over their pipes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edge_agent.core.clock import Clock
from edge_agent.core.feedback import SpotMask
from edge_agent.core.turns import Request
from edge_agent.core.values import Detection, ModelIdentity
from edge_agent.inference.preprocess import Fitting
from edge_agent.pipeline import BoxPlace, CropPlan
from protocol.configuration import CameraConfig
from protocol.messages import CameraReason, Command, EvidenceRef, LookFinding, SceneEvent
from protocol.texts import Language


@dataclass(frozen=True, slots=True)
class CameraSetup:
    """Everything that a camera's process is given at its start."""

    place: BoxPlace
    camera: CameraConfig
    model: ModelIdentity | None
    evidence_folder: Path
    views_folder: Path
    """Where the learned views of the cameras are kept."""
    clock: Clock
    crops: CropPlan | None = None
    fitting: Fitting | None = None
    """How large its pictures are of use to the model."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What the inference process loads; paths are absolute."""

    path: Path
    labels: Path | None
    layout: str | None
    threshold: float | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Open:
    """To a camera: connect once."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """To a camera: keep a picture of now for this command."""

    command: str


@dataclass(frozen=True, slots=True)
class LookAt:
    """To a camera: answer this `look`."""

    command: Command


@dataclass(frozen=True, slots=True)
class Masks:
    """To a camera: all spots that are masked from now on."""

    masks: tuple[SpotMask, ...]


@dataclass(frozen=True, slots=True)
class Detected:
    """To a camera: what the detector saw on picture `seq` when its turn came; `asked` is the request's number."""

    asked: int
    seq: int
    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class TurnLost:
    """To a camera: the detector will not answer request `asked`."""

    asked: int


@dataclass(frozen=True, slots=True)
class Stop:
    """To a camera: end open episodes and leave."""


ToCamera = Open | Snapshot | LookAt | Masks | Detected | TurnLost | Stop


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """From a camera: the first picture of this connection is decoded."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Figures:
    """From a camera, every second while it has frames."""

    fps: float
    analysed_fps: float
    latency_ms: float | None
    shed_frames: int
    width: int
    height: int
    late_looks: int = 0
    evidence_failures: int = 0
    """Pictures that this process could not keep since its start."""


@dataclass(frozen=True, slots=True)
class OpenRefused:
    """From a camera: the attempt failed before the first picture; no secret in `detail`."""

    reason: CameraReason
    detail: str


@dataclass(frozen=True, slots=True)
class Ended:
    """From a camera: the stream that gave pictures ended."""

    detail: str


@dataclass(frozen=True, slots=True)
class MainStreamRefused:
    """From a camera: its main stream gave no picture; no secret in `detail`."""

    reason: CameraReason
    detail: str


@dataclass(frozen=True, slots=True)
class Happened:
    """From a camera: reports of scenes; their pictures are on disk."""

    events: tuple[SceneEvent, ...]


@dataclass(frozen=True, slots=True)
class LastPicture:
    """From a camera, now and then: a masked JPEG, in case the camera dies."""

    jpeg: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """From a camera: what the picture itself shows changed, or was measured again while it is at fault."""

    fault: CameraReason | None
    value: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class DetectionWanted:
    """From a camera: a picture lies in the shared slot, `seq` or, by the time of its turn, a newer one.

    `due_s` (monotonic) and `latency_s` say when the look is wanted (`core.turns.Request`).
    """

    seq: int
    due_s: float
    latency_s: float


@dataclass(frozen=True, slots=True)
class SnapshotTaken:
    """From a camera: the picture for a command is on disk, or why not."""

    command: str
    picture: EvidenceRef | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LookTaken:
    """From a camera: the answer to a `look`; its pictures are on disk."""

    command: str
    finding: LookFinding
    pictures: tuple[EvidenceRef, ...]


@dataclass(frozen=True, slots=True)
class Crashed:
    """From any process: an error that nobody expected; it leaves."""

    detail: str


FromCamera = (
    FirstFrame
    | Figures
    | OpenRefused
    | Ended
    | Happened
    | LastPicture
    | MainStreamRefused
    | Judged
    | DetectionWanted
    | SnapshotTaken
    | LookTaken
    | Crashed
)


@dataclass(frozen=True, slots=True)
class Detect:
    """To inference: detect on what lies in the camera's slot when its turn comes."""

    request: Request


@dataclass(frozen=True, slots=True)
class Seen:
    """From inference: the answer to request `asked` of camera `place`; None when no whole picture lay there."""

    place: int
    asked: int
    seq: int
    detections: tuple[Detection, ...] | None


@dataclass(frozen=True, slots=True)
class Ready:
    """From inference: the model is loaded; how large the pictures should be that it is shown."""

    identity: ModelIdentity
    fitting: Fitting


@dataclass(frozen=True, slots=True)
class Refused:
    """From inference: the model cannot be used; a sentence for the user, by language."""

    texts: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class LookRefused:
    """The model answered a picture with what nobody can read; the turn is lost."""

    detail: str


FromInference = Ready | Refused | Seen | LookRefused | Crashed
