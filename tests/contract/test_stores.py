"""Each port keeps what it is given, on every database."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.core.alerts import Alert
from central.core.case_machine import CaseState, CaseStatus
from central.core.casefile import Case, CaseStep, Episode, Occurrence
from central.core.clock_skew import BootClock
from central.core.devices import Box, BoxFact, Camera, CameraFact, CommandRecord, SeriesPoint
from central.core.notices import Notice
from central.core.values import (
    Actor,
    ActorKind,
    AlertKind,
    AlertState,
    BoxCondition,
    BoxOfflineReason,
    CaseSource,
    CommandState,
    DeadLetter,
    DeadLetterReason,
    Event,
    EvidenceState,
    FactSource,
    NoticeKind,
    NoticeState,
    Tally,
)
from central.core.watermark import StreamHead, StreamWindow
from central.stores.ports import (
    CaseFilter,
    Claim,
    EventFilter,
    EvidenceLink,
    EvidenceRecord,
    JoinCodeRecord,
    PageRequest,
    Receipt,
    SeriesKey,
    StoredEvent,
    StoreRejected,
    Stores,
    Stream,
)
from central.stores.sql import streams as sql_streams
from protocol.messages import (
    CameraReason,
    CameraState,
    Command,
    CommandName,
    ConfigStatus,
    EndReason,
    EvidenceKind,
    EvidenceRef,
    GapReason,
    GapRecord,
    OutboxFigures,
    ZoneDescription,
)
from tests.support.central_stores import OPERATOR
from tests.support.speaking_box import EPOCH, later
from tests.support.store_contents import rows

ALL = PageRequest(500)
B1 = Box("b1", "s1", later(0), BoxCondition.WAITING, later(0))
FULL_BOX = Box(
    id="b2",
    site="s1",
    added_at=later(0),
    state=BoxCondition.ONLINE,
    since=later(1),
    heard_at=later(2),
    boot=7,
    born_at=later(1),
    version="0.1.0",
    config_sha256="ab" * 32,
    config_status=ConfigStatus.REJECTED,
    config_errors=("cameras.0.url: 中文",),
    commands=("snapshot",),
    outbox=OutboxFigures(depth=1, bytes=2, oldest_age_s=0.5, evidence_pending=3, evidence_bytes=4, lost=5),
    disk_free_bytes=2**40,
    clock_offset_ms=-(2**40),
    clock_skewed=True,
    joined_at=later(0.5),
)
CAMERA = Camera(
    key="b1.cam-1",
    box="b1",
    camera="cam-1",
    site="s1",
    state=CameraState.OFFLINE,
    since=later(3),
    reason=CameraReason.STALLED,
    value=-0.125,
    threshold=1e9,
    boot=7,
    mono_ms=2**40,
    name="东门",
    place="东大街 5 号",
    kind="dome",
    latitude=34.5,
    longitude=105.3,
    zones=(ZoneDescription(zone="z1", name="人行道", polygon=((0, 0), (1, 0), (1, 1)), scenes=("stay",)),),
    last_frame_at=later(2),
    fps=9.5,
    latency_ms=120.0,
    last_picture="cd" * 32,
)
CASE = Case(
    id="case-1",
    number="E202603020001",
    state=CaseState(CaseStatus.CANDIDATE),
    source=CaseSource.DETECTOR,
    reporter="b1",
    opened_at=later(0),
    updated_at=later(1),
    first_seen_at=later(-5),
    last_seen_at=later(0),
    box="b1",
    camera="b1.cam-1",
    zone="z1",
    scene="stay",
    label="stall",
    place="东大街",
    opened_by_event="e1",
    spot="b1.cam-1/z1/stay",
)
ALERT = Alert("alert-1", AlertKind.BOX_OFFLINE, "b1", "b1", None, "silent", later(0), later(45))
NOTICE = Notice("n1", "alert-1", NoticeKind.PROBLEM, NoticeState.PENDING, later(45), later(45), values={"id": "b1"})
REF = EvidenceRef(sha256="ab" * 32, bytes=100, at=later(0), kind=EvidenceKind.RAISED)


@pytest.fixture
def stocked(stores: Stores) -> Stores:
    """Return stores that know box b1 and case-1."""
    with stores.writing() as unit:
        unit.boxes.add(B1)
        unit.cases.save([CASE], [], [])
    return stores


def event(number: int, **changes: object) -> StoredEvent:
    known = Event(f"e{number}", "b1", EPOCH, number, "gw.event.scene", later(0), later(1), later(2), data={"n": number})
    payload = b'{"data":{"n":%d}}' % number
    return StoredEvent(replace(known, **changes), payload)  # type: ignore[arg-type]


def test_boxes(stocked: Stores) -> None:
    with stocked.writing() as unit:
        unit.boxes.add(FULL_BOX)
        unit.boxes.save([replace(B1, boot=3)])
    with stocked.reading() as unit:
        assert unit.boxes.get(["b1", "b2", "b9"]) == {"b1": replace(B1, boot=3), "b2": FULL_BOX}
        assert unit.boxes.get([]) == {}


def test_facts_about_a_box(stocked: Stores) -> None:
    facts = [BoxFact("b1", BoxCondition.WAITING, None, later(0), later(0), "registration:王")]
    facts += [BoxFact("b1", BoxCondition.ONLINE, None, later(n), later(n), f"m{n}") for n in (1, 2)]
    facts += [BoxFact("b1", BoxCondition.OFFLINE, reason, later(2), later(3), "m3") for reason in BoxOfflineReason]
    with stocked.writing() as unit:
        unit.boxes.add(FULL_BOX)
        unit.boxes.add_facts([*facts, replace(facts[0], box="b2")])
    with stocked.reading() as unit:
        assert unit.boxes.facts("b1", ALL, None, None).items == tuple(facts[::-1])
        assert unit.boxes.facts("b1", ALL, later(1), later(3)).items == (facts[2], facts[1])
        first = unit.boxes.facts("b1", PageRequest(1), None, None)
        assert unit.boxes.facts("b1", PageRequest(1, first.next), None, None).items == (facts[-2],)


def test_clocks(stocked: Stores) -> None:
    first, second = BootClock(later(0), 5, later(-1)), BootClock()
    with stocked.writing() as unit:
        unit.boxes.save_clocks({("b1", 1): first, ("b1", 2): second})
        unit.boxes.save_clocks({("b1", 2): first})
    with stocked.reading() as unit:
        assert unit.boxes.clocks([("b1", 1), ("b1", 2), ("b1", 3)]) == {("b1", 1): first, ("b1", 2): first}


def test_cameras_and_their_facts(stocked: Stores) -> None:
    other, gone = replace(CAMERA, key="b1.cam-2", camera="cam-2"), replace(CAMERA, key="b1.x", retired_at=later(9))
    facts = [
        CameraFact(
            CAMERA.key, CameraState.ONLINE, None, later(n), later(n), FactSource.HEARTBEAT, value=n / 8, threshold=0.75
        )
        for n in range(4)
    ]
    with stocked.writing() as unit:
        unit.cameras.save([other, CAMERA, gone])
        unit.cameras.save([replace(other, fps=1.0)])
        unit.cameras.add_facts(facts)
    with stocked.reading() as unit:
        assert unit.cameras.get([CAMERA.key, "b1.cam-9"]) == {CAMERA.key: CAMERA}
        assert unit.cameras.of_boxes(["b1"]) == unit.cameras.of_boxes(["b1", "b9"])
        assert {camera.key for camera in unit.cameras.of_boxes(["b1"])} == {CAMERA.key, other.key}
        assert unit.cameras.find(ALL).items == (CAMERA, replace(other, fps=1.0))
        assert unit.cameras.counts() == {CAMERA.state: 2}
        assert unit.cameras.facts(CAMERA.key, ALL, None, None).items == tuple(facts[::-1])
        assert unit.cameras.facts(CAMERA.key, ALL, later(1), later(3)).items == (facts[2], facts[1])


def test_cameras_that_need_somebody_come_first(stocked: Stores) -> None:
    states = [CameraState.ONLINE, CameraState.UNKNOWN, CameraState.OFFLINE, CameraState.DEGRADED, CameraState.OFFLINE]
    cameras = [
        replace(CAMERA, key=f"b1.{number}", camera=str(number), state=state) for number, state in enumerate(states)
    ]
    gone = replace(CAMERA, key="b1.x", camera="x", state=CameraState.OFFLINE, retired_at=later(9))
    with stocked.writing() as unit:
        unit.cameras.save([*cameras, gone])
        assert unit.cameras.counts() == {state: states.count(state) for state in states}
        assert [camera.camera for camera in unit.cameras.neediest(10)] == ["2", "4", "3", "1", "0"]
        assert [camera.camera for camera in unit.cameras.neediest(2)] == ["2", "4"]


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


def test_old_notices_go_when_their_story_is_over(stocked: Stores) -> None:
    def story(name: str, cleared_s: float | None, *states: NoticeState) -> None:
        state = AlertState.OPEN if cleared_s is None else AlertState.CLEARED
        cleared_at = None if cleared_s is None else later(cleared_s)
        with stocked.writing() as unit:
            unit.alerts.add([replace(ALERT, id=name, state=state, cleared_at=cleared_at)])
            unit.notices.add([replace(NOTICE, id=f"{name}{n}", alert=name, state=one) for n, one in enumerate(states)])

    story("over", 60, NoticeState.DELIVERED, NoticeState.DELIVERED)
    story("failed", 60, NoticeState.FAILED, NoticeState.DROPPED)
    story("open", None, NoticeState.DELIVERED)
    story("waiting", 60, NoticeState.DELIVERED, NoticeState.PENDING)
    story("fresh", 500, NoticeState.DELIVERED)
    with stocked.writing() as unit:
        assert unit.notices.drop_old(later(45), 10) == 0
        assert [unit.notices.drop_old(later(100), 3) for _ in range(3)] == [3, 1, 0]
    assert [row["id"] for row in rows(stocked, "notices")] == ["open0", "waiting0", "waiting1", "fresh0"]


@pytest.mark.parametrize("series_max", [1, 2, 3, 50])
def test_old_points_go_a_few_series_at_a_time(series_max: int, stores: Stores) -> None:
    keys = [SeriesKey(metric, entity) for metric in ("cpu_share", "fps") for entity in ("b1", "b1.cam-1", "b2")]
    stores.series.write([SeriesPoint(*key, later(n), float(n)) for key in keys for n in range(10)])
    after, steps = None, 0
    while steps == 0 or after is not None:
        after = stores.series.drop_old(later(8), after, series_max, 5)
        steps += 1
    left = {key: [point.value for point in stores.series.read(*key, None, None, 100)] for key in keys}
    assert left == {key: [5.0, 6.0, 7.0, 8.0, 9.0] for key in keys}
    assert steps == len(keys) // series_max + 1


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


def test_cases_and_episodes(stocked: Stores) -> None:
    elsewhere = replace(
        CASE, id="case-2", number="n2", opened_by_event="e2", spot="other", state=CaseState(CaseStatus.ACCEPTED)
    )
    closed = replace(CASE, id="case-3", number="n3", opened_by_event="e3", state=CaseState(CaseStatus.GONE))
    person = replace(CASE, id="case-4", number="n4", opened_by_event=None, spot=None, source=CaseSource.HOTLINE)
    episodes = [Episode(f"ep{number}", "case-1") for number in range(3)]
    left = replace(episodes[0], ended_at=later(5), end_reason=EndReason.LEFT)
    interrupted = replace(episodes[1], ended_at=later(5), end_reason=EndReason.INTERRUPTED)
    with stocked.writing() as unit:
        unit.cases.save([elsewhere, closed, person], [replace(CASE, version=2)], episodes)
        unit.cases.save([], [], [left, interrupted])
    with stocked.writing() as unit:
        assert unit.cases.open_at(["b1.cam-1/z1/stay", "other", "nowhere"]) == ["case-1", "case-2"]
        assert unit.cases.get(["case-2", "case-1"]) == {"case-1": replace(CASE, version=2), "case-2": elsewhere}
        assert unit.cases.get(["case-3", "no"]) == {"case-3": closed}
        assert unit.cases.known_episodes(["ep0", "ep9"]) == {"ep0": left}
        assert unit.cases.staying(["case-1", "case-2"]) == {"case-1": 2}
        assert unit.cases.episodes(["case-1"]) == {"case-1": (left, interrupted, episodes[2])}
        assert [case.id for case in unit.cases.find(CaseFilter(), ALL).items] == [
            "case-4",
            "case-3",
            "case-2",
            "case-1",
        ]
        assert unit.cases.find(CaseFilter(CaseStatus.GONE, "b1.cam-1", CaseSource.DETECTOR), ALL).items == (closed,)


def test_cases_are_found_by_what_lists_ask_for(stocked: Stores) -> None:
    held = CaseState(
        CaseStatus.SUSPENDED, unit="sanitation", suspended_from=CaseStatus.IN_PROGRESS, suspended_until=later(9)
    )
    over = CaseState(CaseStatus.MERGED, merged_from=CaseStatus.ACCEPTED, merged_into="case-1", parent="case-9")
    more = [
        replace(CASE, id=f"case-{number}", number=f"n{number}", opened_by_event=f"e{number}", state=state)
        for number, state in ((2, held), (3, over), (4, over))
    ]
    with stocked.writing() as unit:
        unit.cases.save(more, [], [])
    with stocked.reading() as unit:
        assert unit.cases.find(CaseFilter(unit="sanitation"), ALL).items == (more[0],)
        assert [list(unit.cases.resumable(later(at), 9)) for at in (8, 9)] == [[], ["case-2"]]
        assert unit.cases.merged_into(["case-1", "case-2"]) == {"case-1": ("case-3", "case-4")}
        assert unit.cases.related("case-3") == {"case-1", "case-9"}
        assert unit.cases.related("case-1") == unit.cases.related("nowhere") == frozenset()


def test_one_event_opens_one_case(stocked: Stores) -> None:
    with pytest.raises(StoreRejected), stocked.writing() as unit:
        unit.cases.save([replace(CASE, id="case-2", number="n2")], [], [])


def test_history_is_in_order(stocked: Stores) -> None:
    actors = [Actor(ActorKind.BOX, "b1"), OPERATOR]
    steps = [
        CaseStep("case-1", later(n), Occurrence.MERGED, actors[n % 2], None, CaseStatus.ACCEPTED, "r", "注", "e1")
        for n in range(5)
    ]
    with stocked.writing() as unit:
        unit.history.append(steps)
    with stocked.reading() as unit:
        first = unit.history.of_case("case-1", PageRequest(3))
        second = unit.history.of_case("case-1", PageRequest(3, first.next))
    assert [*first.items, *second.items] == steps
    assert second.next is None


def test_numbers_are_taken_once(stores: Stores) -> None:
    with stores.writing() as unit:
        taken = [unit.case_numbers.take(date(2026, 3, 2), count) for count in (1, 3, 1)]
        assert unit.case_numbers.take(date(2026, 3, 3), 1) == 1
    assert taken == [1, 2, 5]


def test_alerts_and_notices(stocked: Stores) -> None:
    recovery = replace(NOTICE, id="n2", kind=NoticeKind.RECOVERY)
    with stocked.writing() as unit:
        unit.alerts.add([ALERT])
        unit.notices.add([NOTICE, recovery])
    with stocked.writing() as unit:
        assert unit.alerts.open_of(["b1", "b2"]) == [ALERT]
        assert unit.alerts.get(["alert-1", "no"]) == [ALERT]
        assert unit.notices.due(later(44), 10) == []
        assert unit.notices.due(later(45), 10) == [NOTICE]
        assert unit.notices.of_alerts(["alert-1"]) == [NOTICE, recovery]
        unit.notices.save([replace(NOTICE, state=NoticeState.DELIVERED, delivered_at=later(50))])
        assert unit.notices.due(later(45), 10) == [recovery]
        assert unit.notices.get("n2") == recovery
        assert unit.notices.get("n9") is None
        cleared = replace(ALERT, state=AlertState.CLEARED, cleared_at=later(60))
        unit.alerts.save([cleared])
        assert unit.alerts.open_of(["b1"]) == []
        assert unit.alerts.find(AlertState.CLEARED, ALL).items == unit.alerts.find(None, ALL).items == (cleared,)


def test_access_and_joining(stocked: Stores) -> None:
    code = JoinCodeRecord("hash-1", "b1", "zhao", later(100))
    with stocked.writing() as unit:
        unit.access.add_actor(OPERATOR, "token-hash", later(0))
        assert unit.access.actor_by_token("token-hash") == unit.access.actor("wang") == OPERATOR
        assert unit.access.actor_by_token("other") is unit.access.actor("other") is None
        unit.joining.set_join_code(replace(code, code_hash="hash-0"))
        unit.joining.set_join_code(code)
        assert unit.joining.join_code("hash-0") is None
        unit.joining.use_join_code("hash-1", later(5))
        assert unit.joining.join_code("hash-1") == replace(code, used_at=later(5))
        for second in range(3):
            unit.joining.add_guess("peer", later(second), later(-100))
        assert unit.joining.guesses("peer", later(1)) == 2
        unit.joining.add_guess("other", later(9), later(2))
        assert (unit.joining.guesses("peer", later(0)), unit.joining.guesses("other", later(0))) == (1, 1)
        unit.joining.set_secret("b1", "first", later(0))
        unit.joining.set_secret("b1", "second", later(1))
        (credential,) = unit.joining.credentials("b1")
        assert (credential.site, credential.password_hash) == ("s1", "second")
        assert unit.joining.credentials("b2") == []


def test_commands(stocked: Stores) -> None:
    command = Command(command="0" * 36, name=CommandName.SNAPSHOT, camera="cam-1", deadline=later(30))
    record = CommandRecord(command, "s1", "b1", CommandState.REQUESTED, "wang", later(0), later(0))
    done = replace(record, state=CommandState.DONE, published_at=later(1), detail="ok", evidence="ab" * 32)
    with stocked.writing() as unit:
        unit.commands.add(record)
        assert unit.commands.unfinished(10) == [record]
        unit.commands.save([done])
        assert unit.commands.get(["0" * 36, "1" * 36]) == {"0" * 36: done}
        assert unit.commands.unfinished(10) == []


def test_evidence(stocked: Stores) -> None:
    second = REF.model_copy(update={"sha256": "cd" * 32, "at": later(1)})
    links = [EvidenceLink(REF, "b1", "e1", "case-1"), EvidenceLink(REF, "b1", "e2", "case-1")]
    with stocked.writing() as unit:
        unit.inbox.add([event(2, episode="ep-2")], [])
        unit.evidence.refer([*links, EvidenceLink(second, "b1", "e2", "case-1")], later(10))
        record = unit.evidence.get("ab" * 32)
        assert record == EvidenceRecord("ab" * 32, 100, "image/jpeg", "b1", later(10))
        assert unit.evidence.get("ef" * 32) is None
        assert unit.evidence.total_bytes() == 0
        unit.evidence.stored(replace(record, stored_at=later(11), stored_by="b1"))
        assert unit.evidence.pending("b1", later(11), 10) == ["cd" * 32]
        assert unit.evidence.pending("b1", later(10), 10) == []
        assert unit.evidence.total_bytes() == 100
        unit.evidence.stored(replace(record, stored_at=later(12), stored_by="wang"))
        assert unit.evidence.total_bytes() == 100, "the same picture again"
        unit.evidence.stored(EvidenceRecord("12" * 32, 7, "image/jpeg", None, later(12), later(12), "wang"))
        assert unit.evidence.total_bytes() == 107
        items = unit.evidence.of_cases(["case-1", "no"])["case-1"]
        assert [(item.sha256, item.state, item.episode) for item in items] == [
            ("ab" * 32, EvidenceState.STORED, None),
            ("cd" * 32, EvidenceState.PENDING, "ep-2"),
        ]


def test_series(stores: Stores) -> None:
    points = [SeriesPoint("fps", "b1.cam-1", later(n), float(n)) for n in range(5)]
    stores.series.write([*points, SeriesPoint("fps", "b1.cam-2", later(0), 9.0)])
    stores.series.write([replace(points[0], value=7.0)])
    stores.series.write([])
    read = stores.series.read("fps", "b1.cam-1", None, None, 3)
    assert list(read) == points[2:]
    assert [point.value for point in stores.series.read("fps", "b1.cam-1", later(0), later(2), 10)] == [7.0, 1.0]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_join_without_seam(limit: int, stores: Stores) -> None:
    with stores.writing() as unit:
        for number in range(7):
            unit.boxes.add(replace(B1, id=f"b{number}"))
    seen, cursor = [], None
    with stores.reading() as unit:
        while True:
            page = unit.boxes.find(PageRequest(limit, cursor))
            assert len(page.items) <= limit
            seen += [box.id for box in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert seen == [f"b{number}" for number in range(7)]
    assert all(first < second for first, second in pairwise(seen))
