"""Boxes and cameras: who is offline, who must know, and what never raises an alarm."""

import pytest

from central.core.alerting.alerts import AlertPolicy
from central.core.fleet.devices import Camera
from central.core.values import AlertKind, AlertState, BoxCondition, BoxOfflineReason, FactSource
from central.services.alerting import Alerting
from central.stores.ports import PageRequest
from protocol.messages import BoxState, CameraReason, CameraState
from tests.support.central_stores import Central
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import rows

ALL = PageRequest(500)
OFFLINE, ONLINE, UNKNOWN = CameraState.OFFLINE, CameraState.ONLINE, CameraState.UNKNOWN


@pytest.fixture
def alerting(central: Central) -> Alerting:
    """Return alerting that was started when the tests' morning began."""
    alerting = Alerting(central.stores, AlertPolicy(), central.liveness)
    alerting.sweep(later(0), 0.0)
    return alerting


def camera(central: Central, key: str = "b1.cam-1") -> Camera:
    return central.fleet.camera(key)


def alerts(central: Central) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["subject"], row["state"]) for row in rows(central.stores, "alerts")]


def notices(central: Central) -> list[str]:
    return [row["kind"] for row in rows(central.stores, "notices")]


def facts(central: Central, key: str = "b1.cam-1") -> list[tuple[CameraState, FactSource]]:
    return [(fact.state, fact.source) for fact in central.fleet.camera_states(key, ALL).items][::-1]


def test_a_camera_that_goes_dark_raises_an_alert_at_once(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)))
    central.receive(box.camera(OFFLINE, 20, reason=CameraReason.AUTH_FAILED), at_s=21)
    (alert,) = rows(central.stores, "alerts")
    assert (alert["kind"], alert["subject"], alert["reason"], alert["since"]) == (
        AlertKind.CAMERA_OFFLINE,
        "b1.cam-1",
        "auth_failed",
        later(20),
    )
    assert notices(central) == ["problem"]
    assert (camera(central).state, camera(central).name) == (OFFLINE, "cam-1 名")


@pytest.mark.parametrize("state", [ONLINE, CameraState.DEGRADED])
def test_a_camera_that_comes_back_clears_it_and_says_so(state: CameraState, central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.camera(OFFLINE, 20, reason=CameraReason.STALLED))
    central.receive(box.camera(state, 50))
    assert alerts(central) == [("camera_offline", "b1.cam-1", "cleared")]
    assert notices(central) == ["problem", "recovery"]


def test_both_in_one_batch_are_both_told(central: Central, box: SpeakingBox) -> None:
    batch = [box.camera(state, second) for second, state in enumerate([OFFLINE, ONLINE, OFFLINE], start=20)]
    central.receive(box.birth(0), *batch)
    assert alerts(central) == [("camera_offline", "b1.cam-1", state) for state in ("cleared", "open")]
    assert notices(central) == ["problem", "recovery", "problem"]


def test_what_was_measured_is_kept_renewed_by_heartbeats_and_gone_with_its_state(
    central: Central, box: SpeakingBox
) -> None:
    covered = {"state": CameraState.DEGRADED, "reason": CameraReason.COVERED}
    central.receive(box.birth(0), box.camera(at_s=20, **covered, measured=(0.8, 0.75)))
    assert (camera(central).value, camera(central).threshold) == (0.8, 0.75)
    worse = box.status(since_s=20, **covered).model_copy(update={"value": 0.95, "threshold": 0.75})
    central.receive(box.heartbeat(35, worse))
    assert (camera(central).value, camera(central).since) == (0.95, later(20))
    kept = central.fleet.camera_states("b1.cam-1", ALL).items
    assert [(fact.reason, fact.value, fact.threshold) for fact in kept] == [(CameraReason.COVERED, 0.8, 0.75)]
    central.receive(box.camera(ONLINE, 50))
    assert (camera(central).value, camera(central).threshold) == (None, None)


def test_a_repeated_report_raises_nothing_new(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.camera(OFFLINE, 20), box.camera(OFFLINE, 30, since_s=20))
    central.receive(box.heartbeat(45, box.status(OFFLINE, 20)))
    assert len(alerts(central)) == 1


