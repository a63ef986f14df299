"""The evaluation's own arithmetic: intervals against published values, matching against small worked cases."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scenes.matching import Match, Outcome, match, overlap
from bench.scenes.plan import DWELL_S
from bench.scenes.score import rate, score, share
from bench.scenes.site import Mode
from bench.scenes.watch import Raise
from provisioning.simulator.video.script import Kind
from provisioning.simulator.video.truths import Edges, EpisodeTruth

HERE, ELSEWHERE, BESIDE = (0.4, 0.4, 0.5, 0.6), (0.8, 0.4, 0.9, 0.6), (0.5, 0.4, 0.56, 0.6)


def truth(
    kind: Kind = Kind.VENDOR, scene: str = "mobile_vendor", *, finding: bool = True, also: frozenset[str] = frozenset()
) -> EpisodeTruth:
    return EpisodeTruth(0, kind, scene, finding, "pavement", 100.0, 160.0, HERE, (HERE,), (BESIDE,), also)


def told(scene: str = "mobile_vendor", box: Edges = HERE, raised_s: float = 126.0, started_s: float = 100.0) -> Raise:
    return Raise(scene, "pavement", "stall", box, 0.8, "model", started_s, raised_s, 158.0)


def outcomes(truths: list[EpisodeTruth], raises: list[Raise], mode: Mode = Mode.MODEL) -> list[Outcome]:
    return [one.outcome for one in match(truths, raises, mode)]


@pytest.mark.parametrize(
    ("raises", "expected"),
    [
        ([], [Outcome.MISS]),
        ([told()], [Outcome.HIT]),
        ([told(), told(raised_s=150)], [Outcome.HIT, Outcome.DUPLICATE]),
        ([told(box=ELSEWHERE)], [Outcome.MISS, Outcome.FALSE]),
        ([told(scene="road_occupation")], [Outcome.MISS, Outcome.FALSE]),
        ([told(raised_s=170.0)], [Outcome.MISS, Outcome.FALSE]),
        ([told(raised_s=90.0, started_s=60.0)], [Outcome.MISS, Outcome.FALSE]),
        ([told(started_s=40.0)], [Outcome.MISS, Outcome.FALSE]),
    ],
)
def test_a_finding_is_hit_by_the_right_scene_at_its_place_and_time_and_once(
    raises: list[Raise], expected: list[Outcome]
) -> None:
    assert outcomes([truth()], raises) == expected


def test_a_raise_on_a_lookalike_is_false_and_says_what_it_was() -> None:
    passing = truth(Kind.PASSING_VENDOR, finding=False)
    found = list(match([passing], [told()], Mode.MODEL))
    assert [one.outcome for one in found] == [Outcome.FALSE]
    assert found[0].about == passing


def test_a_bag_thrown_down_may_be_told_as_either_but_not_as_both() -> None:
    dumped = truth(Kind.DUMP_SOLID, "dumping", also=frozenset({"exposed_rubbish"}))
    for scene in ("dumping", "exposed_rubbish"):
        assert outcomes([dumped], [told(scene)]) == [Outcome.HIT]
    assert outcomes([dumped], [told("dumping"), told("exposed_rubbish")]) == [Outcome.HIT, Outcome.DUPLICATE]


def test_static_foreground_need_not_know_what_stands_there() -> None:
    assert outcomes([truth()], [told("stay")], Mode.STATIC) == [Outcome.HIT]
    assert outcomes([truth()], [told("stay"), told("stay", BESIDE)], Mode.STATIC) == [Outcome.HIT, Outcome.EXCUSED]
    waits = truth(Kind.BAG_ATTENDED, "exposed_rubbish", finding=False)
    assert outcomes([waits], [told("stay")], Mode.STATIC) == [Outcome.EXCUSED]
    assert outcomes([truth(Kind.CROWD, "crowd")], [], Mode.STATIC) == []
    assert outcomes([truth(Kind.VEHICLE_STOP, finding=False)], [told("stay")], Mode.STATIC) == [Outcome.FALSE]


@pytest.mark.parametrize(
    ("zone", "box", "started_s", "second"),
    [
        ("kerb", ELSEWHERE, 100.0, Outcome.DUPLICATE),
        ("pavement", ELSEWHERE, 100.0, Outcome.FALSE),
        ("kerb", BESIDE, 100.0, Outcome.FALSE),
        ("kerb", ELSEWHERE, 159.0, Outcome.FALSE),
    ],
    ids=["at once in a zone beside", "in the same zone", "elsewhere", "later"],
)
def test_a_false_region_that_two_zones_tell_is_one(zone: str, box: Edges, started_s: float, second: Outcome) -> None:
    first = told("stay", ELSEWHERE)
    again = replace(told("stay", box, started_s=started_s), zone=zone, ended_s=200.0)
    assert outcomes([], [first, again], Mode.STATIC) == [Outcome.FALSE, second]
    assert outcomes([], [first, again]) == [Outcome.FALSE, Outcome.FALSE]


def test_a_row_counts_duplicates_as_false_where_a_case_would_be_opened_twice() -> None:
    matches = [Match(Outcome.HIT, "x", truth(), told()), Match(Outcome.DUPLICATE, "x", truth(), told())]
    strict, lenient = score("x", matches, 2.0), score("x", matches, 2.0, duplicates_are_false=False)
    assert (strict.precision.value, lenient.precision.value) == (0.5, 1.0)
    assert (strict.false_per_h.value, lenient.false_per_h.value) == (0.5, 0.0)
    assert strict.delay_median_s == pytest.approx(126.0 - 100.0 - DWELL_S)


# Wilson: Brown, Cai and DasGupta 2001; Garwood: the exact Poisson limits in any table.
@pytest.mark.parametrize(("part", "whole", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634)])
def test_shares_have_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904)])
def test_rates_have_garwoods_interval(events: int, low: float, high: float) -> None:
    found = rate(events, 1.0)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_nothing_to_divide_by_is_no_figure() -> None:
    assert share(0, 0).value is None
    assert rate(0, 0).value is None
    assert str(share(0, 0)) == "–"


@given(events=st.integers(0, 400), hours=st.floats(0.1, 100))
def test_an_interval_holds_its_figure(events: int, hours: float) -> None:
    found = rate(events, hours)
    assert found.low <= events / hours <= found.high < math.inf


@given(st.tuples(*[st.floats(0, 1) for _ in range(4)]))
def test_overlap_is_a_share(edges: tuple[float, float, float, float]) -> None:
    x1, x2, y1, y2 = *sorted(edges[:2]), *sorted(edges[2:])
    assert 0 <= overlap((x1, y1, x2, y2), HERE) <= 1
