"""`edge check` says of every scene what it needs, its timers and its thresholds, in Chinese and in English."""

from string import Formatter
from typing import get_args

import pytest
from pydantic import TypeAdapter

from edge_agent.cli import explain, rule_words
from edge_agent.cli.rule_words import CONDITIONS, Place, rule_lines
from edge_agent.core.rules.serving import serving
from edge_agent.core.sampling import grace_with_cadence_s
from protocol.configuration import CameraConfig, Zone
from protocol.scene_rules import Rule, SceneRule
from protocol.scenes import SCENES, Scene
from protocol.texts import Language, Words
from tests.support.rules import MODEL

RULES: TypeAdapter[Rule] = TypeAdapter(Rule)
MODELS: dict[Scene, type[SceneRule]] = {
    get_args(model.model_fields["scene"].annotation)[0]: model for model in get_args(get_args(Rule)[0])
}
ODD = {
    "dwell_s": (4321.0, "4321"),
    "seen_s": (1234.0, "1234"),
    "held_share": (0.73, "73%"),
    "score_min": (0.57, "0.57"),
    "silence_s": (777.0, "777"),
    "severity": (5, "5"),
    "count": (37, "37"),
    "area_share": (0.19, "19"),
    "near_steps": (2.75, "2.75"),
    "labels": (("kiosk", "cart"), "kiosk"),
    "steps": (({"severity": 4, "after_s": 8765}, {"severity": 5, "count": 61}), "8765"),
    "hours": (({"days": ["mon"], "begin": "06:07", "end": "21:43"},), "06:07-21:43"),
}
"""Of each key a value that nothing else has, and how it is told."""
SILENT = {"scene", "enabled", "grace_s"}
"""Told otherwise."""


def zone(**more: object) -> Zone:
    corners = [[0, 0], [1, 0], [1, 1], [0, 1]]
    return Zone.model_validate({"id": "z", "polygon": corners, **more})


SHOP = {"name": "Zhang", "door_line": [[0, 0.3], [1, 0.3]]}


def told(rule: Rule, language: Language, *, fps: float = 2.0, **more: object) -> list[str]:
    camera = CameraConfig.model_validate({"id": "c", "url": "rtsp://h/x", "analysis_fps": fps})
    place = zone(shop_front=SHOP, **more)
    thresholds = dict.fromkeys(MODEL.labels, 0.41)
    return list(rule_lines(Place(camera, place, language, MODEL, thresholds), rule, serving("c", place, rule, MODEL)))


def odd(scene: Scene) -> Rule:
    """A rule in which every key has a value of its own."""
    keys = MODELS[scene].model_fields.keys() - SILENT
    return RULES.validate_python({"scene": scene, "grace_s": 91, **{key: ODD[key][0] for key in keys}})


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("scene", Scene)
def test_every_timer_and_threshold_of_a_scene_is_told(scene: Scene, language: Language) -> None:
    lines = "\n".join(told(odd(scene), language, fps=0.5))
    missing = [key for key in MODELS[scene].model_fields.keys() - SILENT if ODD[key][1] not in lines]
    assert missing == []
    assert f"{grace_with_cadence_s(91, 2):g}" in lines
    assert "61" in lines
    assert scene in lines
    assert (SCENES[scene].zh if language is Language.CHINESE else SCENES[scene].en) in lines


@pytest.mark.parametrize("scene", [scene for scene in Scene if scene is not Scene.STAY])
def test_what_a_scene_needs_and_from_which_score_is_told(scene: Scene) -> None:
    _, needs, scores, *_ = told(odd(scene), Language.ENGLISH)
    (wanted,) = SCENES[scene].needs
    assert f"needs a model that knows {wanted}" in needs
    assert ("else static foreground" in needs) is SCENES[scene].static_serves
    assert "; rests on objects of the model" in needs
    assert scores.endswith(f"of: {wanted} 0.41")


def test_a_rule_that_is_off_and_one_on_static_foreground_say_so() -> None:
    off = RULES.validate_python({"scene": "stay", "enabled": False, "labels": ["static"], "dwell_s": 5})
    head, needs, timers, severity = told(off, Language.ENGLISH)
    assert head == "stay (stay), off: the same static stays in the zone"
    assert needs == "needs no model; rests on static foreground"
    assert (
        timers
        == "told after 5 s; out of sight for up to 2.25 s (at 2 looks a second); seen in at least 60% of the looks"
    )
    assert severity == "severity 3 (1 to 5); the same place may be told again at any time"
    assert told(off, Language.CHINESE)[0] == "stay 停留占用（停用）：同一个 static 停留在区域内"


def test_a_legal_period_is_told_with_the_scenes_that_it_permits() -> None:
    period = {"name": "夜市", "scenes": ["crowd"], "hours": [{"begin": "18:00", "end": "01:00"}]}
    crowd, other = RULES.validate_python({"scene": "crowd"}), RULES.validate_python({"scene": "dumping"})
    assert told(crowd, Language.ENGLISH, legal_periods=[period])[-1] == (
        "permitted 夜市 daily 18:00-01:00: nothing is told then"
    )
    assert told(crowd, Language.CHINESE, legal_periods=[period])[-1].endswith("不上报：每天 18:00-01:00")
    assert "18:00" not in "".join(told(other, Language.ENGLISH, legal_periods=[period]))


def test_both_languages_fill_the_same_places() -> None:
    pairs = [one for module in (rule_words, explain) for one in vars(module).values() if isinstance(one, Words)]
    assert len(pairs) > 30
    for words in [*pairs, *CONDITIONS.values()]:
        assert places(words.zh) == places(words.en)
        assert words.zh
        assert words.en


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