def test_an_older_report_that_comes_late_is_kept_but_not_believed(central: Central, box: SpeakingBox) -> None:
    gone, back = box.camera(OFFLINE, 20), box.camera(ONLINE, 50)
    central.receive(box.birth(0), back)
    central.receive(gone)
    assert camera(central).state is ONLINE
    assert facts(central) == [(ONLINE, FactSource.TRANSITION), (OFFLINE, FactSource.TRANSITION)]
    assert alerts(central) == []


def test_order_is_the_boxs_own_count_when_its_clock_jumps(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.camera(OFFLINE, 20))
    box.clock_ahead_s = -3600
    central.receive(box.camera(ONLINE, 50))
    assert camera(central).state is ONLINE


def test_a_new_start_beats_everything_before_it(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.camera(ONLINE, 5000), at_s=5001)
    restarted = SpeakingBox(boot=2, seqs=box.seqs, ids=box.ids)
    central.receive(restarted.birth(1), restarted.camera(OFFLINE, 2), at_s=5010)
    assert camera(central).state is OFFLINE


def test_a_box_that_lost_its_start_counter_is_believed_after_a_while(central: Central, box: SpeakingBox) -> None:
    box.boot = 9
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)))
    box.boot = 1
    central.receive(box.heartbeat(10, box.status(OFFLINE, 9)))
    assert camera(central).state is ONLINE
    central.receive(box.heartbeat(60, box.status(OFFLINE, 9)))
    assert camera(central).state is OFFLINE


def test_a_heartbeat_heals_a_lost_transition(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)))
    central.receive(box.heartbeat(15, box.status(OFFLINE, 10, reason=CameraReason.REFUSED)))
    assert facts(central)[-1] == (OFFLINE, FactSource.HEARTBEAT)
    assert alerts(central) == [("camera_offline", "b1.cam-1", "open")]
    central.receive(box.camera(OFFLINE, 10, reason=CameraReason.REFUSED))
    assert len(alerts(central)) == 1


def test_a_heartbeat_that_tells_nothing_new_is_no_fact(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0))
    for at_s in (1, 16, 31):
        central.receive(box.heartbeat(at_s, box.status(ONLINE)))
    assert facts(central) == [(ONLINE, FactSource.HEARTBEAT)]


def test_a_silent_box_is_offline_after_45_s_and_its_cameras_unknown(
    central: Central, box: SpeakingBox, alerting: Alerting
) -> None:
    central.receive(box.birth(0, cameras=("cam-1", "cam-2")), at_s=1)
    central.receive(box.heartbeat(10, box.status(ONLINE), box.status(OFFLINE, camera="cam-2")), at_s=10)
    assert alerting.sweep(later(54.9), 54.9) == 0
    assert alerting.sweep(later(55), 55.0) == 1
    assert alerting.sweep(later(60), 60.0) == 0
    assert alerts(central) == [("camera_offline", "b1.cam-2", "open"), ("box_offline", "b1", "open")]
    assert rows(central.stores, "alerts")[-1]["reason"] == "silent"
    for key in ("b1.cam-1", "b1.cam-2"):
        assert (camera(central, key).state, camera(central, key).reason) == (UNKNOWN, CameraReason.BOX_OFFLINE)
        assert facts(central, key)[-1] == (UNKNOWN, FactSource.RULE)
    known = central.fleet.box("b1").box
    assert (known.state, known.since) == (BoxCondition.OFFLINE, later(10))


def test_a_box_that_comes_back_clears_its_alert_and_its_cameras_are_known_again(
    central: Central, box: SpeakingBox, alerting: Alerting
) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    alerting.sweep(later(60), 60.0)
    central.receive(box.heartbeat(70, box.status(ONLINE)), at_s=70)
    assert alerts(central) == [("box_offline", "b1", "cleared")]
    assert notices(central) == ["problem", "recovery"]
    assert (camera(central).state, camera(central).since) == (ONLINE, later(0))


