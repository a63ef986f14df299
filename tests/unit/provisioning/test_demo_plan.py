"""The demo's configuration files are what the real parts accept, and everything has a port of its own."""

from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from central.settings import load_settings
from protocol.configuration import AgentConfig
from provisioning.demo.plan import BOXES, STREETS, Ports, Wishes, central_yaml, edge_yaml, plan_demo
from provisioning.simulator.video.scenes import SCENES

PORTS = Ports(central=18080, broker=11883, receiver=19000, cameras=(18554, 18555, 18556, 18557))


@pytest.mark.parametrize("checked", [False, True])
def test_a_box_accepts_its_configuration(tmp_path: Path, *, checked: bool) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=checked), PORTS)
    configs = [
        AgentConfig.model_validate(YAML(typ="safe").load(StringIO(edge_yaml(plan, box, Path("/m/street.onnx")))))
        for box in BOXES
    ]
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


def test_every_scene_that_the_demo_plays_exists() -> None:
    assert {street.shown for street in STREETS} | {street.checked for street in STREETS} <= SCENES.keys()


def test_cameras_have_different_names_so_that_a_notice_tells_which(tmp_path: Path) -> None:
    plan = plan_demo(Wishes(tmp_path, checked=False), PORTS)
    assert len({camera.name for camera in plan.cameras}) == 4
    assert [camera.key for camera in plan.cameras_of("box-2")] == ["box-2.cam-3", "box-2.cam-4"]
