"""The API's description is complete: a summary, a tag and the refusals of every route."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from central.api import build_api
from central.core.clock import Clock
from central.services.services import Services
from central.settings import CentralSettings

OPEN = {("get", "/api/v1/health"), ("post", "/join/v1")}
METHODS = {"get", "put", "post", "delete", "patch", "head"}


def description() -> dict[str, Any]:
    """Return the OpenAPI document; describing needs no services."""
    return build_api(cast("Services", None), cast("Clock", None), cast("CentralSettings", None), bytes).openapi()


DOCUMENT = description()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and operation."""
    for path, item in DOCUMENT["paths"].items():
        yield from ((method, path, item[method]) for method in METHODS & set(item))


OPERATIONS = sorted(operations(), key=lambda found: (found[1], found[0]))
each_operation = pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS]
)


@each_operation
def test_a_route_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert ("security" in operation) is ((method, path) not in OPEN)


@each_operation
def test_its_refusals_are_problems(method: str, path: str, operation: dict[str, Any]) -> None:
    refusals = {int(status): found for status, found in operation["responses"].items() if int(status) >= 400}
    assert 500 in refusals
    assert (method, path) in OPEN or 401 in refusals
    assert method in {"get", "head"} or 422 in refusals
    for found in refusals.values():
        schema = found["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ProblemBody"}


def test_every_reference_leads_somewhere() -> None:
    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert set(references(DOCUMENT["paths"])) | set(references(DOCUMENT["components"])) <= known


def test_every_tag_is_used() -> None:
    used = {tag for _, _, operation in OPERATIONS for tag in operation["tags"]}
    assert used == {tag["name"] for tag in DOCUMENT["tags"]}