def test_what_a_box_reports_from_its_time_alone_is_kept(central: Central, box: SpeakingBox, alerting: Alerting) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    alerting.sweep(later(60), 60.0)
    backlog = [box.camera(OFFLINE, 30), box.camera(ONLINE, 40)]
    central.receive(*backlog, at_s=70)
    assert camera(central).state is UNKNOWN
    assert alerts(central) == [("box_offline", "b1", "open")]
    assert [state for state, _ in facts(central)] == [ONLINE, UNKNOWN, OFFLINE, ONLINE]


def test_central_that_starts_anew_waits_until_boxes_can_have_come_back(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), at_s=1)
    anew = Central(central.stores)
    fresh = Alerting(anew.stores, AlertPolicy(), anew.liveness)
    assert fresh.sweep(later(5000), 100.0) == 0
    assert fresh.sweep(later(5074), 174.0) == 0
    assert fresh.sweep(later(5075), 175.0) == 1


def test_a_restart_of_central_and_its_broker_is_not_worth_a_word(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    anew = Central(central.stores)
    fresh = Alerting(anew.stores, AlertPolicy(), anew.liveness)
    assert fresh.sweep(later(100), 100.0) == 0
    anew.receive(box.state(BoxState.LOST, 0), at_s=101)
    assert fresh.sweep(later(160), 160.0) == 0
    anew.receive(box.birth(160), box.heartbeat(161, box.status(ONLINE)), at_s=161)
    assert fresh.sweep(later(176), 176.0) == 0
    assert alerts(anew) == []
    assert camera(anew).state is ONLINE
    anew.receive(box.state(BoxState.LOST, 0), at_s=180)
    assert alerts(anew) == [("box_offline", "b1", "open")]


def test_a_new_connection_to_the_broker_gives_boxes_time(central: Central, box: SpeakingBox) -> None:
    alerting = Alerting(central.stores, AlertPolicy(), central.liveness)
    central.reception.connected(1, 0.0)
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    assert alerting.sweep(later(30), 30.0) == 0
    central.reception.connected(2, 40.0)
    central.receive(box.state(BoxState.LOST, 0), at_s=41)
    alerting.connected(2, 60.0)
    assert alerting.sweep(later(114), 114.0) == 0
    central.receive(box.heartbeat(114.5), at_s=114.5)
    assert alerting.sweep(later(159), 159.0) == 0
    assert alerting.sweep(later(160), 160.0) == 1
    assert alerts(central) == [("box_offline", "b1", "open")]


def test_a_box_that_died_while_central_was_away_is_missed(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    anew = Central(central.stores)
    fresh = Alerting(anew.stores, AlertPolicy(), anew.liveness)
    assert fresh.sweep(later(100), 100.0) == 0
    anew.receive(box.state(BoxState.LOST, 0), at_s=101)
    assert fresh.sweep(later(175), 175.0) == 1
    assert alerts(anew) == [("box_offline", "b1", "open")]


@pytest.mark.usefixtures("box")
def test_a_box_that_never_came_is_waited_for(central: Central, alerting: Alerting) -> None:
    assert alerting.sweep(later(900), 900.0) == 0
    assert central.fleet.box("b1").box.state is BoxCondition.WAITING


def test_the_will_of_this_start_is_believed_at_once(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)))
    central.receive(box.state(BoxState.LOST, 0), at_s=30)
    assert alerts(central) == [("box_offline", "b1", "open")]
    assert rows(central.stores, "alerts")[0]["reason"] == "lost"
    assert camera(central).state is UNKNOWN


def test_the_will_of_an_earlier_start_is_late(central: Central, box: SpeakingBox) -> None:
    box.boot = 2
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)))
    central.receive(box.state(BoxState.LOST, 0, boot=1), box.state(BoxState.LOST, 0, boot=1, retained=True))
    assert alerts(central) == []
    assert camera(central).state is ONLINE


def test_a_clean_stop_is_missed_only_when_nobody_returns(
    central: Central, box: SpeakingBox, alerting: Alerting
) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    central.receive(box.state(BoxState.STOPPING, 10), at_s=10)
    assert central.fleet.box("b1").box.state is BoxCondition.OFFLINE
    assert alerting.sweep(later(40), 40.0) == 0
    assert alerting.sweep(later(46), 46.0) == 1
    assert rows(central.stores, "alerts")[0]["reason"] == "stopped"


