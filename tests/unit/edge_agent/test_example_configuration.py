"""`docs/examples/edge.yaml` shows everything that an agent can be told, and whatever is taken from it is valid."""

import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from edge_agent.settings import load_config
from protocol.configuration import AgentConfig
from protocol.scenes import Scene
from tests.support.shared import REPOSITORY

EXAMPLE = (REPOSITORY / "docs" / "examples" / "edge.yaml").read_text(encoding="utf-8")
LEFT_OUT = re.compile(r"^( *)# ( *(?:- |[a-z0-9_]+: ?).*)$", re.MULTILINE)
"""A setting in a comment."""


def loaded(folder: Path, text: str) -> AgentConfig:
    path = folder / "edge.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path).config


@pytest.fixture
def whole(tmp_path: Path) -> AgentConfig:
    return loaded(tmp_path, LEFT_OUT.sub(r"\1\2", EXAMPLE))


def nested(value: object) -> Iterator[BaseModel]:
    """Every part of a configuration that has keys."""
    if isinstance(value, BaseModel):
        yield value
        value = tuple(getattr(value, name) for name in type(value).model_fields)
    if isinstance(value, tuple):
        for one in value:
            yield from nested(one)


def keys_of(model: type[BaseModel], known: set[type[BaseModel]]) -> Iterator[str]:
    """Every key of a model and of what it nests; what rules inherit counts once, with whichever of them shows it."""
    known.add(model)
    for name, field in model.model_fields.items():
        yield _key(model, name)
        for one in models_in(field.annotation):
            if one not in known:
                yield from keys_of(one, known)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from models_in(part)


def _key(model: type[BaseModel], name: str) -> str:
    owner = next(one for one in reversed(model.__mro__) if name in getattr(one, "model_fields", {}))
    return f"{owner.__name__}.{name}"


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    assert loaded(tmp_path, EXAMPLE).box == "box-07"


def test_the_example_shows_every_key(whole: AgentConfig) -> None:
    shown = {_key(type(one), name) for one in nested(whole) for name in one.model_fields_set}
    assert set(keys_of(AgentConfig, set())) - shown == set()


def test_the_example_shows_every_scene(whole: AgentConfig) -> None:
    shown = {rule.scene for camera in whole.cameras for zone in camera.zones for rule in zone.rules}
    assert shown == set(Scene)


def test_a_rule_may_be_taken_from_the_example_alone(tmp_path: Path) -> None:
    """One by one, in the zone that is there; those whose zone is in a comment come with it."""
    rules = re.findall(r"^ {10}# - \{scene: (?:[^\n]|\n {10}#    )*\}$", EXAMPLE, re.MULTILINE)
    assert len(rules) == len(Scene) - len({Scene.OUT_OF_STORE, Scene.BIN_OVERFLOW, Scene.VEHICLE_PARKING})
    before = len(loaded(tmp_path, EXAMPLE).cameras[0].zones[0].rules)
    for rule in rules:
        (zone,) = loaded(tmp_path, EXAMPLE.replace(rule, LEFT_OUT.sub(r"\1\2", rule))).cameras[0].zones
        assert len(zone.rules) == before + 1, rule
