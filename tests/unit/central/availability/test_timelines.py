"""What is known of a camera: exact once everything was told, and never less known than before."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.availability.online_rate import Counted, Rate, device_time, rate
from central.core.availability.spans import Span
from central.core.availability.timelines import Said, timeline
from central.core.values import FactSource
from protocol.messages import CameraState
from tests.support.speaking_box import later

ONLINE, DEGRADED, OFFLINE, UNKNOWN = (
    CameraState.ONLINE,
    CameraState.DEGRADED,
    CameraState.OFFLINE,
    CameraState.UNKNOWN,
)
BEAT, TOLD, RULE = FactSource.HEARTBEAT, FactSource.TRANSITION, FactSource.RULE
HOUR = Span(later(0), later(3600))
Drawn = list[tuple[str, float, float]]


def said(
    source: FactSource,
    state: CameraState,
    since_s: float,
    recorded_s: float | None = None,
    previous: CameraState | None = None,
) -> Said:
    recorded_at = later(since_s if recorded_s is None else recorded_s)
    return Said("b1.cam-1", state, previous, source, later(since_s), recorded_at)


def drawn(facts: list[Said], known_s: float = 10_000, heard_s: float | None = None) -> Drawn:
    heard = None if heard_s is None else later(heard_s)
    pieces = timeline(facts, HOUR, later(known_s), heard)
    zero = later(0)
    return [(piece.state, (piece.start - zero).total_seconds(), (piece.end - zero).total_seconds()) for piece in pieces]


START = said(BEAT, ONLINE, -60)
LOST = said(RULE, UNKNOWN, 600, 645)
WENT = said(TOLD, OFFLINE, 900, 1900, ONLINE)
CAME = said(TOLD, ONLINE, 1200, 1901, OFFLINE)
BACK = said(BEAT, ONLINE, 1200, 1800)
CASES: dict[str, tuple[list[Said], Drawn]] = {
    "nothing was ever told": ([], []),
    "it began within the period": ([said(BEAT, ONLINE, 100)], [(ONLINE, 100, 3600)]),
    "it failed and came back": (
        [START, said(TOLD, OFFLINE, 60, 61, ONLINE), said(TOLD, ONLINE, 90, 91, OFFLINE)],
        [(ONLINE, 0, 60), (OFFLINE, 60, 90), (ONLINE, 90, 3600)],
    ),
    "nobody watches any more": ([START, LOST], [(ONLINE, 0, 600), (UNKNOWN, 600, 3600)]),
    "the box says that it was online all the time": (
        [START, LOST, said(BEAT, ONLINE, -60, 1800)],
        [(ONLINE, 0, 3600)],
    ),
    "the box was without power": (
        [START, LOST, said(BEAT, ONLINE, 1800)],
        [(ONLINE, 0, 600), (UNKNOWN, 600, 1800), (ONLINE, 1800, 3600)],
    ),
    "what it kept is not there yet": (
        [START, LOST, BACK],
        [(ONLINE, 0, 600), (UNKNOWN, 600, 1200), (ONLINE, 1200, 3600)],
    ),
    "what it kept came": (
        [START, LOST, BACK, WENT, CAME],
        [(ONLINE, 0, 900), (OFFLINE, 900, 1200), (ONLINE, 1200, 3600)],
    ),
    "half of what it kept came": (
        [START, LOST, BACK, CAME],
        [(ONLINE, 0, 600), (UNKNOWN, 600, 1200), (ONLINE, 1200, 3600)],
    ),
    "what it kept came before its heartbeat": (
        [START, LOST, WENT, CAME],
        [(ONLINE, 0, 900), (OFFLINE, 900, 1200), (ONLINE, 1200, 3600)],
    ),
    "it was lost twice and answered for the first time": (
        [START, LOST, said(BEAT, ONLINE, -60, 1800), said(RULE, UNKNOWN, 2000, 2045)],
        [(ONLINE, 0, 2000), (UNKNOWN, 2000, 3600)],
    ),
    "a box started again": (
        [START, said(TOLD, ONLINE, 1000, 1000, UNKNOWN)],
        [(ONLINE, 0, 955), (UNKNOWN, 955, 1000), (ONLINE, 1000, 3600)],
    ),
    "its clock was put right by a second": (
        [START, LOST, said(BEAT, ONLINE, -61.5, 1800)],
        [(ONLINE, 0, 3600)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_states_over_an_hour(name: str) -> None:
    facts, expected = CASES[name]
    assert drawn(facts) == expected


def test_what_was_not_known_yet_is_not_looked_at() -> None:
    assert drawn([START, LOST, BACK, WENT, CAME], known_s=1700) == [(ONLINE, 0, 600), (UNKNOWN, 600, 1700)]


def test_a_box_that_is_silent_while_central_sleeps_is_not_online() -> None:
    assert drawn([START], heard_s=900) == [(ONLINE, 0, 900), (UNKNOWN, 900, 3600)]
    assert drawn([START], known_s=930, heard_s=900) == [(ONLINE, 0, 930)]


@dataclass(frozen=True)
class Truth:
    """What a camera did, and the hours in which its box was not heard: (from, to) with 60 s between them at least."""

    changes: tuple[tuple[float, CameraState], ...]
    outages: tuple[tuple[float, float], ...]

    def facts(self) -> list[Said]:
        """What central comes to know, as it would."""
        found = [said(BEAT, ONLINE, 0)]
        before, last = ONLINE, 0.0
        for at, state in self.changes:
            outage = next((one for one in self.outages if one[0] <= at < one[1]), None)
            recorded = at if outage is None else outage[1] + 5 + at / 10_000
            found.append(said(TOLD, state, at, recorded, before))
            before = state
        for start, end in self.outages:
            state, last = ONLINE, 0.0
            for at, changed in self.changes:
                state, last = (changed, at) if at <= end else (state, last)
            found += [said(RULE, UNKNOWN, start, start + 45), said(BEAT, state, last, end)]
        return found

    def drawn(self) -> Drawn:
        """The states of the hour."""
        edges = [(0.0, ONLINE), *self.changes]
        ends = [*(at for at, _ in self.changes), 3600.0]
        return [(state, start, end) for (start, state), end in zip(edges, ends, strict=True)]


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    times = sorted(draw(st.sets(st.integers(1, 719), max_size=12)))
    state, changes = ONLINE, []
    for time in times:
        state = draw(st.sampled_from([one for one in (ONLINE, DEGRADED, OFFLINE) if one is not state]))
        changes.append((time * 5.0, state))
    outages, start = [], 30.0
    for _ in range(draw(st.integers(0, 4))):
        start += draw(st.integers(60, 900))
        end = start + draw(st.integers(50, 1500))
        outages.append((start + 0.5, end + 0.5))
        start = end
    return Truth(tuple(changes), tuple(outages))


def rates(facts: list[Said], known_at: datetime, counted: Counted) -> Rate:
    return rate([device_time("b1.cam-1", timeline(facts, HOUR, known_at)).required], counted)


@given(truths())
def test_all_facts_tell_the_truth(truth: Truth) -> None:
    assert drawn(truth.facts(), known_s=20_000) == truth.drawn()


@given(truths(), st.lists(st.floats(3660, 9_000), min_size=2, max_size=2).map(sorted), st.sampled_from(Counted))
def test_late_facts_only_narrow(truth: Truth, moments: list[float], counted: Counted) -> None:
    facts = truth.facts()
    early, late, final = (rates(facts, later(at), counted) for at in (*moments, 20_000))
    for before, after in ((early, late), (late, final)):
        assert before.lower is not None
        assert before.ceiling is not None
        assert after.lower is not None
        assert after.ceiling is not None
        assert before.lower <= after.lower + 1e-9
        assert after.ceiling <= before.ceiling + 1e-9
        assert after.unknown_s <= before.unknown_s
    assert final.unknown_s == 0


@given(truths(), st.floats(0, 3600), st.sampled_from([1500.0, 4000.0, 20_000.0]), st.sampled_from(Counted))
def test_periods_add_up(truth: Truth, cut_s: float, known_s: float, counted: Counted) -> None:
    facts, known_at = truth.facts(), later(known_s)
    whole = rates(facts, known_at, counted)
    halves = [
        device_time("b1.cam-1", timeline(facts, span, known_at)).required
        for span in (Span(HOUR.start, later(cut_s)), Span(later(cut_s), HOUR.end))
    ]
    parts = rate(halves, counted)
    assert parts == pytest.approx(whole, abs=1e-5)
    assert parts.total_s == pytest.approx(min(3600, known_s), abs=1e-5)


@given(truths(), st.floats(100, 9_000), st.sampled_from(Counted))
def test_lower_is_never_above_upper(truth: Truth, known_s: float, counted: Counted) -> None:
    found = rates(truth.facts(), later(known_s), counted)
    assert found.lower is not None
    assert found.ceiling is not None
    assert 0 <= found.lower <= found.ceiling <= 1
    if found.upper is not None:
        assert found.lower <= found.upper + 1e-12
        assert found.upper <= found.ceiling + 1e-12
