"""The evaluation's plans: repeatable, every scene often enough, nothing that stands in something else's way."""

from collections import Counter
from itertools import combinations

import pytest

from bench.scenes.plan import DWELL_S, SPREADS, CameraPlan, Condition, plan_camera
from bench.scenes.seeds import FULL_RUN_SEEDS, HELD_OUT_SEEDS, MINUTES, TUNING_SEEDS
from bench.scenes.site import Mode, available, camera_config
from edge_agent.core.rules.facts.ground import area_share
from protocol.scenes import Scene
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Kind
from provisioning.simulator.video.truths import MEANINGS

SCENES = frozenset(meaning.scene for meaning in MEANINGS.values())
FULL = [plan_camera(seed, MINUTES, SCENES) for seed in FULL_RUN_SEEDS]


def test_a_plan_depends_on_its_seed_alone() -> None:
    assert plan_camera(1_003, 5.0, SCENES) == plan_camera(1_003, 5.0, SCENES)
    assert plan_camera(1_003, 5.0, SCENES).script != plan_camera(1_010, 5.0, SCENES).script


def test_the_full_run_has_enough_of_everything_and_no_street_of_the_tuning() -> None:
    found = Counter(
        MEANINGS[episode.kind].scene
        for plan in FULL
        for episode in plan.script.episodes
        if episode.kind in MEANINGS and MEANINGS[episode.kind].finding
    )
    assert set(found) == SCENES == {str(scene) for scene in Scene if scene is not Scene.STAY}
    assert min(found.values()) >= 30
    assert sum(plan.script.length_s for plan in FULL) >= 20 * 3600
    assert Counter(plan.condition for plan in FULL).keys() == set(Condition)
    assert not set(HELD_OUT_SEEDS) & set(TUNING_SEEDS)
    assert set(FULL_RUN_SEEDS) <= set(HELD_OUT_SEEDS)


def test_every_lookalike_of_the_table_is_played() -> None:
    played = {episode.kind for plan in FULL for episode in plan.script.episodes}
    assert set(SPREADS) <= played
    assert Kind.WET_ROAD in played


def test_findings_stay_for_longer_than_the_dwell_and_what_only_stops_for_less() -> None:
    for plan in FULL:
        for episode in plan.script.episodes:
            meaning = MEANINGS.get(episode.kind)
            if meaning is not None and meaning.finding:
                assert episode.end_s - episode.start_s > DWELL_S + 8
            if "_stop" in episode.kind or episode.kind in {Kind.PASSING_VENDOR, Kind.UNLOADING, Kind.BIN_USE}:
                assert episode.end_s - episode.start_s < 0.7 * DWELL_S


@pytest.mark.parametrize("plan", FULL[:20], ids=lambda plan: plan.seed)
def test_findings_of_one_time_stand_apart(plan: CameraPlan) -> None:
    street = StreetCamera(plan.script, plan.seed, (320, 180), 2.0)
    findings = [one for one in street.episodes() if one.finding and one.box is not None]
    for one, other in combinations(findings, 2):
        if one.start_s < other.end_s and other.start_s < one.end_s and one.zone == other.zone == "pavement":
            assert one.box is not None
            assert other.box is not None
            assert not (one.box[0] < other.box[2] - 0.02 and other.box[0] < one.box[2] - 0.02)


@pytest.mark.parametrize("seed", TUNING_SEEDS[:20])
def test_a_pile_of_bikes_covers_its_share_of_the_bay_and_a_few_do_not(seed: int) -> None:
    plan = plan_camera(seed, MINUTES, SCENES)
    street = StreetCamera(plan.script, plan.seed, (320, 180), 2.0)
    places = street.places()
    rows = [one for one in street.episodes() if one.scene == "bike_pileup" and one.box is not None]
    for one in rows:
        assert one.box is not None
        assert (area_share(places.bay, [one.box]) >= places.pile_share) is one.finding


def test_the_zones_of_a_camera_are_a_valid_configuration() -> None:
    places = StreetCamera(FULL[0].script, FULL[0].seed, (320, 180), 2.0).places()
    static = camera_config(places, Mode.STATIC, SCENES, 2.0)
    assert [zone.id for zone in static.zones] == ["pavement", "kerb"]
    model = camera_config(places, Mode.MODEL, SCENES, 2.0)
    assert {str(rule.scene) for zone in model.zones for rule in zone.rules} == available()
