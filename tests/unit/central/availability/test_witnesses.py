"""What witnesses say of the platform: falls, pauses, clocks that were set, and the worst of them at each moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.availability.spans import Span
from central.core.availability.witnesses import (
    CENTRAL,
    BoxWait,
    Look,
    Statement,
    SystemTime,
    WitnessRun,
    after_look,
    boxes_statement,
    central_statement,
    probe_statement,
    since_first_word,
    system_time,
    waited,
    worst,
)
from tests.support.speaking_box import later

HOUR = Span(later(0), later(3600))


def span(start_s: float, end_s: float) -> Span:
    return Span(later(start_s), later(end_s))


def run(start_s: float, end_s: float, *, is_up: bool = True, clock_set: bool = False) -> WitnessRun:
    return WitnessRun("w", "i", later(start_s), later(end_s), is_up, clock_set)


def looked(*looks: tuple[float, float, bool]) -> list[WitnessRun]:
    """Runs of looks: wall clock, monotonic clock, up or not."""
    runs: list[WitnessRun] = []
    before = None
    for wall_s, mono_s, is_up in looks:
        look = Look(later(wall_s), mono_s, is_up)
        found = after_look(runs[-1] if runs else None, before, look, "w", "i")
        runs[-1:] = [found] if runs and found.started_at == runs[-1].started_at else [*runs[-1:], found]
        before = look
    return runs


def test_ticks_become_runs() -> None:
    steady = [(15.0 * at, 100 + 15.0 * at, True) for at in range(200)]
    assert [(one.started_at, one.ended_at, one.looks) for one in looked(*steady)] == [(later(0), later(2985), 200)]
    assert len(looked((0, 0, True), (15, 15, False), (30, 30, False), (45, 45, True))) == 3
    assert [one.clock_set for one in looked((0, 0, True), (600, 600, True))] == [False, False]


def test_a_clock_that_is_set_is_no_fall() -> None:
    forward = looked((0, 0, True), (15, 15, True), (3615 - 1, 30, True))
    assert [one.clock_set for one in forward] == [False, True]
    assert central_statement(forward) == Statement((span(0, 15),), ())
    backward = looked((1000, 0, True), (1015, 15, True), (500, 30, True), (1100, 630, True))
    assert central_statement([run(1000, 1015), run(500, 1100, clock_set=True)]).down == ()
    assert [one.clock_set for one in backward] == [False, True, False]


def test_a_gap_of_central_is_a_fall_and_its_end_is_unknown() -> None:
    told = central_statement([run(0, 600), run(900, 900), run(900, 1800)])
    assert told.down == (span(600, 900),)
    found = system_time(told, HOUR)
    assert found == SystemTime(up_s=1500, down_s=300, unknown_s=1800, falls=1)
    assert found.lower == pytest.approx(1500 / 3600)
    assert found.upper == pytest.approx(1500 / 1800)
    assert found.reliability.mtbf_h == pytest.approx(1500 / 3600)
    assert found.reliability.mttr_min == pytest.approx(5)


def test_a_probe_that_pauses_knows_nothing() -> None:
    told = probe_statement([run(0, 600), run(615, 660, is_up=False), run(675, 1000), run(2000, 3000)])
    assert told.down == (span(600, 675),)
    assert system_time(told, HOUR).unknown_s == 1000 + 600


def test_probes_that_contradict_each_other_are_believed_when_they_say_down() -> None:
    told = probe_statement([run(0, 600), run(300, 400, is_up=False)])
    assert told == Statement((span(0, 300), span(400, 600)), (span(300, 400),))


def test_boxes_fall_together_or_each_for_itself() -> None:
    listened = [span(0, 3600)]
    both = {"b1": [span(0, 1000), span(1300, 3600)], "b2": [span(0, 1040), span(1200, 3600)]}
    assert boxes_statement(both, listened).down == (span(1040, 1200),)
    alone = {"b1": [span(0, 1000), span(1300, 3600)]}
    assert boxes_statement(alone, listened) == Statement((span(0, 1000), span(1300, 3600)), ())
    one_after_the_other = {"b1": [span(0, 1000), span(1300, 3600)], "b2": [span(0, 500)]}
    assert boxes_statement(one_after_the_other, listened).down == ()
    assert boxes_statement(both, [span(0, 1100)]) == Statement((span(0, 1040),), (span(1040, 1100),))


def wait(box: str, start_s: float, end_s: float, *, connected: bool = False) -> BoxWait:
    return BoxWait(box, 1, 1, span(start_s, end_s), connected)


@pytest.mark.parametrize(
    ("waits", "boxes", "down"),
    [
        ([wait("b1", 10, 90, connected=True)], 5, []),
        ([wait("b1", 10, 90, connected=True)], 2, []),
        ([wait("b1", 10, 90, connected=True)], 1, [(10, 90)]),
        ([wait("b1", 10, 90), wait("b1", 20, 40, connected=True)], 1, [(20, 40)]),
        ([wait("b1", 10, 90)], 1, []),
        ([wait("b1", 10, 90)], 2, []),
        ([wait("b1", 10, 90), wait("b2", 20, 100)], 2, [(20, 90)]),
        ([wait("b1", 10, 90), wait("b2", 20, 100)], 4, []),
        ([wait("b1", 10, 90), wait("b2", 20, 100), wait("b3", 30, 80)], 4, [(30, 80)]),
        ([wait("b1", 10, 90), wait("b1", 20, 100)], 2, []),
        ([wait("b1", 10, 20), wait("b2", 20, 30)], 2, []),
        ([wait("b1", 10, 40), wait("b2", 10, 40), wait("b3", 35, 60, connected=True)], 3, [(10, 40)]),
    ],
)
def test_waits_count_where_most_boxes_had_them(
    waits: list[BoxWait], boxes: int, down: list[tuple[float, float]]
) -> None:
    assert waited(waits, boxes) == tuple(span(*one) for one in down)


def test_what_boxes_waited_is_down_whoever_listened() -> None:
    heard = {"b1": [span(0, 3600)], "b2": [span(0, 3600)]}
    dark: dict[str, list[Span]] = {"b3": [], "b4": []}
    waits = [wait("b1", 100, 200), wait("b2", 110, 190)]
    assert boxes_statement(heard | dark, [span(0, 3600)], waits).down == ()
    found = boxes_statement(heard, [span(0, 100), span(200, 3600)], waits)
    assert found == Statement((span(0, 100), span(200, 3600)), (span(110, 190),))


WAITS = st.lists(
    st.builds(
        lambda box, start, length, connected: wait(box, start, start + length, connected=connected),
        st.sampled_from(["b1", "b2", "b3", "b4"]),
        st.integers(0, 100),
        st.integers(0, 50),
        st.booleans(),
    ),
    max_size=12,
)


@given(WAITS)
def test_waits_are_counted_second_by_second(waits: list[BoxWait]) -> None:
    down = waited(waits, 4)
    for second in range(150):
        here = span(second, second + 1)
        covering = [one for one in waits if one.span.start <= here.start and here.end <= one.span.end]
        expected = len({one.box for one in covering}) >= 3
        assert any(one.start <= here.start and here.end <= one.end for one in down) is expected


def test_the_worst_counts_at_each_moment() -> None:
    central = central_statement([run(0, 600), run(700, 3600)])
    probe = probe_statement([run(0, 1000), run(1015, 1045, is_up=False), run(1060, 3000)])
    found = system_time(worst([central, probe]), HOUR)
    assert (found.down_s, found.falls, found.unknown_s) == (100 + 60, 2, 0)
    assert system_time(worst([central, probe]), HOUR, [span(590, 1100)]) == SystemTime(3600 - 510, 0, 0, 0)
    assert system_time(worst([]), HOUR).lower == 0
    assert system_time(worst([]), HOUR).upper is None
    assert system_time(worst([central]), Span(later(5), later(5))).lower is None


RUNS = st.lists(
    st.tuples(st.integers(0, 3600), st.integers(0, 900), st.booleans()).map(
        lambda drawn: run(drawn[0], drawn[0] + drawn[1], is_up=drawn[2])
    ),
    max_size=8,
)


@given(RUNS, RUNS, st.integers(0, 3600))
def test_times_add_up_over_periods_and_witnesses_only_make_it_worse(
    ours: list[WitnessRun], theirs: list[WitnessRun], cut_s: int
) -> None:
    central = central_statement([one for one in ours if one.is_up])
    both = worst([central, probe_statement(theirs)])
    whole = system_time(both, HOUR)
    halves = [system_time(both, span(0, cut_s)), system_time(both, span(cut_s, 3600))]
    assert sum(one.up_s for one in halves) == pytest.approx(whole.up_s)
    assert sum(one.down_s for one in halves) == pytest.approx(whole.down_s)
    assert sum(one.falls for one in halves) == whole.falls
    assert whole.down_s >= system_time(central, HOUR).down_s
    assert whole.required_s == pytest.approx(3600)


def test_a_run_names_its_witness() -> None:
    assert after_look(None, None, Look(later(0), 1.0), CENTRAL, "a") == WitnessRun("central", "a", later(0), later(0))


def test_a_central_that_starts_again_and_again_is_down_between() -> None:
    told = central_statement([run(0, 0), run(60, 60), run(120, 600)])
    assert told == Statement((span(120, 600),), (span(0, 120),))


@pytest.mark.parametrize(
    ("first_s", "counted"),
    [
        (None, span(3600, 3600)),
        (-86_400, HOUR),
        (0, HOUR),
        (1200, span(1200, 3600)),
        (3600, span(3600, 3600)),
        (9000, span(3600, 3600)),
    ],
)
def test_time_counts_from_the_first_word(first_s: float | None, counted: Span) -> None:
    first = None if first_s is None else later(first_s)
    assert since_first_word(HOUR, first) == counted
    assert since_first_word(span(60, 0), first).seconds == 0


def test_only_silence_before_the_first_word_goes() -> None:
    told = central_statement([run(1200, 1800), run(2400, 3600)])
    found = system_time(told, since_first_word(HOUR, later(1200)))
    assert found == SystemTime(up_s=1800, down_s=600, unknown_s=0, falls=1)
    assert found.lower == 0.75
    assert system_time(told, since_first_word(HOUR, None)).lower is None
