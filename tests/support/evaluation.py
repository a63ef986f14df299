"""Made-up facts of a project's year."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from central.core.evaluation import Facts, evaluation, faults
from tests.support.shared import shared_file

COUNTY_2024, EXAMPLE_2026 = "evaluation-2024.yaml", "evaluation-example.yaml"

HEAD = """\
project: 示例项目
unit: 示例县
evaluation_done_by: 第三方
year: 2026
period: {from: 2026-01-01, to: 2026-12-31}
phase: 正式运行
budget: {appropriated_cny: 300000, spent_cny: 300000}
"""
CAMERAS = (
    "  - {id: cameras, path: [项目产出, 数量指标, 视频监控点位], points: 60, kind: quantitative, "
    "direction: at_least, target: 50, actual: 40, rule: proportional}\n"
)
RULES = (
    "  - {id: rules, path: [项目管理, 组织实施, 管理制度健全性], points: 40, kind: assessed, "
    "given: 35, assessor: 评价组, reason: 制度齐全}\n"
)
TREE = f"index_tree:\n{CAMERAS}{RULES}"


def case_file(name: str) -> Path:
    """Return a facts file of the shared folder, or skip."""
    return shared_file("cases", name)


def quantitative(name: str, points: float, **more: object) -> dict[str, Any]:
    """Return a measured line; `more` overrides its keys, None takes one out (but `actual`)."""
    line = {"path": ["甲", name], "direction": "at_least", "target": 50, "actual": 50, "rule": "proportional"} | more
    kept = {key: value for key, value in line.items() if value is not None or key == "actual"}
    return {"id": name, "points": points, "kind": "quantitative", **kept}


def assessed(name: str, points: float, **more: object) -> dict[str, Any]:
    """Return an assessed line with full points unless `given` says otherwise."""
    line = {"path": ["甲", name], "given": points, "assessor": "评价组", "reason": "齐全"} | more
    return {"id": name, "points": points, "kind": "assessed", **line}


def facts(tree: Sequence[dict[str, Any]], **more: object) -> Facts:
    """Return the facts of 2026 with this tree."""
    head = {
        "project": "示例项目",
        "unit": "示例县",
        "evaluation_done_by": "第三方",
        "mode": "部门评价",
        "year": 2026,
        "period": {"from": date(2026, 1, 1), "to": date(2026, 12, 31)},
        "phase": "正式运行",
        "budget": {"appropriated_cny": 300000, "spent_cny": 300000},
    }
    return Facts.model_validate({**head, "index_tree": list(tree), **more})


def scored(tree: Sequence[dict[str, Any]]) -> dict[str, Decimal]:
    """Return the points of each line by id, of a tree without faults."""
    found = facts(tree)
    assert faults(found) == ()
    return {one.line.id: one.score for one in evaluation(found).outcome.scores}
