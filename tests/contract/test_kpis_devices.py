"""Device figures of the registry: what the availability reports say, as sums of rows, on both databases."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from sqlalchemy import event

from central.core.availability.online_rate import Counted
from central.core.availability.witnesses import WitnessRun
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import INDICATORS, Figure, Measured, Note, Part, Period, groups_of
from central.services.figures.availability import NO_WITNESS, Availability, GroupedBy
from central.services.figures.device_notes import DeviceNotes
from central.services.figures.kpis import Kpis, KpiUnknown
from central.services.figures.witnesses import Ticker
from central.stores.open_stores import SqlStores
from central.stores.ports import Asked, BadCursor, PageRequest
from protocol.messages import CameraState
from tests.contract.test_availability import END, HOUR, lost_for_half_an_hour
from tests.support.central_stores import Central
from tests.support.speaking_box import SpeakingBox, later

ONLINE, OFFLINE = CameraState.ONLINE, CameraState.OFFLINE
PERIOD = Period(HOUR.start, HOUR.end)


@pytest.fixture
def kpis(central: Central) -> Kpis:
    return Kpis(central.stores, BUILT_IN_CLOCKWORK)


def rows(kpis: Kpis, name: str, group_by: str | None = None) -> Sequence[Part]:
    return kpis.parts(name, Asked(PERIOD, END, group_by), None, PageRequest(500)).items


def lived(central: Central, box: SpeakingBox) -> None:
    """Let the box be unheard for half an hour, in which its camera failed and came back, as told later."""
    lost_for_half_an_hour(central, box)
    central.receive(box.camera(OFFLINE, 900, previous=ONLINE), box.camera(ONLINE, 1200, previous=OFFLINE), at_s=2401)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 1200)), at_s=7199)


def test_they_say_what_the_reports_say(central: Central, box: SpeakingBox, kpis: Kpis) -> None:
    lived(central, box)
    report = Availability(central.stores).online(HOUR, END)
    for name, counted in (("camera_online_rate", Counted.ONLINE), ("camera_intact_rate", Counted.INTACT)):
        figure, expected = kpis.figure(name, PERIOD, END), report.rate(counted)
        assert figure.bounds == (expected.lower, expected.upper, expected.ceiling)
        assert (figure.value, figure.hits, figure.total) == (expected.lower, 3300, 3600)
    failures = Availability(central.stores).reliability(HOUR, END, GroupedBy.CAMERA)["b1.cam-1"]
    assert (kpis.figure("camera_mtbf", PERIOD, END).value or 0) / 3600 == failures.mtbf_h
    assert (kpis.figure("camera_mttr", PERIOD, END).value or 0) / 60 == failures.mttr_min == 5
    assert kpis.figure("camera_online_snapshot", PERIOD, END).value == 1


def test_unknown_time_moves_only_within_the_bounds(central: Central, box: SpeakingBox, kpis: Kpis) -> None:
    lost_for_half_an_hour(central, box)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 1200)), at_s=7199)
    early = kpis.figure("camera_online_rate", PERIOD, END).bounds
    central.receive(box.camera(OFFLINE, 900, previous=ONLINE), box.camera(ONLINE, 1200, previous=OFFLINE), at_s=7199.5)
    late = kpis.figure("camera_online_rate", PERIOD, END).bounds
    assert early is not None
    assert late is not None
    assert early == (3000 / 3600, 1.0, 1.0)
    assert early.lower <= late.lower == late.ceiling <= early.ceiling


def test_rows_add_up_and_are_told_apart(central: Central, box: SpeakingBox, kpis: Kpis) -> None:
    lived(central, box)
    DeviceNotes(central.stores).set_makers({"b1.cam-1": ("乙", "T2")})
    for name, one in INDICATORS.items():
        if not (isinstance(one.formula, Measured) and name.startswith("camera_") and groups_of(one)):
            continue
        whole = kpis.figure(name, PERIOD, END)
        parts = rows(kpis, name)
        assert parts
        assert (round(sum(part.hits for part in parts)), round(sum(part.total for part in parts))) == _divided(whole)
        for by, group in (("camera", "b1.cam-1"), ("box", "b1"), ("vendor", "乙")):
            grouped = kpis.grouped(name, PERIOD, END, by)
            assert [(figure.group, figure.value) for figure in grouped] == [(group, whole.value)]
            asked = Asked(PERIOD, END, by)
            assert len(kpis.parts(name, asked, group, PageRequest(9)).items) == len(parts)
            assert kpis.parts(name, asked, "nobody", PageRequest(9)).items == ()


def _divided(figure: Figure) -> tuple[int, int]:
    return figure.hits, figure.total


def test_the_platform_is_worth_its_worst_witness(central: Central, kpis: Kpis) -> None:
    assert kpis.figure("platform_availability", PERIOD, END).value is None
    ticker = Ticker(central.stores, "a")
    for at in range(0, 3601, 15):
        ticker.tick(later(at), 100.0 + at)
    seen = [
        WitnessRun("probe:gate", "p", later(0), later(2000)),
        WitnessRun("probe:gate", "p", later(2015), later(2030), is_up=False),
        WitnessRun("probe:gate", "p", later(2045), later(3600)),
    ]
    DeviceNotes(central.stores).take_runs(seen, later(3600))
    worst = Availability(central.stores).system(HOUR, END).worst
    figure = kpis.figure("platform_availability", PERIOD, END)
    assert figure.value == worst.lower == pytest.approx(3555 / 3600)
    assert kpis.figure("platform_mttr", PERIOD, END).value == 45
    assert kpis.figure("platform_mtbf", PERIOD, END).value == 3555
    falls = [part for part in rows(kpis, "platform_availability") if part.begin is not None]
    assert [(part.begin, part.end, part.total) for part in falls] == [(later(2000), later(2045), 45)]


def test_the_platform_has_no_figure_before_the_first_word_of_a_witness(central: Central, kpis: Kpis) -> None:
    first, second = Ticker(central.stores, "a"), Ticker(central.stores, "b")
    for at in range(900, 1801, 15):
        first.tick(later(at), float(at))
    for at in range(2700, 3601, 15):
        second.tick(later(at), float(at))
    hour = [kpis.figure(f"platform_{name}", PERIOD, END) for name in ("availability", "mtbf", "mttr")]
    assert [(one.value, one.hits, one.total) for one in hour] == [
        (pytest.approx(2 / 3), 1800, 2700),
        (1800, 1800, 1),
        (900, 900, 1),
    ]
    before = Period(later(-86_400), later(900))
    for name in ("platform_availability", "platform_mtbf", "platform_mttr"):
        told = kpis.figure(name, before, END)
        assert (told.value, told.hits, told.total, told.reason) == (None, 0, 0, NO_WITNESS)
        assert kpis.parts(name, Asked(before, END), None, PageRequest(9)).items == ()


def test_what_counts_trial_operation_says_so(central: Central, box: SpeakingBox, kpis: Kpis) -> None:
    lived(central, box)
    ticker = Ticker(central.stores, "a")
    for at in range(0, 3601, 15):
        ticker.tick(later(at), 100.0 + at)
    in_part = Kpis(central.stores, BUILT_IN_CLOCKWORK, availability=Availability(central.stores, later(600)))
    told = {
        one.indicator: one
        for one in in_part.all(PERIOD, END)
        if isinstance(INDICATORS[one.indicator].formula, Measured)
    }
    without = {name for name, one in told.items() if not one.notes}
    assert without == {"camera_online_rate", "camera_intact_rate"}
    for figure in kpis.all(PERIOD, END):
        one = told.get(figure.indicator, figure)
        assert (figure.total != one.total) == (figure.indicator in without), "only these leave trial operation out"
    assert {one.notes for one in in_part.grouped("camera_mtbf", PERIOD, END, "camera")} == {(Note.TRIAL_OPERATION,)}


def test_no_camera_no_failure_no_period(central: Central, box: SpeakingBox, kpis: Kpis) -> None:
    assert kpis.figure("camera_online_rate", PERIOD, END).value is None
    central.receive(box.birth(0), box.heartbeat(1, box.status(ONLINE, 0)), at_s=1)
    central.receive(box.heartbeat(7199, box.status(ONLINE, 0)), at_s=7199)
    failures = kpis.figure("camera_mtbf", PERIOD, END)
    assert (failures.value, failures.total) == (None, 0)
    assert failures.hits > 3500
    assert kpis.figure("camera_online_rate", PERIOD, HOUR.start).reason is not None
    years = Period(later(-500 * 86_400), HOUR.end)
    reason = kpis.figure("camera_online_rate", years, END).reason
    assert reason is not None
    assert "400 days" in reason.en


def test_what_a_device_is_not_told_apart_by(kpis: Kpis) -> None:
    with pytest.raises(KpiUnknown, match="camera, box, vendor"):
        kpis.grouped("camera_online_rate", PERIOD, END, "community")
    with pytest.raises(KpiUnknown, match="leave group_by out"):
        kpis.grouped("platform_mtbf", PERIOD, END, "box")
    with pytest.raises(KpiUnknown, match="parts"):
        kpis.rows("camera_mttr", Asked(PERIOD, END), None, PageRequest(5))
    with pytest.raises(KpiUnknown, match="cases"):
        kpis.parts("closing_rate", Asked(PERIOD, END), None, PageRequest(5))
    with pytest.raises(BadCursor):
        kpis.parts("camera_mttr", Asked(PERIOD, END), None, PageRequest(5, "-1"))


def failing_city(central: Central) -> None:
    """Two boxes with four cameras each: of one all fail, one to three times, of the other one fails."""
    for name in ("b1", "b2"):
        box = SpeakingBox(box=name)
        central.register(box)
        cameras = tuple(f"cam-{number}" for number in range(1, 5))
        central.receive(
            box.birth(0, cameras=cameras),
            box.heartbeat(1, *(box.status(ONLINE, 0, camera=camera) for camera in cameras)),
            at_s=1,
        )
        for number, camera in enumerate(cameras if name == "b1" else cameras[2:3]):
            for at in range(600, 600 * (number % 3 + 2), 600):
                central.receive(
                    box.camera(OFFLINE, at, camera=camera, previous=ONLINE),
                    box.camera(ONLINE, at + 60, camera=camera, previous=OFFLINE),
                    at_s=at + 61,
                )
        central.receive(box.heartbeat(7199, *(box.status(ONLINE, 0, camera=camera) for camera in cameras)), at_s=7199)
    DeviceNotes(central.stores).set_makers({"b1.cam-2": ("甲", "T1"), "b2.cam-3": ("甲", "T1")})


def turned(kpis: Kpis, name: str, limit: int, group_by: str | None = None, group: str | None = None) -> list[Part]:
    """All rows, a page after the other; each page but the last is full."""
    asked, cursor, found = Asked(PERIOD, END, group_by), None, list[Part]()
    while True:
        page = kpis.parts(name, asked, group, PageRequest(limit, cursor))
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == limit
        cursor = page.next


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 500])
def test_pages_of_cameras_are_the_sum_whatever_their_length(central: Central, kpis: Kpis, limit: int) -> None:
    failing_city(central)
    for name, one in INDICATORS.items():
        if not isinstance(one.formula, Measured) or groups_of(one) != ("camera", "box", "vendor"):
            continue
        whole = kpis.figure(name, PERIOD, END)
        every = turned(kpis, name, limit)
        assert (round(sum(part.hits for part in every)), round(sum(part.total for part in every))) == _divided(whole)
        assert len(every) == (8 if name != "camera_mttr" else 1 + 2 + 3 + 1 + 1)
        for by in groups_of(one):
            for figure in kpis.grouped(name, PERIOD, END, by):
                parts = turned(kpis, name, limit, by, figure.group)
                assert parts
                assert {part.group for part in parts} == {figure.group}
                assert round(sum(part.hits for part in parts)) == figure.hits
                assert round(sum(part.total for part in parts)) == figure.total


def test_a_page_asks_for_its_own_cameras_alone(central: Central, kpis: Kpis) -> None:
    failing_city(central)
    asked_of: list[str] = []

    def listening(*sent: Any) -> None:  # noqa: ANN401 - what the driver is given
        statement, values = sent[2], sent[3]
        if "WITH bounds" in statement:
            given = values.values() if isinstance(values, dict) else values
            asked_of.extend(one for one in given if isinstance(one, str) and ".cam-" in one)

    event.listen(cast("SqlStores", central.stores).database.engine, "before_cursor_execute", listening)
    kpis.parts("camera_online_rate", Asked(PERIOD, END), None, PageRequest(2))
    assert asked_of == ["b1.cam-1", "b1.cam-2", "b1.cam-3"]
    asked_of.clear()
    kpis.parts("camera_mttr", Asked(PERIOD, END, "box"), "b2", PageRequest(9))
    assert asked_of == ["b2.cam-3"]
    asked_of.clear()
    kpis.parts("camera_online_rate", Asked(PERIOD, END, "vendor"), "甲", PageRequest(9))
    assert asked_of == ["b1.cam-2", "b2.cam-3"]


def test_a_camera_of_later_is_no_row(central: Central, kpis: Kpis) -> None:
    box = SpeakingBox()
    central.register(box)
    central.receive(box.birth(5000), box.heartbeat(5001, box.status(ONLINE, 5000)), at_s=5001)
    assert turned(kpis, "camera_online_rate", 9) == []
    assert kpis.figure("camera_online_rate", PERIOD, END).value is None


@pytest.mark.parametrize("cursor", ["-1", "1", "0@\x00", "x@b1", "9" * 12, "1@" + "x" * 201])
def test_a_cursor_of_another_list(central: Central, kpis: Kpis, cursor: str) -> None:
    failing_city(central)
    with pytest.raises(BadCursor):
        kpis.parts("camera_mttr", Asked(PERIOD, END), None, PageRequest(5, cursor))


def test_a_cursor_of_cameras_is_none_of_the_platform(kpis: Kpis) -> None:
    with pytest.raises(BadCursor):
        kpis.parts("platform_availability", Asked(PERIOD, END), None, PageRequest(5, "1@b1.cam-1"))
