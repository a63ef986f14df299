"""Device figures from what boxes really say, and witnesses, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from central.core.alerting.alerts import AlertPolicy
from central.core.availability.maintenance import Scope
from central.core.availability.online_rate import Counted, Times
from central.core.availability.spans import Span
from central.core.availability.witnesses import BoxWait, WitnessRun
from central.core.kpis import Target
from central.services.alerting import Alerting
from central.services.figures.availability import (
    NO_TIME,
    NO_WITNESS,
    Availability,
    GroupedBy,
    OnlineReport,
    PeriodRefused,
    SystemReport,
)
from central.services.figures.camera_rows import CameraRow
from central.services.figures.device_notes import DeviceNotes, Draft, WindowUnknown
from central.services.figures.planning.targets import KpiTargets
from central.services.figures.witnesses import Ticker
from central.stores.ports import PageRequest
from protocol.messages import BoxState, CameraState
from tests.support.central_stores import TECHNICIAN, Central
from tests.support.speaking_box import SpeakingBox, later

ONLINE, DEGRADED, OFFLINE = CameraState.ONLINE, CameraState.DEGRADED, CameraState.OFFLINE
HOUR = Span(later(0), later(3600))
END = later(7200)


@pytest.fixture
def figures(central: Central) -> Availability:
    return Availability(central.stores)


@pytest.fixture
def notes(central: Central) -> DeviceNotes:
    return DeviceNotes(central.stores)


def lost_for_half_an_hour(central: Central, box: SpeakingBox) -> None:
    """Let a box be silent from 600 to 2400 s, while its camera is dark from 900 to 1200 s."""
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE, 0)), at_s=1)
    central.receive(box.heartbeat(600, box.status(ONLINE, 0)), at_s=600)
    alerting = Alerting(central.stores, AlertPolicy(), central.liveness)
    alerting.sweep(later(650), 650)
    central.receive(box.heartbeat(2400, box.status(ONLINE, 1200)), at_s=2400)


def times(figures: Availability, known_at: datetime = END, span: Span = HOUR) -> Times:
    return figures.online(span, known_at).time.required


def test_unknown_time_is_resolved_by_what_the_box_kept(
    central: Central, box: SpeakingBox, figures: Availability
) -> None:
    lost_for_half_an_hour(central, box)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 1200)), at_s=7199)
    early = figures.online(HOUR, END)
    assert early.time.required == Times(online_s=3000, unknown_s=600)
    found = early.rate(Counted.ONLINE)
    assert found.lower == pytest.approx(3000 / 3600)
    assert (found.upper, found.ceiling) == (1.0, 1.0)
    central.receive(box.camera(OFFLINE, 900, previous=ONLINE), box.camera(ONLINE, 1200, previous=OFFLINE), at_s=7199.5)
    late = figures.online(HOUR, END)
    assert late.time.required == Times(online_s=3300, offline_s=300)
    assert times(figures, later(7199)) == early.time.required
    assert late.rate(Counted.ONLINE).lower == late.rate(Counted.ONLINE).ceiling == pytest.approx(3300 / 3600)


@pytest.mark.parametrize("cut_s", [1, 300, 600, 899, 900, 1000, 1200, 2400, 3599])
def test_a_period_sees_what_began_before_it(
    central: Central, box: SpeakingBox, figures: Availability, cut_s: float
) -> None:
    lost_for_half_an_hour(central, box)
    central.receive(box.camera(OFFLINE, 900, previous=ONLINE), at_s=2401)
    central.receive(box.camera(ONLINE, 1200, previous=OFFLINE), at_s=2402)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 1200)), at_s=7199)
    whole = times(figures)
    parts = [times(figures, span=span) for span in (Span(later(0), later(cut_s)), Span(later(cut_s), later(3600)))]
    assert parts[0].plus(parts[1]) == whole == Times(online_s=3300, offline_s=300)


def test_rows_maintenance_and_trial(
    central: Central, box: SpeakingBox, figures: Availability, notes: DeviceNotes
) -> None:
    central.receive(
        box.birth(0, cameras=("cam-1", "cam-2", "cam-3")),
        box.heartbeat(1, box.status(ONLINE, 0), box.status(DEGRADED, 0, camera="cam-2")),
        at_s=1,
    )
    central.receive(box.heartbeat(3590, box.status(ONLINE, 0)), at_s=3590)
    window = notes.announce(Draft(Scope.CAMERA, "b1.cam-1", later(100), later(200), "擦镜头"), TECHNICIAN, later(150))
    assert (
        notes.announce(Draft(Scope.CAMERA, "b1.cam-1", later(100), later(200), "擦镜头"), TECHNICIAN, later(300))
        == window
    )
    report = figures.online(HOUR, later(3600))
    assert (report.cameras, report.excused_late, report.reason) == (3, 1, None)
    assert (report.time.required.online_s, report.time.planned.online_s) == (3500, 100)
    assert report.rate(Counted.INTACT).hits_s == 3500
    assert report.rate(Counted.ONLINE).hits_s == 3500 + 3600
    first = figures.rows(HOUR, later(3600), PageRequest(2))
    second = figures.rows(HOUR, later(3600), PageRequest(2, first.next))
    rows = [*first.items, *second.items]
    assert [row.camera for row in rows] == ["b1.cam-1", "b1.cam-2", "b1.cam-3"]
    assert sum(row.time.required.total_s for row in rows) == pytest.approx(report.time.required.total_s)
    assert rows[2].time.required.unknown_s > 3500
    trial = Availability(central.stores, later(1800)).online(HOUR, later(3600))
    assert trial.time.trial.total_s == pytest.approx(3 * 1800, abs=130)
    assert notes.cancel(window.id, later(400)).cancelled_at == later(400)
    assert figures.online(HOUR, later(3600)).time.planned == Times()
    assert [one.id for one in notes.windows(PageRequest(9)).items] == [window.id]
    with pytest.raises(WindowUnknown):
        notes.cancel("mw-none", later(0))


def test_a_period_without_cameras_has_no_rate(figures: Availability) -> None:
    report = figures.online(HOUR, END)
    assert (report.rate(Counted.ONLINE).lower, report.reason) == (None, NO_TIME)
    assert figures.snapshot(later(60)).lower is None
    for span in (Span(later(5), later(5)), Span(later(0), later(500 * 86_400))):
        with pytest.raises(PeriodRefused):
            figures.online(span, END)


def test_a_snapshot_counts_cameras(central: Central, box: SpeakingBox, figures: Availability) -> None:
    central.receive(
        box.birth(0, cameras=("cam-1", "cam-2")),
        box.heartbeat(1, box.status(ONLINE, 0), box.status(OFFLINE, 0, camera="cam-2")),
    )
    assert (figures.snapshot(later(20)).lower, figures.snapshot(later(20)).spare) == (0.5, -1)


def test_targets_that_were_said_hold_each_for_its_own_figure(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE, 0)))
    zone = ZoneInfo("Asia/Shanghai")
    figures = Availability(central.stores, online_target=0.9, zone=zone)
    report, system = figures.online(HOUR, END), figures.system(HOUR, END)
    assert (report.target, report.intact_target, system.target) == (0.9, None, None)
    assert [figures.snapshot(later(20), one).target for one in Counted] == [0.9, None]
    day = HOUR.start.astimezone(zone).date()
    said = {"camera_online_rate": 0.97, "camera_intact_rate": 0.98, "platform_availability": 0.999}
    words = [Target(name, value, "局长", day, "方案") for name, value in said.items()]
    KpiTargets(central.stores).say(words, TECHNICIAN, later(0))
    report, system = figures.online(HOUR, END), figures.system(HOUR, END)
    assert (report.target, report.intact_target, system.target) == (0.97, 0.98, 0.999)
    assert [figures.snapshot(later(20), one).target for one in Counted] == [0.97, 0.98]
    before = Span(HOUR.start - timedelta(days=1), HOUR.start)
    assert (figures.online(before, END).target, figures.system(before, END).target) == (0.9, None)


def test_failures_by_camera_box_and_vendor(
    central: Central, box: SpeakingBox, figures: Availability, notes: DeviceNotes
) -> None:
    lost_for_half_an_hour(central, box)
    central.receive(box.camera(OFFLINE, 900, previous=ONLINE), box.camera(ONLINE, 1200, previous=OFFLINE), at_s=2401)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 1200)), at_s=7199)
    notes.set_makers({"b1.cam-1": ("甲", "T1")})
    notes.set_makers({"b1.cam-1": ("乙", "T2"), "b1": ("丙", "N1")})
    for by, name in ((GroupedBy.CAMERA, "b1.cam-1"), (GroupedBy.VENDOR, "乙")):
        found = figures.reliability(HOUR, END, by)
        assert list(found) == [name]
        assert (found[name].failures, found[name].mttr_min) == (1, 5.0)
        assert found[name].mtbf_h == pytest.approx(3300 / 3600)
    boxes = figures.reliability(HOUR, END, GroupedBy.BOX)
    assert (boxes["b1"].failures, boxes["b1"].mttr_min) == (1, pytest.approx(30))


def test_witnesses(central: Central, figures: Availability, notes: DeviceNotes) -> None:
    first, second = Ticker(central.stores, "a"), Ticker(central.stores, "b")
    for at in range(0, 601, 15):
        first.tick(later(at), 100.0 + at)
    for at in range(900, 3601, 15):
        second.tick(later(at), 7.0 + at)
    report = figures.system(HOUR, later(3600))
    assert (report.worst.down_s, report.worst.falls, report.worst.unknown_s) == (300, 1, 0)
    probe = [
        WitnessRun("probe:gate", "p", later(0), later(2000)),
        WitnessRun("probe:gate", "p", later(2015), later(2030), is_up=False),
    ]
    notes.take_runs(probe, later(3600))
    notes.take_runs(probe, later(3600))
    report = figures.system(HOUR, later(3600))
    assert (report.worst.down_s, report.worst.falls) == (300 + 30, 2)
    assert report.witnesses["probe:gate"].unknown_s == 1570
    notes.announce(Draft(Scope.PLATFORM, "", later(600), later(900), "升级"), TECHNICIAN, later(0))
    assert figures.system(HOUR, later(3600)).worst.down_s == 30
    part = figures.system(Span(later(650), later(800)), later(3600))
    assert part.witnesses["central"].required_s == 0
    assert figures.system(Span(later(700), later(950)), later(3600)).witnesses["central"].down_s == 0


def test_the_platform_is_counted_from_the_first_word_of_any_witness(
    central: Central, figures: Availability, notes: DeviceNotes
) -> None:
    def found(span: Span = HOUR, known_at: datetime = END) -> tuple[float | None, float, int]:
        worst = figures.system(span, known_at).worst
        return worst.lower, worst.required_s, worst.falls

    def first_word(known_at: datetime = END) -> datetime | None:
        with central.stores.reading() as unit:
            return unit.availability.first_word(HOUR, known_at)

    nothing = (None, 0, 0)
    assert (found(), first_word()) == (nothing, None)
    Ticker(central.stores, "killed").tick(later(1200), 1.0)
    again = Ticker(central.stores, "again")
    for at in range(2400, 7201, 15):
        again.tick(later(at), float(at))
    assert (found(), first_word()) == ((0.5, 2400, 1), later(1200)), "a central that was killed was down"
    before = figures.system(Span(later(0), later(1200)), END)
    assert (before.worst.lower, before.witnesses, before.falls, before.counted_from) == (None, {}, (), None)
    assert before.reason == NO_WITNESS
    assert (figures.system(HOUR, END).counted_from, figures.system(HOUR, END).reason) == (later(1200), None)
    assert found(known_at=later(1199)) == nothing, "nobody knew of it"
    assert found(Span(later(1800), later(3600))) == (pytest.approx(2 / 3), 1800, 0)
    notes.take_runs([WitnessRun("probe:gate", "p", later(600), later(660), is_up=False)], later(5000))
    assert (found(known_at=later(4999)), first_word(later(4999))) == ((0.5, 2400, 1), later(1200))
    assert (found(), first_word()) == ((pytest.approx(0.4), 3000, 2), later(600))
    with central.stores.writing() as unit:
        unit.availability.put_waits([BoxWait("b1", 1, 1, Span(later(300), later(310)), connected=True)], later(6000))
    assert (first_word(later(5999)), first_word()) == (later(600), later(300))
    assert found()[1] == 3300
    with central.stores.writing() as unit:
        recent = Span(later(1800), later(3600))
        assert unit.availability.drop_waits(later(1500), 9) + unit.availability.drop_runs(later(1500), 9) == 2
    assert found(recent)[1] == 1800, "what is dropped before a period leaves it as long as it was"


def test_old_runs_go_oldest_first_but_the_last_of_each_witness(central: Central) -> None:
    runs = [WitnessRun("central", str(at), later(at), later(at + 5)) for at in range(0, 50, 10)]
    quiet = WitnessRun("probe:gate", "p", later(0), later(1))
    with central.stores.writing() as unit:
        unit.availability.add_runs([*runs, quiet], later(99))
        assert unit.availability.drop_runs(later(26), 1) == 1
        assert unit.availability.drop_runs(later(26), 9) == 2
        assert unit.availability.drop_runs(later(99), 0) == 0
        assert unit.availability.drop_runs(later(99), 9) == 1
    with central.stores.reading() as unit:
        assert list(unit.availability.runs(Span(later(0), later(100)), END)) == [runs[-1], quiet]


def test_what_is_told_later_changes_no_earlier_answer(
    central: Central, box: SpeakingBox, figures: Availability, notes: DeviceNotes
) -> None:
    """As of an hour a fall of five minutes; then a window, a probe's file and its longer self are taken in."""
    first, second = Ticker(central.stores, "a"), Ticker(central.stores, "b")
    for at in range(0, 601, 15):
        first.tick(later(at), 100.0 + at)
    for at in range(900, 7201, 15):
        second.tick(later(at), 7.0 + at)
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE, 0)), at_s=1)
    central.receive(box.heartbeat(3590, box.status(ONLINE, 0)), at_s=3590)
    moments = [later(at) for at in (700, 3600, 5000, 5600, 6000, 7200)]

    def answers() -> list[tuple[SystemReport, OnlineReport, list[CameraRow]]]:
        return [
            (figures.system(HOUR, at), figures.online(HOUR, at), list(figures.rows(HOUR, at, PageRequest(9)).items))
            for at in moments
        ]

    told = [answers()[:2]]
    assert [one.worst.falls for one, _, _ in told[-1]] == [0, 1]
    plan = notes.announce(Draft(Scope.PLATFORM, "", later(600), later(900), "升级"), TECHNICIAN, later(5000))
    told.append(answers()[:3])
    assert [one.worst.falls for one, _, _ in told[-1]] == [0, 1, 0]
    assert [one.excused_late for _, one, _ in told[-1]] == [0, 0, 1]
    notes.cancel(plan.id, later(5600))
    again = [
        notes.announce(Draft(Scope.PLATFORM, "", later(600), later(900), "升级"), TECHNICIAN, later(7300))
        for _ in range(2)
    ]
    assert again[0] == again[1] != plan
    assert again[0].cancelled_at is None
    told.append(answers()[:4])
    assert [one.worst.falls for one, _, _ in told[-1]] == [0, 1, 0, 1]
    down = WitnessRun("probe:gate", "p", later(2000), later(2100), is_up=False)
    notes.take_runs([down], later(6000))
    told.append(answers()[:5])
    assert [one.worst.down_s for one, _, _ in told[-1]] == [0, 300, 0, 300, 400]
    for _ in range(2):
        notes.take_runs([replace(down, ended_at=later(2500), looks=9)], later(7200))
    told.append(answers())
    assert [one.worst.down_s for one, _, _ in told[-1]] == [0, 300, 0, 300, 400, 800]
    for before, after in pairwise(told):
        assert after[: len(before)] == before
    with central.stores.reading() as unit:
        assert [one.ended_at for one in unit.availability.runs(HOUR, END) if one.witness != "central"] == [
            later(2100),
            later(2500),
        ]


