"""What a camera of the evaluation watches for: every scene by its rule, or whatever stays."""

from collections.abc import Iterator
from enum import StrEnum

from bench.scenes.plan import DWELL_S
from edge_agent.core.rules.running import CONDITIONS
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import Polygon
from protocol.scene_rules import STATIC_LABEL, StayRule
from protocol.scenes import Scene
from provisioning.simulator.site import Pace, zones_of
from provisioning.simulator.video.fixtures import Places

PACE = Pace(seen_s=5.0, dwell_s=DWELL_S, silence_s=40.0)


class Mode(StrEnum):
    """`model`: every scene by its own rule, with the detector. `static`: `stay` on static foreground, no model."""

    MODEL = "model"
    STATIC = "static"


def available() -> frozenset[str]:
    """Return the scenes that can run, `stay` apart."""
    return frozenset(str(scene) for scene in CONDITIONS if scene is not Scene.STAY)


def camera_config(places: Places, mode: Mode, scenes: frozenset[str], fps: float) -> CameraConfig:
    """Return the configuration of a camera with these places that watches for those scenes."""
    zones = _static_zones(places) if mode is Mode.STATIC else zones_of(places, PACE, scenes & available())
    return CameraConfig.model_validate(
        {"id": "cam", "url": "rtsp://127.0.0.1/cam", "analysis_fps": fps, "zones": tuple(zones)}
    )


def _static_zones(places: Places) -> Iterator[Zone]:
    rule = StayRule(scene=Scene.STAY, labels=(STATIC_LABEL,), dwell_s=DWELL_S)
    for name, polygon in (("pavement", places.pavement), ("kerb", _kerb(places))):
        yield Zone(id=name, polygon=polygon, rules=(rule,))


def _kerb(places: Places) -> Polygon:
    left, right = sorted((places.lane, places.fire_lane), key=lambda polygon: polygon[0][0])
    return (left[0], right[1], right[2], left[3])
