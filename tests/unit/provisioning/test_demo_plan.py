"""The demo's configuration files are what the real parts accept, and everything has a port of its own."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from central.core.camera_check import CameraCheck
from central.settings import load_settings
from protocol.configuration import AgentConfig
from provisioning.demo.check.play import WORD_S
from provisioning.demo.plan import (
    BOXES,
    CHECKED_SCRIPT,
    STREETS,
    DemoPlan,
    Ports,
    Wishes,
    central_yaml,
    edge_yaml,
    plan_demo,
)
from provisioning.simulator.video.scenes import SCENES
from provisioning.simulator.video.truths import MEANINGS

PORTS = Ports(central=18080, broker=11883, receiver=19000, cameras=(18554, 18555, 18556, 18557))


def boxes_of(plan: DemoPlan) -> list[AgentConfig]:
    texts = [edge_yaml(plan, box, Path("/m/street.onnx")) for box in BOXES]
    return [AgentConfig.model_validate(YAML(typ="safe").load(StringIO(text))) for text in texts]


@pytest.mark.parametrize("checked", [False, True])
def test_a_box_accepts_its_configuration(tmp_path: Path, *, checked: bool) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=checked), PORTS)
    configs = boxes_of(plan)
    cameras = [camera for config in configs for camera in config.cameras]
    assert [config.box for config in configs] == list(BOXES)
    assert len(cameras) == len({camera.id for camera in cameras}) == len({camera.url for camera in cameras}) == 4
    assert {camera.url.port for camera in cameras} == set(PORTS.cameras)
    assert all(zone.rules for camera in cameras for zone in camera.zones)


def test_central_accepts_its_settings(tmp_path: Path) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=True), PORTS)
    plan.central_folder.mkdir()
    plan.central_config.write_text(central_yaml(plan))
    settings = load_settings(plan.central_config)
    assert settings.embedded
    assert settings.url == plan.url
    assert settings.broker.port == PORTS.broker
    assert settings.notify_url.get_secret_value() == "json://127.0.0.1:19000/"
    assert settings.data_dir == plan.central_folder / "data"


def test_the_check_waits_until_a_camera_that_cannot_tell_has_said_so(tmp_path: Path) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=True), PORTS)
    plan.central_folder.mkdir()
    plan.central_config.write_text(central_yaml(plan))
    terms = load_settings(plan.central_config).camera_check.policy.terms
    handled_at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    check = CameraCheck("check", "case", handled_at, terms)
    assert (check.ends_at - handled_at).total_seconds() + terms.look_s < WORD_S


def test_every_scene_that_the_demo_plays_exists() -> None:
    assert {street.script for street in STREETS} | {CHECKED_SCRIPT} <= SCENES.keys()


def test_people_are_shown_every_finding_by_its_own_rule(tmp_path: Path) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=False), PORTS)
    for camera in plan.cameras:
        (config,) = (one for one in boxes_of(plan) if one.box == camera.box)
        (watching,) = (one for one in config.cameras if one.id == camera.id)
        assert {rule.scene for zone in watching.zones for rule in zone.rules} == camera.watched
        played = {MEANINGS[one.kind].scene for one in SCENES[camera.script]().episodes if one.kind in MEANINGS}
        assert {str(scene) for scene in camera.watched} <= played


def test_cameras_have_different_names_so_that_a_notice_tells_which(tmp_path: Path) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=False), PORTS)
    assert len({camera.name for camera in plan.cameras}) == 4
    assert [camera.key for camera in plan.cameras_of("box-2")] == ["box-2.cam-3", "box-2.cam-4"]
