"""The one configuration of a box: written by people, pushed by central, obeyed by the agent.

Frozen, and strict about names.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, Strict, StringConstraints, model_validator

from protocol.camera_url import CameraUrl
from protocol.geometry import Polygon
from protocol.identifiers import CENTRAL_BOX_ID, BoxId, CameraId, SiteId, ZoneId
from protocol.joining import CONNECTION_FILE
from protocol.messages import CAMERAS_PER_BOX_MAX, EVIDENCE_BYTES_MAX, MESSAGE_BYTES_MAX
from protocol.plain_text import Plain
from protocol.scene_rules import LegalPeriod, PlainText, Rule, Settings, ShopFront
from protocol.scenes import Scene, Surface
from protocol.texts import BadValue, Words

NAME_BYTES_MAX = 255

_NO_PATH = Words("不是路径：其中有名称超过 {most} 字节", "is no path: a name in it has more than {most} bytes")
_NO_TIME_ZONE = Words(
    "{name} 不是本机认识的时区；请写 Asia/Shanghai 这样的名称",
    "{name} is no time zone that this machine knows; write one such as Asia/Shanghai",
)
_NO_SHOP_FRONT = Words(
    "场景 `out_of_store` 需要区域写明 `shop_front: {{name, door_line}}`",
    "the scene `out_of_store` needs the zone's `shop_front: {{name, door_line}}`",
)
_CLIP_BESIDE_MASKS = Words(
    "`evidence.clip` 不能与 `privacy_masks` 同时使用：视频片段不重新编码，无法涂黑；请去掉其中一项",
    "`evidence.clip` cannot be on beside `privacy_masks`: a clip is cut without encoding it anew, "
    "so nothing can be painted over in it; leave out one of the two",
)
_SAME_STREAM = Words(
    "`main_url` 与 `url` 是同一路码流；请写像素更多的那一路，或者不写",
    "`main_url` is the same stream as `url`; write the one with more pixels, or leave it out",
)
_RESERVED = Words("{name} 是保留名称；请换一个盒子编号", "{name} is reserved; choose another box id")
_DOUBLES = Words(
    "每个{kind}都要有自己的编号；重复的有：{names}", "each {kind} needs an id of its own; used twice: {names}"
)
_ZONES, _CAMERAS = Words("区域", "zone"), Words("摄像机", "camera")


_TOO_MUCH_TO_TELL = Words(
    "摄像机和区域的名称、角点合计 {size} 字节，超过 {most} 字节，无法在一条消息里告诉中心；请减少区域或角点",
    "names and corners of cameras and zones come to {size} bytes, and one message to central takes {most}; "
    "draw fewer zones, or with fewer corners",
)
DESCRIBED_BYTES_MAX = MESSAGE_BYTES_MAX - 16_384
"""What a box says of its cameras when it starts; the rest of that message needs less than the difference."""
_DESCRIBED: dict[str, Any] = {
    "id": True,
    "name": True,
    "place": True,
    "zones": {"__all__": {"id": True, "name": True, "polygon": True, "rules": {"__all__": {"scene"}}}},
}


def _possible(path: str) -> str:
    if any(len(name.encode()) > NAME_BYTES_MAX for name in path.split("/")):
        raise BadValue(_NO_PATH, most=NAME_BYTES_MAX)
    return path


FilePath = Annotated[str, StringConstraints(min_length=1, max_length=1024), Plain, AfterValidator(_possible)]
ByteCount = Annotated[int, Strict(), Field(ge=1_000_000, le=10**13)]


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadValue(_NO_TIME_ZONE, name=repr(name)) from None
    return name


LATENCY_S_DEFAULT = 2.0


class Zone(Settings):
    """A part of the picture with its rules.

    `latency_s`: the longest that a look of the detector which is due may take until it is done; the detector's turns
    among all cameras are given by it.
    """

    id: ZoneId
    name: PlainText = ""
    polygon: Polygon
    surface: Surface | None = None
    latency_s: Annotated[float, Strict(), Field(ge=0.1, le=600)] = LATENCY_S_DEFAULT
    shop_front: ShopFront | None = None
    legal_periods: Annotated[tuple[LegalPeriod, ...], Field(max_length=8)] = ()
    rules: Annotated[tuple[Rule, ...], Field(max_length=16)] = ()

    @model_validator(mode="after")
    def _shop_front_where_needed(self) -> Self:
        scenes = {rule.scene for rule in self.rules}
        if Scene.OUT_OF_STORE in scenes and self.shop_front is None:
            raise BadValue(_NO_SHOP_FRONT)
        return self


class DecodeMode(StrEnum):
    """How much of a stream is decoded: all, key frames alone, or whichever of both is enough at the time."""

    ADAPTIVE = "adaptive"
    FULL = "full"
    KEYFRAMES = "keyframes"


class HealthConfig(Settings):
    """Of the camera's picture. `clock_mask` lies around text that changes by itself.

    `view` is counted up by a person after the camera was turned on purpose: its view is then learned anew.
    """

    clock_mask: Polygon | None = None
    view: Annotated[int, Strict(), Field(ge=1, le=1_000_000)] = 1


class EvidenceConfig(Settings):
    """Of one camera: how many bytes a picture may have, and whether each report brings a clip.

    A clip is the stream as the camera sent it, without marks, caption or masks.
    """

    picture_bytes_max: Annotated[int, Strict(), Field(ge=30_000, le=EVIDENCE_BYTES_MAX)] = 200_000
    clip: bool = False


class CameraConfig(Settings):
    """One camera. `privacy_masks` are painted black before any picture leaves the decoder's process.

    `main_url`: another stream of the same view with more pixels, opened for single evidence pictures alone.
    """

    id: CameraId
    url: CameraUrl
    main_url: CameraUrl | None = None
    name: PlainText = ""
    place: PlainText = ""
    kind: Literal["fixed", "dome"] = "fixed"
    latitude: Annotated[float, Strict(), Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Strict(), Field(ge=-180, le=180)] | None = None
    decode: DecodeMode = DecodeMode.ADAPTIVE
    analysis_fps: Annotated[float, Strict(), Field(ge=0.2, le=30)] = 2.0
    privacy_masks: Annotated[tuple[Polygon, ...], Field(max_length=16)] = ()
    zones: Annotated[tuple[Zone, ...], Field(max_length=64)] = ()
    health: HealthConfig = HealthConfig()
    evidence: EvidenceConfig = EvidenceConfig()

    @model_validator(mode="after")
    def _unique_zones(self) -> Self:
        _refuse_doubles(_ZONES, [zone.id for zone in self.zones])
        return self

    @model_validator(mode="after")
    def _no_clip_past_the_masks(self) -> Self:
        if self.evidence.clip and self.privacy_masks:
            raise BadValue(_CLIP_BESIDE_MASKS)
        return self

    @model_validator(mode="after")
    def _another_main_stream(self) -> Self:
        if self.main_url == self.url:
            raise BadValue(_SAME_STREAM)
        return self


ModelLayout = Literal[
    "ultralytics_v8",
    "ultralytics_segment",
    "ultralytics_end2end",
    "ultralytics_rtdetr",
    "ultralytics_rtdetr_scores",
    "yolov5",
    "yolov6",
    "yolo_end2end",
    "yolov7_end2end",
    "yolox",
    "yolox_decoded",
    "nanodet",
    "nanodet_six",
    "detr_sized",
    "tensorflow_detection",
    "torchvision",
    "mmdeploy",
]
"""How a detector writes what it sees; `yolox` leaves open whether it is decoded."""


class ModelConfig(Settings):
    """The detector: an ONNX file, and what its file cannot say; a `threshold` goes before those of its card."""

    path: FilePath
    labels: FilePath | None = None
    layout: ModelLayout | None = None
    threshold: Annotated[float, Strict(), Field(gt=0, lt=1)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class OutboxConfig(Settings):
    """What the box may keep while central is away."""

    bytes_max: ByteCount = 512_000_000
    evidence_bytes_max: ByteCount = 4_000_000_000
    disk_free_bytes_min: Annotated[int, Strict(), Field(ge=0)] = 200_000_000


class UplinkConfig(Settings):
    """The line to central. Evidence may use `evidence_share` of `kbit_s`; 0 kbit/s means unlimited.

    `evidence_bytes_per_day` is for lines that are paid by the byte; None means unlimited.
    """

    kbit_s: Annotated[int, Strict(), Field(ge=0, le=10_000_000)] = 0
    evidence_share: Annotated[float, Strict(), Field(gt=0, le=1)] = 0.6
    evidence_bytes_per_day: ByteCount | None = None


class CropsConfig(Settings):
    """Cut-outs of what was reported, kept on the box to learn from; faces and plates unreadable unless `blur` is off.

    Whoever switches `blur` off keeps personal data on the box.
    """

    keep: bool = True
    blur: bool = True


class AgentConfig(Settings):
    """Everything an edge agent needs to know besides its connection. Relative paths start at the file's folder."""

    site: SiteId
    box: BoxId
    timezone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Shanghai"
    cameras: Annotated[tuple[CameraConfig, ...], Field(min_length=1, max_length=CAMERAS_PER_BOX_MAX)]
    model: ModelConfig | None = None
    connection: FilePath = CONNECTION_FILE
    data_dir: FilePath = "data"
    crops: CropsConfig = CropsConfig()
    outbox: OutboxConfig = OutboxConfig()
    uplink: UplinkConfig = UplinkConfig()

    @model_validator(mode="after")
    def _unique_cameras(self) -> Self:
        if self.box == CENTRAL_BOX_ID:
            raise BadValue(_RESERVED, name=repr(CENTRAL_BOX_ID))
        _refuse_doubles(_CAMERAS, [camera.id for camera in self.cameras])
        return self

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        size = sum(len(camera.model_dump_json(include=_DESCRIBED).encode()) for camera in self.cameras)
        if size > DESCRIBED_BYTES_MAX:
            raise BadValue(_TOO_MUCH_TO_TELL, size=size, most=DESCRIBED_BYTES_MAX)
        return self


def _refuse_doubles(kind: Words, ids: list[str]) -> None:
    doubles = sorted({name for name in ids if ids.count(name) > 1})
    if doubles:
        raise BadValue(_DOUBLES, kind=kind, names=", ".join(doubles))
