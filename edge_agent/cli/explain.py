"""What a configuration means, in lines for a person."""

from collections.abc import Iterator

from edge_agent.cli.models import Checked
from edge_agent.core.rules import Serving
from edge_agent.core.rules.facts.ground import street_share
from edge_agent.settings import LoadedConfig
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import polygon_area
from protocol.scene_rules import Rule, StayRule
from protocol.scenes import Scene

STREET_SHARE_MIN = 0.55
"""Of a zone that its door line cuts into nearly equal halves nobody can tell which is the street."""


def explanation(loaded: LoadedConfig, checked: Checked) -> Iterator[str]:
    """Lines for the terminal, what each rule rests on among them; warnings last."""
    config = loaded.config
    yield f"{loaded.path}: valid"
    yield f"box {config.box} of site {config.site}, {len(config.cameras)} camera(s)"
    for camera in config.cameras:
        yield from _camera_lines(camera, checked.servings or ())
    yield f"detector: {checked.line}"
    yield f"connection: {loaded.resolve(config.connection)}"
    yield f"data: {loaded.resolve(config.data_dir)}"
    for warning in _warnings(loaded, checked):
        yield f"warning: {warning}"


def _camera_lines(camera: CameraConfig, servings: tuple[Serving, ...]) -> Iterator[str]:
    name = f" ({camera.name})" if camera.name else ""
    yield f"camera {camera.id}{name}: {camera.url}, {camera.analysis_fps:g} looks a second"
    if camera.main_url is not None:
        yield f"  {camera.main_url}, for single evidence pictures"
    if camera.privacy_masks:
        yield f"  {len(camera.privacy_masks)} privacy mask(s), painted black before anything else"
    for zone in camera.zones:
        called = f" ({zone.name})" if zone.name else ""
        yield f"  zone {zone.id}{called}: {polygon_area(zone.polygon):.1%} of the picture"
        for rule in zone.rules:
            found = (one for one in servings if (one.camera, one.zone) == (camera.id, zone.id) and one.rule is rule)
            yield f"    {_rule_words(rule)}{_ground(next(found, None))}"


def _rule_words(rule: Rule) -> str:
    off = "" if rule.enabled else " (off)"
    if isinstance(rule, StayRule):
        labels = " or ".join(rule.labels)
        return f"{rule.scene}{off}: the same {labels} for {rule.dwell_s:g} s, gaps up to {rule.grace_s:g} s"
    return f"{rule.scene}{off}: told after {rule.dwell_s:g} s, gaps up to {rule.grace_s:g} s"


def _ground(serving: Serving | None) -> str:
    return "" if serving is None else f"; rests on {serving}"


def _warnings(loaded: LoadedConfig, checked: Checked) -> Iterator[str]:
    config = loaded.config
    if checked.servings is None:
        yield f"there is no detector file {checked.line}: whether its classes serve the rules is not known"
    if not loaded.resolve(config.connection).is_file():
        yield f"not joined yet: there is no {loaded.resolve(config.connection)}; use `gridwarden provision join`"
    for camera in config.cameras:
        if not any(zone.rules for zone in camera.zones):
            yield f"camera {camera.id} has no rule: it is watched for faults only"
        for zone in camera.zones:
            yield from (f"camera {camera.id}, zone {zone.id}: {words}" for words in _before_a_shop(zone))


def _before_a_shop(zone: Zone) -> Iterator[str]:
    """What is odd about the rules of a zone before a shop front."""
    if zone.shop_front is None:
        return
    scenes = {rule.scene for rule in zone.rules if rule.enabled}
    if Scene.ROAD_OCCUPATION in scenes:
        yield "`road_occupation` tells nothing before a shop front; give it a zone without `shop_front`"
    if Scene.OUT_OF_STORE in scenes and street_share(zone.polygon, zone.shop_front.door_line) < STREET_SHARE_MIN:
        yield "the door line halves the zone, so that its street side is a guess; draw the zone further into the street"
