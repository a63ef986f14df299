"""Reception over every database: the same story, the same end."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from central.core.values import BoxCondition
from protocol.messages import CameraState, EndReason
from tests.support.central_stores import Central
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import case_of_episode, dead_letters, events, rows


def test_a_morning(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(CameraState.ONLINE)))
    morning = [box.scene(10), box.scene(20, zone="z2"), box.scene(30, started_s=10, end_reason=EndReason.LEFT)]
    report = central.receive(*morning, box.camera(CameraState.OFFLINE, 40), box.gap(5, 6, 50, seq=7), morning[0])
    assert (report.committed, report.duplicates, report.dead) == (5, 1, 0)
    assert [due.watermark.upto for due in report.watermarks] == [7]
    assert sorted(row["status"] for row in rows(central.stores, "cases")) == ["candidate", "gone"]
    assert len(rows(central.stores, "alerts")) == len(rows(central.stores, "notices")) == 1
    assert central.fleet.box("b1").box.state is BoxCondition.ONLINE


def test_a_text_that_a_database_cannot_keep_does_not_stop_the_rest(central: Central, box: SpeakingBox) -> None:
    bad = box.scene(0)
    bad = type(bad)(bad.topic, bad.payload.replace(b'"stall"', b'"st\\u0000ll"'), bad.received_at)
    report = central.receive(bad, box.scene(10))
    assert report.committed + report.dead == 2
    assert [due.watermark.upto for due in report.watermarks] == [2]


def test_a_text_with_nul_is_a_dead_letter_wherever_it_stands(central: Central, box: SpeakingBox) -> None:
    for bad, clean, dirty in (
        (box.birth(0), b'"version":"', b'"version":"\\u0000'),
        (box.scene(10), b'"stall"', b'"st\\u0000ll"'),
        (box.scene(20), b"gw.event.scene", b"gw.event.sc\\u0000ne"),
    ):
        assert clean in bad.payload
        assert central.receive(type(bad)(bad.topic, bad.payload.replace(clean, dirty), bad.received_at)).dead == 1
    topic = box.scene(30)
    central.receive(type(topic)(topic.topic + "\x00", topic.payload, topic.received_at))
    assert dead_letters(central.stores) == ["malformed", "malformed", "malformed", "unknown_topic"]
    assert [row["topic"] for row in rows(central.stores, "dead_letters")][-1].endswith("\\x00")
    assert events(central.stores) == []


def test_what_comes_again_is_a_double_also_where_its_receipt_is_forgotten(central: Central, box: SpeakingBox) -> None:
    first, *others = (box.scene(second, zone=f"z{second}") for second in range(6))
    central.receive(first, *others)

    def forget(kept: int, quiet_s: float = 0, limit: int = 100) -> int:
        with central.stores.writing() as unit:
            return unit.streams.forget(kept, later(quiet_s), limit)

    def kept() -> list[int]:
        return [row["seq"] for row in rows(central.stores, "receipts")]

    assert (forget(6), kept()) == (0, [1, 2, 3, 4, 5, 6])
    assert [forget(2, limit=3), forget(2, limit=3), forget(2)] == [3, 1, 0]
    assert kept() == [5, 6]
    report = central.receive(first, others[-1])
    assert (report.duplicates, report.committed, report.dead) == (2, 0, 0)
    assert [due.watermark.upto for due in report.watermarks] == [6]
    other = box.scene(60, zone="z9", seq=2)
    assert central.receive(other).duplicates == 1
    assert central.receive(box.scene(90, zone="z8", seq=6)).dead == 1
    assert (len(events(central.stores)), kept()) == (6, [5, 6])
    assert (central.receive(box.scene(99, zone="z7", seq=9)).committed, kept()) == (1, [5, 6, 9])
    assert (forget(0), kept()) == (2, [9])
    assert forget(0, 10**6) == 0, "what lies above the watermark is needed"
    report = central.receive(box.scene(98, zone="z6", seq=7), box.scene(98, zone="z5", seq=8))
    assert [due.watermark.upto for due in report.watermarks] == [9]
    assert (forget(10_000, 10**6), kept()) == (3, [])
    assert central.receive(first, other).duplicates == 2


def test_several_consumers_share_the_work(central: Central) -> None:
    boxes = [SpeakingBox(f"b{number}") for number in range(4)]
    central.register(*boxes)
    batches = [[box.scene(second, zone=f"z{second % 3}") for box in boxes] for second in range(12)]
    together = threading.Barrier(4)

    def consume(first: int) -> None:
        together.wait()
        for batch in batches[first:] + batches[:first]:
            central.receive(*batch)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(consume, (0, 3, 6, 9)))
    assert len(events(central.stores)) == 48
    assert len(case_of_episode(central.stores)) == 48
    assert len(rows(central.stores, "cases")) == 12
    assert dead_letters(central.stores) == []
    assert {due.watermark.upto for due in central.receive(*batches[0]).watermarks} == {12}


@pytest.mark.parametrize("table", ["events", "receipts", "cases", "case_steps"])
def test_a_batch_is_whole_or_nothing(table: str, central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0))
    before = len(rows(central.stores, table))
    central.receive(box.scene(0, seq=1), box.scene(0, seq=1))
    assert len(rows(central.stores, table)) == before