def test_each_change_of_a_box_is_a_fact_with_its_reason(central: Central, box: SpeakingBox, alerting: Alerting) -> None:
    birth, will, stop = box.birth(1), box.state(BoxState.LOST, 0), box.state(BoxState.STOPPING, 90)
    central.receive(birth, box.heartbeat(2), at_s=2)
    central.receive(will, will, at_s=30)
    central.receive(box.heartbeat(40), at_s=40)
    alerting.sweep(later(85), 85.0)
    central.receive(box.heartbeat(89), stop, at_s=90)
    alerting.sweep(later(200), 200.0)
    known = central.fleet.box_states("b1", ALL).items[::-1]
    assert [(fact.state, fact.reason, fact.recorded_at) for fact in known] == [
        (BoxCondition.WAITING, None, later(0)),
        (BoxCondition.ONLINE, None, later(2)),
        (BoxCondition.OFFLINE, BoxOfflineReason.LOST, later(30)),
        (BoxCondition.ONLINE, None, later(40)),
        (BoxCondition.OFFLINE, BoxOfflineReason.SILENT, later(85)),
        (BoxCondition.ONLINE, None, later(90)),
        (BoxCondition.OFFLINE, BoxOfflineReason.STOPPED, later(90)),
    ]
    assert known[4].since == later(40)
    assert known[0].cause == "registration:zhao"
    assert known[4].cause == f"sweep:{later(85).isoformat()}"
    assert all(fact.cause for fact in known)
    now = central.fleet.box("b1").box
    assert (now.state, now.since) == (known[-1].state, known[-1].since)


def test_a_restart_in_time_is_not_worth_a_word(central: Central, box: SpeakingBox, alerting: Alerting) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE)), at_s=1)
    central.receive(box.state(BoxState.STOPPING, 10), at_s=10)
    restarted = SpeakingBox(boot=2)
    central.receive(restarted.birth(1), at_s=20)
    assert alerting.sweep(later(50), 50.0) == 0
    assert notices(central) == []


def test_what_the_broker_kept_is_no_sign_of_life(central: Central, box: SpeakingBox, alerting: Alerting) -> None:
    central.receive(box.birth(0), at_s=1)
    kept = [box.state(BoxState.ONLINE, 2, retained=True), box.heartbeat(3, retained=True)]
    central.receive(*kept, box.birth(0, retained=True), at_s=44)
    assert alerting.sweep(later(46), 46.0) == 1


def test_a_camera_that_is_taken_down_takes_its_alert_with_it(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0, cameras=("cam-1", "cam-2")), box.camera(OFFLINE, 5, camera="cam-2"))
    central.receive(box.birth(10))
    assert [camera.key for camera in central.fleet.cameras(ALL).items] == ["b1.cam-1"]
    assert alerts(central) == [("camera_offline", "b1.cam-2", "cleared")]
    assert notices(central) == ["problem"]


def test_alerts_are_listed_with_their_notices(central: Central, box: SpeakingBox, alerting: Alerting) -> None:
    central.receive(box.birth(0), box.camera(OFFLINE, 5))
    central.receive(box.camera(ONLINE, 9))
    central.receive(box.camera(OFFLINE, 15))
    (opened,) = alerting.alerts(ALL, AlertState.OPEN).items
    assert [notice.kind for notice in opened.notices] == ["problem"]
    newest, oldest = alerting.alerts(ALL).items
    assert (newest.alert.state, oldest.alert.state) == (AlertState.OPEN, AlertState.CLEARED)
    assert [notice.kind for notice in oldest.notices] == ["problem", "recovery"]


def test_figures_of_heartbeats_are_kept(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(15, box.status(ONLINE)), box.heartbeat(30, box.status(ONLINE)))
    points = central.fleet.series("cpu_share", "b1", None, None, 10)
    assert [(point.at, point.value) for point in points] == [(later(15), 0.5), (later(30), 0.5)]
    assert [point.value for point in central.fleet.series("fps", "b1.cam-1", later(20), later(31), 10)] == [10.0]