def test_waits_that_are_told_later_change_no_earlier_answer(central: Central, figures: Availability) -> None:
    ticker, boxes = Ticker(central.stores, "a"), (SpeakingBox("b1"), SpeakingBox("b2"))
    central.register(*boxes)
    for at in range(0, 3601, 15):
        ticker.tick(later(at), float(at))
    central.receive(*(box.birth(0) for box in boxes), at_s=0)
    for at_s in (1300, 1315):
        central.receive(*(box.heartbeat(at_s, waits=(box.wait(1, 600, 700),)) for box in boxes), at_s=at_s)
    assert [figures.system(HOUR, later(at)).worst.falls for at in (1299, 1300, 3600)] == [0, 1, 1]
    with central.stores.writing() as unit:
        (one, _) = unit.availability.waits(HOUR, later(1300))
        again = one._replace(span=Span(later(2000), later(2100)))
        unit.availability.put_waits([again], later(2110))
        assert [one.box for one in unit.availability.waits(HOUR, later(2109))] == ["b2"]
        assert [one.span.start for one in unit.availability.waits(HOUR, later(2110))][1:] == [later(2000)]


def test_a_period_within_a_fall_is_down(central: Central, figures: Availability) -> None:
    Ticker(central.stores, "a").tick(later(0), 0.0)
    Ticker(central.stores, "b").tick(later(3000), 0.0)
    found = figures.system(Span(later(100), later(200)), later(3600)).worst
    assert (found.down_s, found.unknown_s, found.falls) == (100, 0, 0)
    assert figures.system(Span(later(3100), later(3200)), later(3600)).worst.unknown_s == 100


