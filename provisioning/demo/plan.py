"""What the demo starts and where: ports, folders, cameras, and the configuration files of its parts. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from protocol.identifiers import camera_key
from protocol.scenes import Scene
from provisioning.simulator.site import Pace, zones_of
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import SCENES

SITE = "demo"
BOXES = ("box-1", "box-2")
CENTRAL_ID = "central"
LOOPBACK = "127.0.0.1"
FPS, SIZE = 10, (640, 360)
ANALYSIS_FPS = 2.0
DWELL_S = 4.0
PACE = Pace(seen_s=5.0, dwell_s=15.0, silence_s=60.0)
CAMERA_CHECK = {
    "look_s": 5.0, "clear_min": 0.07, "within_min": 1.0, "every_s": 5.0, "frames_min": 3, "light_min": 20.0,
    "observed_share_min": 0.5,
}  # fmt: skip
"""Looks of seconds, for a street on which things stay for less than a minute and people walk before the camera."""
DISK_FREE_BYTES_MIN = 100_000_000
LEFT = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
RIGHT = [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
THINGS = ("stall", "bike", "rubbish", "goods")


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One simulated camera and the box that watches it."""

    box: str
    id: str
    name: str
    place: str
    script: str
    seed: int
    port: int
    watched: frozenset[Scene]

    @property
    def key(self) -> str:
        """The camera's name in central."""
        return camera_key(self.box, self.id)

    @property
    def url(self) -> str:
        """Where the box finds it."""
        return f"rtsp://{LOOPBACK}:{self.port}/{self.id}"


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback TCP ports; `cameras` has one for each camera."""

    central: int
    broker: int
    receiver: int
    cameras: tuple[int, ...]


class BrokerKind(StrEnum):
    """Which embedded broker central runs; `auto` takes mosquitto where it is installed."""

    AUTO = "auto"
    MOSQUITTO = "mosquitto"
    AMQTT = "amqtt"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person at the terminal chose. `port` of central, 0 for a free one; `checked` for `--check`."""

    folder: Path
    port: int = 0
    broker: BrokerKind = BrokerKind.AUTO
    checked: bool = False


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """Everything that is decided before the first process starts."""

    folder: Path
    ports: Ports
    broker: BrokerKind
    cameras: tuple[CameraPlan, ...]

    @property
    def central_folder(self) -> Path:
        """Holds `central.yaml` and central's data."""
        return self.folder / CENTRAL_ID

    @property
    def central_config(self) -> Path:
        """Settings of central."""
        return self.central_folder / "central.yaml"

    @property
    def log_folder(self) -> Path:
        """What each process says."""
        return self.folder / "logs"

    @property
    def url(self) -> str:
        """Address of central."""
        return f"http://{LOOPBACK}:{self.ports.central}"

    def box_folder(self, box: str) -> Path:
        """Holds `edge.yaml`, `connection.yaml` and the box's data."""
        return self.folder / box

    def box_config(self, box: str) -> Path:
        """Configuration of a box."""
        return self.box_folder(box) / "edge.yaml"

    def outbox_folder(self, box: str) -> Path:
        """Where a box keeps its outbox."""
        return self.box_folder(box) / "data"

    def cameras_of(self, box: str) -> tuple[CameraPlan, ...]:
        """The cameras that a box watches."""
        return tuple(camera for camera in self.cameras if camera.box == box)


@dataclass(frozen=True, slots=True)
class Street:
    """Where a camera hangs, what is played in front of it for people to look at, and what it watches for there."""

    name: str
    place: str
    script: str
    watched: frozenset[Scene]


STREETS = (
    Street(
        "人民路口东侧",
        "人民路与解放街路口",
        "vendors",
        frozenset({Scene.MOBILE_VENDOR, Scene.ROAD_OCCUPATION}),
    ),
    Street(
        "农贸市场南门",
        "建设路 18 号农贸市场",
        "shop-front",
        frozenset({Scene.OUT_OF_STORE, Scene.BIN_OVERFLOW, Scene.MATERIAL_HEAP}),
    ),
    Street(
        "地铁站 B 口",
        "滨江地铁站 B 出口",
        "parking",
        frozenset({Scene.BIKE_PILEUP, Scene.BIKE_PARKING, Scene.VEHICLE_PARKING}),
    ),
    Street("学府路巷口", "学府路背街小巷", "dumping", frozenset({Scene.DUMPING, Scene.EXPOSED_RUBBISH})),
)
CHECKED_SCRIPT, CHECKED = "busy", frozenset({Scene.STAY})
"""The check needs reports all the time, more than one camera has in life: stalls that come and go, each told."""
CAMERAS_PER_BOX = 2


def plan_demo(wishes: Wishes, ports: Ports) -> DemoPlan:
    """Four cameras on two boxes; the check plays the scene in which something happens all the time."""
    cameras = tuple(
        CameraPlan(
            box=BOXES[index // CAMERAS_PER_BOX],
            id=f"cam-{index + 1}",
            name=street.name,
            place=street.place,
            script=CHECKED_SCRIPT if wishes.checked else street.script,
            seed=index + 1,
            port=port,
            watched=CHECKED if wishes.checked else street.watched,
        )
        for index, (street, port) in enumerate(zip(STREETS, ports.cameras, strict=True))
    )
    return DemoPlan(wishes.folder, ports, wishes.broker, cameras)


def central_yaml(plan: DemoPlan) -> str:
    """Content of `central.yaml`."""
    return _yaml(
        {
            "data_dir": "data",
            "listen": {"host": LOOPBACK, "port": plan.ports.central},
            "broker": {"host": LOOPBACK, "port": plan.ports.broker, "kind": plan.broker.value},
            "evidence": {"disk_free_bytes_min": DISK_FREE_BYTES_MIN},
            "camera_check": CAMERA_CHECK,
            "notify_url": f"json://{LOOPBACK}:{plan.ports.receiver}/",
        }
    )


def edge_yaml(plan: DemoPlan, box: str, model: Path) -> str:
    """Content of a box's `edge.yaml`; `model` is the detector's ONNX file."""
    return _yaml(
        {
            "site": SITE,
            "box": box,
            "model": {"path": str(model)},
            "outbox": {"disk_free_bytes_min": DISK_FREE_BYTES_MIN},
            "cameras": [_camera(camera) for camera in plan.cameras_of(box)],
        }
    )


def _camera(camera: CameraPlan) -> dict[str, object]:
    return {
        "id": camera.id,
        "url": camera.url,
        "name": camera.name,
        "place": camera.place,
        "analysis_fps": ANALYSIS_FPS,
        "zones": _halves() if camera.watched == CHECKED else _drawn(camera),
    }


def _halves() -> list[dict[str, object]]:
    rule = {"scene": str(Scene.STAY), "labels": list(THINGS), "dwell_s": DWELL_S}
    return [
        {"id": "left", "name": "左侧人行道", "polygon": LEFT, "rules": [rule]},
        {"id": "right", "name": "右侧人行道", "polygon": RIGHT, "rules": [dict(rule)]},
    ]


def _drawn(camera: CameraPlan) -> list[dict[str, object]]:
    """The zones of what the camera watches for, as a technician would draw them on its picture."""
    places = StreetCamera(SCENES[camera.script](), camera.seed, SIZE, FPS).places()
    zones = zones_of(places, PACE, camera.watched)
    return [zone.model_dump(mode="json", exclude_unset=True, exclude_none=True) for zone in zones]


def _yaml(content: dict[str, object]) -> str:
    text = StringIO()
    YAML(typ="safe", pure=True).dump(content, text)
    return text.getvalue()
