"""When a box had no watermark: silences, partings, what heartbeats tell of them."""

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.central_waits import SILENT_S, TOLD_S, Wait, Waits, heard, parted, told
from protocol.messages import WAITS_MAX


def after(*happened: tuple[str, float]) -> Waits:
    waits = Waits()
    for what, at_s in happened:
        waits = heard(waits, at_s) if what == "heard" else parted(waits, at_s)
    return waits


def test_watermarks_that_come_in_time_are_no_wait() -> None:
    assert after(*(("heard", at * 30.0) for at in range(100))).count == 0
    assert after(("heard", 0), ("heard", SILENT_S)).count == 0


def test_a_silence_began_with_the_last_watermark() -> None:
    assert after(("heard", 10), ("heard", 100)).ended == (Wait(1, 10, 100, connected=True),)


def test_a_parting_is_known_at_once() -> None:
    waits = after(("heard", 10), ("parted", 20), ("parted", 25), ("heard", 50))
    assert (waits.ended, waits.total_s) == ((Wait(1, 20, 50, connected=False),), 30)
    assert after(("heard", 10), ("parted", 20), ("heard", 50), ("heard", 80)).count == 1


def test_a_silence_that_a_parting_ends_counts_from_its_beginning() -> None:
    assert after(("heard", 10), ("parted", 110), ("heard", 120)).ended == (Wait(1, 10, 120, connected=False),)


def test_before_the_first_watermark_nothing_is_known() -> None:
    assert after(("parted", 5), ("heard", 500)).count == 0


def test_a_wait_is_told_for_a_while() -> None:
    waits = after(("heard", 10), ("heard", 100))
    assert told(waits, 100 + TOLD_S) == waits.ended
    assert told(waits, 101 + TOLD_S) == ()


@given(st.lists(st.tuples(st.sampled_from(["heard", "parted"]), st.integers(0, 200)), max_size=60))
def test_waits_are_disjoint_bounded_and_add_up(steps: list[tuple[str, int]]) -> None:
    at_s, waits, lengths = 0.0, Waits(), []
    for what, step_s in steps:
        at_s += step_s
        before, waits = waits, heard(waits, at_s) if what == "heard" else parted(waits, at_s)
        lengths += [waits.ended[-1].until_s - waits.ended[-1].since_s] if waits.count > before.count else []
    assert waits.total_s == sum(lengths)
    assert len(waits.ended) <= WAITS_MAX
    assert all(one.until_s <= other.since_s for one, other in zip(waits.ended, waits.ended[1:], strict=False))
    assert [one.number for one in waits.ended] == list(range(waits.count - len(waits.ended) + 1, waits.count + 1))
