"""A small part of `make bench-scenes` on streets for tuning, with floors that a break falls through."""

import pytest

from bench.scenes.dwell import RATES, TOLERANCE_S, dwells, off_s
from bench.scenes.plan import plan_camera
from bench.scenes.report import Report, report_of
from bench.scenes.seeds import TUNING_SEEDS
from bench.scenes.site import Mode, available
from bench.scenes.watch import watch
from provisioning.simulator.video.truths import MEANINGS

pytestmark = pytest.mark.slow

SCENES = frozenset(meaning.scene for meaning in MEANINGS.values())
MINUTES, FPS = 6.0, 2.0
CAMERAS = TUNING_SEEDS[1], TUNING_SEEDS[4]
SHARP = frozenset({"bike_parking", "exposed_rubbish"})
"""Their things come and go in a moment, so that there is one right dwell."""


def evaluated(mode: Mode, scenes: frozenset[str]) -> Report:
    watched = [watch(plan_camera(seed, MINUTES, scenes), mode, scenes, FPS) for seed in CAMERAS]
    return report_of(watched, mode, "subset", FPS)


def test_static_foreground_finds_what_stands_there_and_little_else() -> None:
    whole = evaluated(Mode.STATIC, SCENES).whole
    assert whole.episodes >= 4
    assert whole.recall.value is not None
    assert whole.recall.value >= 0.75
    assert whole.false <= 3


def test_the_scenes_with_the_demo_detector_find_most_and_invent_little() -> None:
    whole = evaluated(Mode.MODEL, available()).whole
    assert whole.episodes >= 4
    assert whole.recall.value is not None
    assert whole.recall.value >= 0.75
    assert whole.false + whole.duplicates <= 1


def test_a_dwell_does_not_depend_on_the_frame_rate() -> None:
    found = dwells(Mode.STATIC, SHARP)
    assert found.keys() == {"bike", "litter"}
    for by_rate in found.values():
        assert set(by_rate) == set(RATES)
        assert off_s(by_rate) <= TOLERANCE_S
        assert all(abs(dwell_s - 45) <= 2 * TOLERANCE_S for dwell_s in by_rate.values())