def test_boxes_that_fall_together_speak_against_the_platform(central: Central, figures: Availability) -> None:
    ticker, boxes = Ticker(central.stores, "a"), (SpeakingBox("b1"), SpeakingBox("b2"))
    central.register(*boxes)
    for at in range(0, 3601, 15):
        ticker.tick(later(at), float(at))
    central.receive(*(box.birth(0) for box in boxes), at_s=0)
    central.receive(*(box.heartbeat(1000) for box in boxes), at_s=1000)
    central.receive(*(box.state(BoxState.LOST, 1010) for box in boxes), at_s=1010)
    central.receive(boxes[0].heartbeat(1600), at_s=1600)
    found = figures.system(HOUR, later(3600))
    assert found.witnesses["central"].down_s == 0
    assert (found.witnesses["boxes"].down_s, found.worst.down_s) == (590, 590)


def test_boxes_tell_afterwards_when_they_had_no_watermark(central: Central, figures: Availability) -> None:
    ticker, boxes = Ticker(central.stores, "a"), (SpeakingBox("b1"), SpeakingBox("b2"), SpeakingBox("b3"))
    central.register(*boxes)
    for at in range(0, 3601, 15):
        ticker.tick(later(at), float(at))
    central.receive(*(box.birth(0) for box in boxes), at_s=0)
    one, two, three = boxes
    central.receive(one.heartbeat(700, waits=(one.wait(1, 600, 690),)), at_s=700)
    central.receive(two.heartbeat(700, waits=(two.wait(1, 610, 680),)), at_s=700)
    for at_s in (700, 715):
        central.receive(three.heartbeat(at_s, waits=(three.wait(1, 100, 150, connected=True),)), at_s=at_s)
    found = figures.system(HOUR, later(3600))
    assert found.witnesses["central"].down_s == 0
    assert (found.witnesses["boxes"].down_s, found.worst.falls) == (pytest.approx(70, abs=0.1), 1)
    assert figures.system(Span(later(650), later(660)), later(3600)).worst.down_s == pytest.approx(10, abs=0.1)
    assert figures.system(Span(later(800), later(900)), later(3600)).witnesses["boxes"].down_s == 0
    with central.stores.writing() as unit:
        assert [one.box for one in unit.availability.waits(HOUR, END)] == ["b3", "b1", "b2"]
        assert [unit.availability.drop_waits(later(685), limit) for limit in (1, 9)] == [1, 1]
        assert [one.box for one in unit.availability.waits(HOUR, END)] == ["b1"]


def test_a_central_that_was_off_knows_nothing_of_now(central: Central, box: SpeakingBox, figures: Availability) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE, 0)), at_s=1)
    assert figures.snapshot(later(40)).good == 1
    asleep = figures.snapshot(later(4000))
    assert (asleep.good, asleep.unknown, asleep.total) == (0, 1, 1)
    assert times(figures, later(4000)) == Times(online_s=1, unknown_s=3599)
    assert figures.reliability(HOUR, later(4000), GroupedBy.BOX)["b1"].up_s <= 1


def test_a_camera_that_was_taken_out_and_came_back_was_not_watched(
    central: Central, box: SpeakingBox, figures: Availability
) -> None:
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE, 0)), at_s=1)
    central.receive(box.birth(600, cameras=("cam-2",)), at_s=600)
    assert times(figures, span=Span(later(0), later(1200)), known_at=later(620)).total_s <= 620 + 20
    box.boot = 2
    central.receive(box.birth(1800), box.heartbeat(1801, box.status(ONLINE, 1800)), at_s=1801)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 1800)), at_s=7199)
    row = figures.rows(HOUR, END, PageRequest(1)).items[0]
    assert row.time.required == Times(online_s=2400, unknown_s=1200)
