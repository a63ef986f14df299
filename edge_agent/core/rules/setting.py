"""What a rule works with: its zone and configuration, and which of a detector's labels stand for what it looks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from edge_agent.core.rules.serving import Serving, labels_by_class, servings, streams_of
from edge_agent.core.rules.sighting import Stream
from edge_agent.core.values import ModelIdentity, Track
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import Polygon
from protocol.messages import Basis
from protocol.scene_rules import STATIC_LABEL, Hours, Rule, StayRule, Weekday
from protocol.scenes import SCENES, ObjectClass, Scene

_DAYS = tuple(Weekday)
Labels = Mapping[ObjectClass, frozenset[str]]
"""A model's own names of each class."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule in its zone.

    `labels`: the model's own names of each class; empty on static foreground alone. `bins`, `fronts`: the
    camera's other zones that are watched for a bin's overflow, and for a shop's goods.
    """

    zone: Zone
    rule: Rule
    basis: Basis
    stream: Stream
    labels: Labels
    timezone: tzinfo
    bins: tuple[Polygon, ...] = ()
    fronts: tuple[Polygon, ...] = ()

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
    """Every rule of a camera that is switched on, ready to run; raises `RulesRefused`.

    A `stay` that names both `static` and labels of a model runs once for each.
    """
    zones, labels = {zone.id: zone for zone in camera.zones}, labels_by_class(model)
    made = [
        setting for one in servings([camera], model) for setting in _settings(zones[one.zone], one, labels, timezone)
    ]
    return tuple(
        replace(one, bins=_others(one, made, Scene.BIN_OVERFLOW), fronts=_others(one, made, Scene.OUT_OF_STORE))
        for one in made
    )


def _others(setting: Setting, made: Sequence[Setting], scene: Scene) -> tuple[Polygon, ...]:
    """Polygons of the zones, other than the setting's own, in which that scene is watched for."""
    zones = {one.zone.id: one.zone.polygon for one in made if one.rule.scene is scene}
    return tuple(polygon for name, polygon in zones.items() if name != setting.zone.id)


def _settings(zone: Zone, serving: Serving, labels: Labels, timezone: tzinfo) -> Iterator[Setting]:
    rule = serving.rule
    for basis in serving.bases:
        if isinstance(rule, StayRule):
            stream = Stream.OBJECTS if basis is Basis.MODEL else Stream.REGIONS
            yield Setting(zone, _stay_on(rule, basis), basis, stream, {}, timezone)
            continue
        for stream in streams_of(rule) if basis is Basis.MODEL else (Stream.REGIONS,):
            yield Setting(zone, rule, basis, stream, labels, timezone)


def _stay_on(rule: StayRule, basis: Basis) -> StayRule:
    """The part of a `stay` that rests on that."""
    labels = tuple(label for label in rule.labels if (label == STATIC_LABEL) is (basis is Basis.STATIC))
    return rule.model_copy(update={"labels": labels})
