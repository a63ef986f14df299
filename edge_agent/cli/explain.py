"""What a configuration means, in lines for a person."""

from collections.abc import Iterator

from edge_agent.cli.models import asked_labels
from edge_agent.settings import LoadedConfig
from protocol.configuration import AgentConfig, CameraConfig, Zone
from protocol.geometry import polygon_area
from protocol.scene_rules import StayRule


def explanation(loaded: LoadedConfig, detector: str) -> Iterator[str]:
    """Lines for the terminal, one of which says what the `detector` is; warnings last."""
    config = loaded.config
    yield f"{loaded.path}: valid"
    yield f"box {config.box} of site {config.site}, {len(config.cameras)} camera(s)"
    for camera in config.cameras:
        yield from _camera_lines(camera)
    yield f"detector: {detector}"
    yield f"connection: {loaded.resolve(config.connection)}"
    yield f"data: {loaded.resolve(config.data_dir)}"
    for warning in _warnings(loaded):
        yield f"warning: {warning}"


def _camera_lines(camera: CameraConfig) -> Iterator[str]:
    name = f" ({camera.name})" if camera.name else ""
    yield f"camera {camera.id}{name}: {camera.url}, {camera.analysis_fps:g} looks a second"
    if camera.privacy_masks:
        yield f"  {len(camera.privacy_masks)} privacy mask(s), painted black before anything else"
    for zone in camera.zones:
        called = f" ({zone.name})" if zone.name else ""
        yield f"  zone {zone.id}{called}: {polygon_area(zone.polygon):.1%} of the picture"
        yield from _rule_lines(zone)


def _rule_lines(zone: Zone) -> Iterator[str]:
    for rule in zone.rules:
        if isinstance(rule, StayRule):
            labels = " or ".join(rule.labels)
            yield f"    {rule.scene}: the same {labels} for {rule.dwell_s:g} s, gaps up to {rule.grace_s:g} s"
        else:
            off = "" if rule.enabled else " (off)"
            yield f"    {rule.scene}{off}: told after {rule.dwell_s:g} s, gaps up to {rule.grace_s:g} s"


def _warnings(loaded: LoadedConfig) -> Iterator[str]:
    config = loaded.config
    if config.model is None:
        yield from _sleeping(config)
    elif not loaded.resolve(config.model.path).is_file():
        yield f"there is no detector file {loaded.resolve(config.model.path)}"
    if not loaded.resolve(config.connection).is_file():
        yield f"not joined yet: there is no {loaded.resolve(config.connection)}; use `gridwarden provision join`"
    for camera in config.cameras:
        if not any(zone.rules for zone in camera.zones):
            yield f"camera {camera.id} has no rule: it is watched for faults only"


def _sleeping(config: AgentConfig) -> Iterator[str]:
    """Rules that need a detector, when there is none."""
    for camera in config.cameras:
        for place, label in asked_labels(camera):
            yield f"{place} asks for {label!r}, which needs a detector; name one under `model:`"
