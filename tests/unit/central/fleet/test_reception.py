"""Reception: exactly once in effect, whatever comes in whatever order."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.core.case_machine import CaseStatus
from central.core.cases.casefile import Occurrence
from central.core.fleet.admission import DEAD_PAYLOAD_BYTES_MAX
from central.core.values import DeadLetterReason, Delivery, ReceptionReport
from central.stores.ports import CaseFilter, EventFilter, PageRequest, Stores
from protocol import messages as m
from protocol import topics
from protocol.messages import PROTOCOL_MAJOR, CameraState, EndReason
from tests.support.central_stores import Central, FailingStores
from tests.support.speaking_box import SpeakingBox
from tests.support.store_contents import case_of_episode, dead_letters, events, rows

ALL = PageRequest(500)
Fresh = Callable[[], AbstractContextManager[Stores]]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Said:
    """A report of a box; `started` in tens of seconds; an evicted one leaves a gap record instead."""

    box: int
    epoch: int
    spot: int
    started: int
    end: EndReason | None
    evicted: bool


def watermark(report: ReceptionReport, box: str = "b1") -> m.Watermark:
    return {due.box: due.watermark for due in report.watermarks}[box]


def holes(report: ReceptionReport) -> list[tuple[int, int]]:
    return [(hole.first, hole.last) for hole in watermark(report).missing]


def test_a_scene_becomes_a_candidate_with_place_picture_and_history(central: Central, box: SpeakingBox) -> None:
    picture = m.EvidenceRef(sha256="ab" * 32, bytes=10, at=box.wall(1), kind=m.EvidenceKind.RAISED)
    central.receive(box.birth())
    report = central.receive(box.scene(5, evidence=(picture,)))

    assert (report.committed, report.duplicates, report.dead) == (1, 0, 0)
    assert watermark(report).upto == 1
    with central.stores.reading() as unit:
        (case,) = unit.cases.find(CaseFilter(), ALL).items
        history = unit.history.of_case(case.id, ALL).items
        evidence = unit.evidence.of_cases([case.id])[case.id]
        (event,) = unit.inbox.events(EventFilter(), ALL).items
    assert (case.status, case.place, case.reporter, case.number) == (
        CaseStatus.CANDIDATE,
        "cam-1 路口",
        "b1",
        "E202603020001",
    )
    assert case.opened_by_event == event.id
    assert event.case == case.id
    assert [(step.kind, step.actor.name, step.event) for step in history] == [(Occurrence.OPENED, "b1", event.id)]
    assert [item.sha256 for item in evidence] == [picture.sha256]


def test_sightings_of_one_spot_are_one_case_and_another_spot_is_another(central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0), box.scene(600), box.scene(700, zone="z2"))
    central.receive(box.scene(1200))
    with central.stores.reading() as unit:
        cases = unit.cases.find(CaseFilter(), ALL).items
        episodes = unit.cases.episodes([case.id for case in cases])
    assert sorted(len(episodes[case.id]) for case in cases) == [1, 3]


def test_the_merge_window_is_not_endless(central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0), box.scene(86_500), at_s=90_000)
    assert len(rows(central.stores, "cases")) == 2


def test_a_sighting_was_not_after_its_own_report(central: Central, box: SpeakingBox) -> None:
    absurd = box.scene(0).payload.replace(b'"last_seen_at":"2026-03-02T01', b'"last_seen_at":"2026-03-02T21')
    central.receive(raw(box, absurd))
    (case,) = rows(central.stores, "cases")
    assert case["last_seen_at"] == box.wall(0)


def test_a_candidate_whose_episodes_all_left_is_gone(central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0), box.scene(100))
    central.receive(box.scene(50, started_s=0, end_reason=EndReason.LEFT))
    assert [row["status"] for row in rows(central.stores, "cases")] == ["candidate"]
    central.receive(box.scene(150, started_s=100, end_reason=EndReason.LEFT))
    assert [row["status"] for row in rows(central.stores, "cases")] == ["gone"]
    last = rows(central.stores, "case_steps")[-1]
    assert (last["kind"], last["actor_kind"], last["actor"], last["to_status"]) == ("gone", "box", "b1", "gone")


def test_an_interrupted_episode_never_makes_a_case_gone(central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0), box.scene(50, started_s=0, end_reason=EndReason.INTERRUPTED))
    assert [row["status"] for row in rows(central.stores, "cases")] == ["candidate"]


def test_the_end_may_come_before_the_beginning(central: Central, box: SpeakingBox) -> None:
    beginning, end = box.scene(0), box.scene(50, started_s=0, end_reason=EndReason.INTERRUPTED)
    central.receive(end)
    central.receive(beginning)
    assert len(rows(central.stores, "cases")) == 1
    assert {row["case_id"] for row in rows(central.stores, "events")} == {rows(central.stores, "cases")[0]["id"]}


def test_a_late_report_of_a_closed_case_stays_with_it(central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(50, started_s=0, end_reason=EndReason.LEFT))
    central.receive(box.scene(0))
    assert [row["status"] for row in rows(central.stores, "cases")] == ["gone"]
    assert len({row["case_id"] for row in rows(central.stores, "events")}) == 1


def test_the_same_batch_again_changes_nothing(central: Central, box: SpeakingBox) -> None:
    batch = [box.scene(0), box.camera(CameraState.OFFLINE, 1, reason=m.CameraReason.STALLED), box.gap(7, 9, 2)]
    first = central.receive(*batch)
    before = {table: rows(central.stores, table) for table in ("events", "cases", "case_steps", "alerts", "notices")}
    again = central.receive(*batch)
    assert (again.committed, again.duplicates, again.dead) == (0, 3, 0)
    assert watermark(again) == watermark(first)
    assert {table: rows(central.stores, table) for table in before} == before


def test_doubles_within_a_batch_count_once(central: Central, box: SpeakingBox) -> None:
    event = box.scene(0)
    report = central.receive(event, event, replace(event, retained=True))
    assert (report.committed, report.duplicates) == (1, 2)


def test_the_watermark_waits_for_holes_and_passes_gaps(central: Central, box: SpeakingBox) -> None:
    assert watermark(central.receive(box.scene(0, seq=2))).upto == 0
    report = central.receive(box.scene(10, seq=5))
    assert holes(report) == [(1, 1), (3, 4)]
    assert watermark(central.receive(box.gap(1, 4, 20, seq=6))).upto == 6


def test_a_box_whose_outbox_was_made_anew_has_a_new_watermark(central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0), box.scene(10))
    anew = SpeakingBox(epoch="fedcba9876543210")
    report = central.receive(anew.scene(20))
    assert (watermark(report).epoch, watermark(report).upto) == ("fedcba9876543210", 1)
    assert central.fleet.box("b1").watermark == watermark(report)


def test_two_boxes_with_one_epoch_do_not_meet(central: Central, box: SpeakingBox) -> None:
    other = SpeakingBox("b2", epoch=box.epoch)
    central.register(other)
    report = central.receive(box.scene(0), other.scene(0), other.scene(10))
    assert (report.committed, report.dead) == (3, 0)
    assert (watermark(report).upto, watermark(report, "b2").upto) == (1, 2)


def test_a_sequence_conflict_is_a_dead_letter(central: Central, box: SpeakingBox) -> None:
    report = central.receive(box.scene(0, seq=1), box.scene(10, seq=1))
    assert (report.committed, report.dead, watermark(report).upto) == (1, 1, 1)
    assert dead_letters(central.stores) == [DeadLetterReason.SEQUENCE_CONFLICT]


def test_the_same_event_from_a_new_outbox_is_a_double(central: Central, box: SpeakingBox) -> None:
    anew = SpeakingBox(epoch="fedcba9876543210")
    central.receive(box.scene(0))
    report = central.receive(anew.scene(0))
    assert (report.committed, report.duplicates, watermark(report).upto) == (0, 1, 1)
    assert len(events(central.stores)) == 1


def test_an_id_of_another_box_is_a_dead_letter(central: Central, box: SpeakingBox) -> None:
    other = SpeakingBox("b2")
    central.register(other)
    gap = m.GapRecord(first=9, last=9, count=1, reason=m.GapReason.DISK_FULL)
    central.receive(box.event(m.GapMessage, gap, id="shared"))
    report = central.receive(other.event(m.GapMessage, gap, id="shared"))
    assert (report.committed, report.dead, watermark(report, "b2").upto) == (0, 1, 1)
    assert dead_letters(central.stores) == [DeadLetterReason.ID_CONFLICT]


def raw(box: SpeakingBox, payload: bytes, kind: topics.Up = topics.Up.EVENT) -> Delivery:
    return Delivery(topics.up(box.site, box.box, kind), payload, box.wall(0))


def foreign(box: SpeakingBox) -> Delivery:
    return replace(box.scene(0), payload=box.scene(0, seq=1).payload.replace(b"gw/s1/b1", b"gw/s1/b9"))


POISON = {
    "no JSON": (lambda box: raw(box, b"{"), DeadLetterReason.MALFORMED, 0),
    "a field is wrong": (
        lambda box: raw(box, box.scene(0).payload.replace(b'"stall"', b"17")),
        DeadLetterReason.MALFORMED,
        1,
    ),
    "oversize": (lambda box: raw(box, b" " * (m.MESSAGE_BYTES_MAX + 1)), DeadLetterReason.OVERSIZE, 0),
    "a later version": (
        lambda box: raw(box, box.scene(0).payload.replace(f":scene:{PROTOCOL_MAJOR}.".encode(), b":scene:9.")),
        DeadLetterReason.UNSUPPORTED_VERSION,
        1,
    ),
    "another box's name": (foreign, DeadLetterReason.FOREIGN_SOURCE, 1),
    "from the future": (lambda box: box.scene(86_400 + 61), DeadLetterReason.FUTURE_DATED, 1),
    "from before all clocks": (
        lambda box: raw(box, box.scene(0).payload.replace(b'"time":"2026', b'"time":"1926')),
        DeadLetterReason.MALFORMED,
        1,
    ),
    "a time that no calendar has": (
        lambda box: raw(
            box,
            box.camera(CameraState.ONLINE).payload.replace(
                b'"since":"2026-03-02T01:00:00Z', b'"since":"0001-01-01T00:00:00+08:00'
            ),
        ),
        DeadLetterReason.MALFORMED,
        1,
    ),
    "a sighting of next year": (
        lambda box: raw(box, box.scene(0).payload.replace(b'"last_seen_at":"2026', b'"last_seen_at":"2027')),
        DeadLetterReason.FUTURE_DATED,
        1,
    ),
    "without a place in the stream": (
        lambda box: box.event(m.GapMessage, {"first": 1, "last": 1, "count": 1, "reason": "disk_full"}, epoch=None),
        DeadLetterReason.MISSING_SEQUENCE,
        0,
    ),
    "a heartbeat among events": (lambda box: raw(box, box.heartbeat().payload), DeadLetterReason.WRONG_TOPIC, 0),
    "an unknown type where none fits": (
        lambda box: raw(box, box.heartbeat().payload.replace(b"gw.heartbeat", b"gw.weather"), topics.Up.HEARTBEAT),
        DeadLetterReason.UNKNOWN_TYPE,
        0,
    ),
    "an answer nobody asked for": (
        lambda box: Delivery(
            topics.result("s1", "b1", "0" * 36),
            box.say(m.ResultMessage, topics.Up.EVENT, {"command": "0" * 36, "status": "done"}).payload,
            box.wall(0),
        ),
        DeadLetterReason.UNPROCESSABLE,
        0,
    ),
}


@pytest.mark.parametrize("name", POISON)
def test_poison_is_kept_and_counted_and_stops_nothing(name: str, central: Central, box: SpeakingBox) -> None:
    make, reason, upto = POISON[name]
    poison = make(box)
    report = central.receive(poison)
    assert (report.committed, report.dead) == (0, 1)
    assert dead_letters(central.stores) == [reason]
    assert rows(central.stores, "dead_letters")[0]["payload"] == poison.payload[:DEAD_PAYLOAD_BYTES_MAX]
    assert [due.watermark.upto for due in report.watermarks] == ([upto] if upto else [])

    good = central.receive(poison, box.scene(50, seq=upto + 1), poison)
    assert good.committed == 1
    assert watermark(good).upto == upto + 1


def test_poison_that_comes_again_with_its_number_counts_once(central: Central, box: SpeakingBox) -> None:
    poison = foreign(box)
    central.receive(poison)
    again = central.receive(poison)
    assert (again.duplicates, again.dead) == (1, 0)
    assert len(dead_letters(central.stores)) == 1


def test_a_number_that_poison_took_is_not_given_twice(central: Central, box: SpeakingBox) -> None:
    central.receive(raw(box, box.scene(0, seq=1).payload.replace(b'"stall"', b"17")))
    report = central.receive(box.scene(10, seq=1))
    assert (report.committed, report.dead) == (0, 1)


def test_topics_and_boxes_that_nobody_knows(central: Central, box: SpeakingBox) -> None:
    stranger, elsewhere = SpeakingBox("b9"), SpeakingBox("b1", site="s2")
    report = central.receive(
        Delivery("gw/v1/s1/b1/up/gossip", b"{}", box.wall(0)), stranger.scene(0), elsewhere.scene(0), box.scene(0)
    )
    assert (report.committed, report.dead) == (1, 3)
    assert sorted(dead_letters(central.stores)) == ["unknown_box", "unknown_box", "unknown_topic"]
    assert [due.box for due in report.watermarks] == ["b1"]


def test_an_unknown_event_type_is_stored_raw(central: Central, box: SpeakingBox) -> None:
    later_release = raw(box, box.gap(1, 1, seq=1).payload.replace(b"gw.event.gap", b"gw.event.weather"))
    report = central.receive(later_release)
    assert (report.committed, report.dead, watermark(report).upto) == (1, 0, 1)
    (event,) = events(central.stores)
    assert (event.type, event.data) == ("gw.event.weather", {"first": 1, "last": 1, "count": 1, "reason": "bytes_max"})


def test_one_message_that_breaks_a_batch_does_not_block_the_rest(central: Central, box: SpeakingBox) -> None:
    endless = [f"cam-{number}" for number in range(300)]
    batch = [box.camera(CameraState.ONLINE, number, camera=camera) for number, camera in enumerate(endless)]
    report = central.receive(*batch, box.scene(400), at_s=500)
    assert (report.committed, report.dead, watermark(report).upto) == (257, 44, 301)
    assert set(dead_letters(central.stores)) == {DeadLetterReason.UNPROCESSABLE}


def test_corrected_time_is_stored_beside_the_raw_one(central: Central) -> None:
    box = SpeakingBox(clock_ahead_s=-3600)
    central.register(box)
    central.receive(box.birth(0), box.heartbeat(15))
    central.receive(box.scene(30), at_s=31)
    (event,) = events(central.stores)
    assert (event.corrected_time - event.time).total_seconds() == pytest.approx(3600, abs=1)
    known = central.fleet.box("b1").box
    assert (known.clock_skewed, known.clock_offset_ms) == (True, pytest.approx(3_600_000, abs=100))


SAID = st.builds(
    Said,
    box=st.integers(0, 1),
    epoch=st.integers(0, 1),
    spot=st.integers(0, 1),
    started=st.integers(0, 3),
    end=st.sampled_from([None, EndReason.LEFT, EndReason.INTERRUPTED]),
    evicted=st.sampled_from([False, False, False, True]),
)


def many(item: st.SearchStrategy[Item], count_max: int) -> st.SearchStrategy[list[Item]]:
    """Lists of all lengths alike: Hypothesis by itself likes short ones, and trouble needs company."""
    return st.integers(0, count_max).flatmap(lambda count: st.lists(item, min_size=count, max_size=count))


STREAMS = [(box, epoch) for box in range(2) for epoch in range(2)]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=many(SAID, 25), data=st.data())
def test_nothing_is_lost_and_nothing_happens_twice(fresh_stores: Fresh, said: list[Said], data: st.DataObject) -> None:
    """Two boxes use the same two epochs; what is sent comes doubled, in any order, flagged, over a failing database."""
    with fresh_stores() as stores:
        faults = iter(data.draw(st.lists(st.booleans(), max_size=10)))
        central = Central(FailingStores(stores, faults))
        speakers = {place: SpeakingBox(f"b{place[0]}", epoch=f"{place[1]:016x}") for place in STREAMS}
        central.register(speakers[0, 0], speakers[1, 0])
        messages = [spoken(speakers[one.box, one.epoch], one) for one in said]
        doubled = data.draw(many(st.sampled_from(messages), 40)) if messages else []
        schedule = data.draw(st.permutations(doubled + messages))
        promised: dict[tuple[str, str], int] = {}
        while schedule:
            size = data.draw(st.integers(1, 12))
            batch, schedule = schedule[:size], schedule[size:]
            report = central.receive_at_last(*(replace(one, retained=data.draw(st.booleans())) for one in batch))
            assert (report.dead, report.committed + report.duplicates) == (0, len(batch))
            keep_promises(stores, report, promised)
        recount(stores, said, promised)


def spoken(box: SpeakingBox, one: Said) -> Delivery:
    """The report, or the gap record of a report that the box had to throw away."""
    at_s = one.started * 10.0
    report = box.scene(at_s + 5 * (one.end is not None), zone=f"z{one.spot}", started_s=at_s, end_reason=one.end)
    if not one.evicted:
        return report
    seq = next(box.seqs) - 1
    return box.gap(seq, seq, seq=seq + 1)


def keep_promises(stores: Stores, report: ReceptionReport, promised: dict[tuple[str, str], int]) -> None:
    """No watermark goes back, and none covers what is not committed."""
    dealt_with = {(row["box"], row["epoch"], row["seq"]) for row in rows(stores, "receipts")}
    dealt_with |= {(row["box"], row["epoch"], row["first"]) for row in rows(stores, "gaps")}
    for due in report.watermarks:
        place, upto = (due.box, due.watermark.epoch), due.watermark.upto
        assert upto >= promised.get(place, 0)
        promised[place] = upto
        assert {(*place, seq) for seq in range(1, upto + 1)} <= dealt_with
        assert (*place, upto + 1) not in dealt_with


def recount(stores: Stores, said: list[Said], promised: dict[tuple[str, str], int]) -> None:
    """Compare what is stored with what was said, by brute force."""
    stored = events(stores)
    scenes = [event for event in stored if event.episode is not None]
    kept = [one for one in said if not one.evicted]
    assert len({event.id for event in stored}) == len(stored)
    assert len(scenes) == len({(one.box, one.spot, one.started, one.end is not None) for one in kept})
    assert len(stored) - len(scenes) == len(said) - len(kept)
    for (box, epoch), speaker in ((place, (f"b{place[0]}", f"{place[1]:016x}")) for place in STREAMS):
        mine = [one for one in said if (one.box, one.epoch) == (box, epoch)]
        assert promised.get(speaker, 0) == len(mine) + sum(one.evicted for one in mine)
    assert len(case_of_episode(stores)) == len({(one.box, one.spot, one.started) for one in kept})
    assert all(event.case == case_of_episode(stores)[event.episode] for event in scenes)
    opened = [row["opened_by_event"] for row in rows(stores, "cases")]
    assert len(opened) == len(set(opened))
