"""Events, dead letters and streams are kept as given, on every database."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.core.fleet.watermark import StreamHead, StreamWindow
from central.core.values import DeadLetter, DeadLetterReason, Tally
from central.stores.ports import Claim, EventFilter, Receipt, StoredEvent, StoreRejected, Stores, Stream
from central.stores.sql import streams as sql_streams
from protocol.messages import GapReason, GapRecord
from tests.support.speaking_box import EPOCH, later
from tests.support.store_contents import rows
from tests.support.store_samples import ALL, event


def test_inbox(stocked: Stores) -> None:
    one, two = event(1, camera="b1.cam-1", case="case-1"), event(2, type="gw.event.weather", episode="ep")
    claims = [Claim("b1", EPOCH, number) for number in (1, 2, 3)]
    receipts = [Receipt(claims[0], "e1"), Receipt(claims[1], "e2"), Receipt(claims[2], None)]
    with stocked.writing() as unit:
        unit.inbox.add([one, two], receipts)
    with stocked.reading() as unit:
        assert unit.inbox.receipts([*claims, Claim("b2", EPOCH, 1)]) == dict(zip(claims, receipts, strict=True))
        assert unit.inbox.event_boxes(["e1", "e9"]) == {"e1": "b1"}
        assert unit.inbox.events(EventFilter(), ALL).items == (two.event, one.event)
        assert unit.inbox.events(EventFilter(camera="b1.cam-1"), ALL).items == (one.event,)
        assert unit.inbox.events(EventFilter(type="gw.event.weather", episode="ep"), ALL).items == (two.event,)


@pytest.mark.parametrize("again", [event(1), event(1, id="e9"), event(9, id="e1")], ids=["both", "place", "id"])
def test_an_event_is_there_once(again: StoredEvent, stocked: Stores) -> None:
    with stocked.writing() as unit:
        unit.inbox.add([event(1)], [])
    with pytest.raises(StoreRejected), stocked.writing() as unit:
        unit.inbox.add([again], [])


LETTER = DeadLetter("gw/x", b"\x00\xff", later(0), DeadLetterReason.UNKNOWN_TOPIC, "detail", "b9", EPOCH, 3)


def test_dead_letters_are_counted_by_box_and_need_none(stocked: Stores) -> None:
    with stocked.writing() as unit:
        unit.inbox.add_dead_letters([])
        unit.inbox.add_dead_letters([LETTER, replace(LETTER, box="b1"), replace(LETTER, box=None)])
        unit.inbox.add_dead_letters([replace(LETTER, box="b1")])
    with stocked.reading() as unit:
        assert unit.tallies.read(Tally.DEAD_LETTERS, ["", "b1", "b9"]) == {"": 2, "b1": 2, "b9": 0}
        assert unit.tallies.read(Tally.DEAD_LETTERS_KEPT, [""]) == {"": 4}
        assert unit.tallies.read(Tally.DEAD_LETTERS, []) == {}
        assert (unit.tallies.total(Tally.DEAD_LETTERS), unit.tallies.total(Tally.EVIDENCE_BYTES)) == (4, 0)


@pytest.mark.parametrize(
    ("rows_max", "bytes_max", "limit", "kept"),
    [
        (10, 1000, 100, "abcdef"),
        (4, 1000, 100, "cdef"),
        (0, 1000, 100, ""),
        (10, 50, 100, "bcdef"),
        (10, 45, 100, "cdef"),
        (2, 30, 100, "ef"),
        (0, 0, 2, "cdef"),
    ],
)
def test_the_oldest_dead_letters_go_first(rows_max: int, bytes_max: int, limit: int, kept: str, stores: Stores) -> None:
    with stores.writing() as unit:
        unit.inbox.add_dead_letters([replace(LETTER, topic=topic, payload=b"p" * 10) for topic in "abcdef"])
    with stores.writing() as unit:
        assert unit.inbox.drop_dead_letters(rows_max, bytes_max, limit) == 6 - len(kept)
    assert "".join(row["topic"] for row in rows(stores, "dead_letters")) == kept
    with stores.reading() as unit:
        assert unit.tallies.read(Tally.DEAD_LETTERS_KEPT, [""]) == {"": len(kept)}
        assert unit.tallies.read(Tally.DEAD_LETTER_BYTES_KEPT, [""]) == {"": 10 * len(kept)}
        assert unit.tallies.read(Tally.DEAD_LETTERS, [""]) == {"": 6}


def test_streams(stocked: Stores) -> None:
    stream, other = Stream("b1", EPOCH), Stream("b1", "f" * 16)
    receipts = [Receipt(Claim("b1", EPOCH, seq), None) for seq in (1, 2, 3, 7, 9)]
    with stocked.writing() as unit:
        assert unit.streams.heads([stream]) == unit.streams.windows([stream]) == {}
        unit.inbox.add([], receipts)
        unit.streams.add_gaps([(stream, GapRecord(first=4, last=5, count=2, reason=GapReason.DISK_FULL))], later(0))
        unit.streams.move({stream: StreamHead(2, 9), other: StreamHead()}, later(1))
        unit.streams.move({stream: StreamHead(3, 9)}, later(2))
    with stocked.reading() as unit:
        assert unit.streams.windows([stream, other, Stream("b1", "0" * 16)]) == {
            stream: StreamWindow(EPOCH, 3, (7, 9), ((4, 5),)),
            other: StreamWindow("f" * 16, 0),
        }
        assert unit.streams.newest(["b1", "b2"]) == {"b1": stream}
        assert unit.streams.heads([stream, other]) == {stream: StreamHead(3, 9), other: StreamHead()}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seqs=st.sets(st.integers(1, 80), min_size=1), length_max=st.integers(1, 20))
def test_a_long_window_is_cut_and_says_so(seqs: set[int], length_max: int, stocked: Stores) -> None:
    whole, stream = sql_streams.WINDOW_MAX, Stream("b1", EPOCH)
    sql_streams.WINDOW_MAX = length_max
    try:
        with stocked.reading() as unit:
            unit.inbox.add([], [Receipt(Claim("b1", EPOCH, seq), None) for seq in seqs])
            unit.streams.move({stream: StreamHead()}, later(0))
            window = unit.streams.windows([stream])[stream]
    finally:
        sql_streams.WINDOW_MAX = whole
    assert window.seqs == tuple(sorted(seqs))[: length_max if len(seqs) > length_max else None]
    assert window.more == (len(seqs) > length_max)
