"""The example inventory describes boxes that the agent would take."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from protocol.configuration import AgentConfig
from tests.support.sources import REPOSITORY

INVENTORY = REPOSITORY / "ansible" / "inventories" / "example"
SITE = "group_vars/edge.yml"


def read(path: Path) -> dict[str, object]:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize("path", sorted(INVENTORY.glob("host_vars/box-*.yml")), ids=lambda path: path.stem)
def test_example_box_is_valid(path: Path) -> None:
    of = {**read(INVENTORY / SITE), **read(path)}
    config = {"site": of["edge_agent_site"], "box": of["edge_agent_box"], "cameras": of["edge_agent_cameras"]}
    assert AgentConfig.model_validate(config).box == path.name.partition(".")[0]
