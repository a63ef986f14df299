"""One scene rule by itself, without a camera around it."""

from datetime import UTC, tzinfo

from edge_agent.core.rules import RunningRule, Setting, Stream, running, settings_of
from edge_agent.core.values import ModelIdentity
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import Polygon
from protocol.messages import Basis
from protocol.scene_rules import STATIC_LABEL, Rule, StayRule
from protocol.scenes import ObjectClass

WHOLE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
MODEL = ModelIdentity("m", "0" * 64, tuple(ObjectClass))
LABELS = {one: frozenset({str(one)}) for one in ObjectClass}
"""A model that calls everything as the project does."""


def everywhere(
    rule: Rule, place: Polygon | Zone = WHOLE, *, model: ModelIdentity | None = MODEL, timezone: tzinfo = UTC
) -> list[RunningRule]:
    """The rule as a camera with that model would run it: once for each stream that drives it."""
    zone = place if isinstance(place, Zone) else Zone(id="z", polygon=place)
    camera = CameraConfig.model_validate({"id": "c", "url": "rtsp://h/x"}).model_copy(
        update={"zones": (zone.model_copy(update={"rules": (rule,)}),)}
    )
    return [running(setting) for setting in settings_of(camera, model, timezone)]


def alone(
    rule: Rule,
    place: Polygon | Zone = WHOLE,
    *,
    basis: Basis = Basis.MODEL,
    stream: Stream = Stream.OBJECTS,
    timezone: tzinfo = UTC,
) -> RunningRule:
    """The rule in a zone of its own; a `stay` on `static`, and what rests on it, is driven by regions."""
    if basis is Basis.STATIC or (isinstance(rule, StayRule) and STATIC_LABEL in rule.labels):
        basis, stream = Basis.STATIC, Stream.REGIONS
    zone = place if isinstance(place, Zone) else Zone(id="z", polygon=place)
    return running(Setting(zone, rule, basis, stream, LABELS, timezone))
