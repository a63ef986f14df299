"""What only grows is bounded; what people rely on is kept."""

from datetime import timedelta

from central.core.alerting.notices import after_delivery
from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesRetention, hour_of
from central.core.retention import RetentionPolicy
from central.core.values import DeadLetter, DeadLetterReason, Delivery
from central.services.health import GatewayCounts, Health
from central.services.retention import LETTERS_A_STEP_MAX, Dropped, Retention
from central.services.series_keeping import SERIES_A_STEP_MAX, SeriesKeeping
from central.stores.ports import Stores
from protocol.messages import CameraReason, CameraState
from tests.support.central_stores import Central
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import rows

DAY_S = 86_400.0
LETTER = DeadLetter("gw/x", b"payload", later(0), DeadLetterReason.UNKNOWN_TOPIC)


def test_dead_letters_come_down_to_their_bound_bite_by_bite(stores: Stores) -> None:
    retention = Retention(stores, RetentionPolicy(dead_letters_rows=3))
    with stores.writing() as unit:
        unit.inbox.add_dead_letters([LETTER] * (LETTERS_A_STEP_MAX + 10))
    assert [retention.step(later(0)).dead_letters for _ in range(3)] == [LETTERS_A_STEP_MAX, 7, 0]
    assert len(rows(stores, "dead_letters")) == 3


def test_dead_letters_are_bounded_in_bytes_too(stores: Stores) -> None:
    with stores.writing() as unit:
        unit.inbox.add_dead_letters([LETTER] * 10)
    assert Retention(stores, RetentionPolicy(dead_letters_bytes=21)).step(later(0)).dead_letters == 7


def test_every_series_gets_its_turn(stores: Stores) -> None:
    keeping = SeriesKeeping(stores.series, SeriesRetention(points_days=2))
    entities = [f"b{number}" for number in range(SERIES_A_STEP_MAX + 5)]
    stores.series.write(
        [SeriesPoint("fps", entity, later(day * DAY_S), 1.0) for entity in entities for day in range(4)]
    )
    for _ in range(4):
        keeping.step(later(4 * DAY_S))
    assert {point["at"] for point in rows(stores, "series")} == {later(2 * DAY_S), later(3 * DAY_S)}
    assert {(hour["entity"], hour["at"]) for hour in rows(stores, "series_hours")} == {
        (entity, hour_of(later(day * DAY_S))) for entity in entities for day in range(2)
    }


def test_after_years_events_cases_states_and_alerts_are_there(central: Central, box: SpeakingBox) -> None:
    seen = box.scene(5)
    central.receive(box.birth(0), seen, box.camera(CameraState.OFFLINE, 10, reason=CameraReason.STALLED))
    central.receive(box.camera(CameraState.ONLINE, 20))
    kept = ("events", "cases", "case_steps", "case_episodes", "camera_states", "box_states", "alerts")
    before = {table: rows(central.stores, table) for table in kept}
    retention = Retention(central.stores, RetentionPolicy())
    in_years = later(0) + timedelta(days=4000)
    assert retention.step(in_years) == Dropped(0, 0), "nobody was told yet"
    with central.stores.writing() as unit:
        for row in rows(central.stores, "notices"):
            notice = unit.notices.get(row["id"])
            assert notice is not None
            unit.notices.save([after_delivery(notice, later(30))])
    assert retention.step(in_years) == Dropped(0, 2)
    assert {table: rows(central.stores, table) for table in kept} == before
    assert rows(central.stores, "receipts") == []
    assert central.receive(seen).duplicates == 1


def test_what_a_box_sends_wrong_is_counted_for_it(central: Central, box: SpeakingBox) -> None:
    wrong = Delivery(box.scene(0).topic, b"{", later(0))
    assert central.receive(wrong, wrong).dead == 2
    Retention(central.stores, RetentionPolicy(dead_letters_rows=0)).step(later(1))
    assert rows(central.stores, "dead_letters") == []
    assert central.fleet.box("b1").dead_letters == 2
    health = Health(central.stores, lambda: True, lambda: GatewayCounts(shed=3))
    assert (health.dead_letters(), health.gateway()) == (2, GatewayCounts(3, 0))
