"""The watermark is contiguous, and never beyond what is there."""

from hypothesis import given
from hypothesis import strategies as st

from central.core.fleet.watermark import StreamHead, StreamWindow, advance, bounded_window, continued, watermark_of
from protocol.messages import MISSING_RANGES_MAX

SEQS = st.lists(st.integers(1, 40), max_size=40)
GAPS = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 10)).map(lambda gap: (gap[0], gap[0] + gap[1])), max_size=5
)


def test_nothing_yet() -> None:
    assert advance(0, [], []) == (0, ())


def test_a_hole_stops_it_and_is_named() -> None:
    assert advance(3, [4, 5, 7, 10], []) == (5, ((6, 6), (8, 9)))


def test_a_gap_record_carries_it_over_a_hole() -> None:
    assert advance(3, [4, 9], [(5, 8)]) == (9, ())


def test_a_gap_that_overlaps_what_came_is_no_harm() -> None:
    assert advance(0, [1, 2, 3, 6], [(2, 5)]) == (6, ())


def test_the_number_of_holes_named_is_bounded() -> None:
    upto, missing = advance(0, range(2, 1000, 2), [])
    assert (upto, len(missing)) == (0, MISSING_RANGES_MAX)


@given(upto=st.integers(0, 20), seqs=SEQS, gaps=GAPS)
def test_it_equals_counting_by_hand(upto: int, seqs: list[int], gaps: list[tuple[int, int]]) -> None:
    dealt_with = {*seqs, *range(1, upto + 1)}.union(*(range(first, last + 1) for first, last in gaps))
    by_hand = upto
    while by_hand + 1 in dealt_with:
        by_hand += 1
    holes = set(range(1, max(dealt_with, default=0))) - dealt_with

    reached, missing = advance(upto, seqs, gaps)

    assert reached == by_hand
    assert {number for first, last in missing for number in range(first, last + 1)} == holes


@given(seqs=st.sets(st.integers(1, 60)), gaps=GAPS, length_max=st.integers(1, 8))
def test_a_cut_window_never_promises_too_much(seqs: set[int], gaps: list[tuple[int, int]], length_max: int) -> None:
    whole = advance(0, sorted(seqs), gaps)
    cut = bounded_window(
        StreamWindow("e" * 16, 0, tuple(sorted(seqs)[:length_max]), tuple(sorted(gaps)[:length_max])), length_max
    )
    upto, missing = advance(cut.upto, cut.seqs, cut.gaps)
    assert upto <= whole[0]
    named = {number for first, last in missing for number in range(first, last + 1)}
    assert named.isdisjoint(seqs)


def test_what_a_box_is_told() -> None:
    watermark = watermark_of(StreamWindow("ab" * 8, 2, (3, 5)))
    assert (watermark.upto, [(hole.first, hole.last) for hole in watermark.missing]) == (3, [(4, 4)])


@given(upto=st.integers(0, 5), top=st.integers(0, 5), seqs=st.sets(st.integers(1, 12), min_size=1))
def test_the_short_way_agrees_with_the_long_one(upto: int, top: int, seqs: set[int]) -> None:
    head = StreamHead(min(upto, top), max(upto, top))
    fresh = {seq for seq in seqs if seq > head.top}
    shortcut = continued(head, sorted(fresh)) if fresh else None
    if shortcut is not None:
        assert shortcut.upto == shortcut.top == advance(head.upto, sorted(fresh), [])[0]
