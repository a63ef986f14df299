"""What a rule works with: its zone and configuration, and which of a detector's labels stand for what it looks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from edge_agent.core.rules.sighting import Stream
from edge_agent.core.values import ModelIdentity, Track
from protocol.configuration import CameraConfig, Zone
from protocol.messages import Basis
from protocol.scene_rules import STATIC_LABEL, Hours, Rule, StayRule, Weekday
from protocol.scenes import SCENES, ObjectClass, Scene

_DAYS = tuple(Weekday)


class SceneRefused(Exception):
    """A rule cannot be served by the loaded model; the text names the classes and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule in its zone. `labels`: the model's own names of each class; empty on static foreground alone."""

    zone: Zone
    rule: Rule
    basis: Basis
    stream: Stream
    labels: Mapping[ObjectClass, frozenset[str]]
    timezone: tzinfo

    @property
    def asks_detector(self) -> bool:
        """Whether it has a use for detections: as what it looks for, or to explain static foreground by."""
        return self.basis is Basis.MODEL or bool(self.labels)

    def of_class(self, track: Track, *classes: ObjectClass) -> bool:
        """Whether a detector's track is of one of these classes."""
        return any(track.label in self.labels.get(one, ()) for one in classes)

    @property
    def sought(self) -> frozenset[ObjectClass]:
        """Classes of the things that the scene is about."""
        return SCENES[self.rule.scene].needs

    def counts_at(self, now: datetime) -> bool:
        """Whether the rule counts: within its hours, and not while a legal period permits it."""
        if not self.rule.hours and not self.zone.legal_periods:
            return True
        local = now.astimezone(self.timezone)
        if self.rule.hours and not any(within(hours, local) for hours in self.rule.hours):
            return False
        legal = [period.hours for period in self.zone.legal_periods if self.rule.scene in period.scenes]
        return not any(within(hours, local) for period in legal for hours in period)


def within(hours: Hours, local: datetime) -> bool:
    """Whether a local time lies in these hours; those that cross midnight belong to the day on which they begin."""
    at = local.time().replace(tzinfo=None)
    if hours.begin < hours.end:
        return hours.begin <= at < hours.end and _day(local) in hours.days
    if at >= hours.begin:
        return _day(local) in hours.days
    return at < hours.end and _day(local - timedelta(days=1)) in hours.days


def _day(local: datetime) -> Weekday:
    return _DAYS[local.weekday()]


def settings_of(camera: CameraConfig, model: ModelIdentity | None, timezone: tzinfo) -> tuple[Setting, ...]:
    """Every rule of a camera that is switched on, ready to run; raises `SceneRefused`.

    A `stay` that names both `static` and labels of a model runs once for each.
    """
    return tuple(
        setting for zone in camera.zones for rule in zone.rules if rule.enabled
        for setting in _settings(zone, rule, model, timezone)
    )  # fmt: skip


def _settings(zone: Zone, rule: Rule, model: ModelIdentity | None, timezone: tzinfo) -> Iterator[Setting]:
    if isinstance(rule, StayRule):
        yield from _stays(zone, rule, model, timezone)
        return
    known = labels_by_class(model)
    missing = SCENES[rule.scene].needs - known.keys()
    if not missing:
        for stream in streams_of(rule):
            yield Setting(zone, rule, Basis.MODEL, stream, known, timezone)
    elif SCENES[rule.scene].static_serves:
        yield Setting(zone, rule, Basis.STATIC, Stream.REGIONS, known, timezone)
    else:
        raise SceneRefused(refusal(zone, rule, model, missing))


def streams_of(rule: Rule) -> tuple[Stream, ...]:
    """What drives a scene when the detector has its classes."""
    return _STREAMS.get(rule.scene, (Stream.OBJECTS,))


_BOTH = (Stream.OBJECTS, Stream.REGIONS)
_STREAMS: Mapping[Scene, tuple[Stream, ...]] = {
    Scene.DUMPING: _BOTH,
    Scene.BIN_OVERFLOW: _BOTH,
    Scene.EXPOSED_RUBBISH: _BOTH,
    Scene.MATERIAL_HEAP: _BOTH,
}


def _stays(zone: Zone, rule: StayRule, model: ModelIdentity | None, timezone: tzinfo) -> Iterator[Setting]:
    """A `stay` on a model's labels sleeps while there is no model."""
    objects = tuple(label for label in rule.labels if label != STATIC_LABEL)
    if objects and model is not None:
        part = rule.model_copy(update={"labels": objects})
        yield Setting(zone, part, Basis.MODEL, Stream.OBJECTS, {}, timezone)
    if STATIC_LABEL in rule.labels:
        part = rule.model_copy(update={"labels": (STATIC_LABEL,)})
        yield Setting(zone, part, Basis.STATIC, Stream.REGIONS, {}, timezone)


def labels_by_class(model: ModelIdentity | None) -> dict[ObjectClass, frozenset[str]]:
    """A model's own names for each class that it knows."""
    if model is None:
        return {}
    found: dict[ObjectClass, set[str]] = {}
    for label in model.labels:
        known = model.classes.of(label)
        if known is not None:
            found.setdefault(known, set()).add(label)
    return {known: frozenset(labels) for known, labels in found.items()}


def refusal(zone: Zone, rule: Rule, model: ModelIdentity | None, missing: frozenset[ObjectClass]) -> str:
    """Why a rule cannot run."""
    names = ", ".join(sorted(missing))
    which = f"the model {model.name} does not know" if model is not None else "no model is loaded that knows"
    return (
        f"zone {zone.id}: the scene `{rule.scene}` looks for {names}, which {which}; load one that does, name "
        "its labels in the model card under `classes:`, or switch the rule off by `enabled: false`"
    )
