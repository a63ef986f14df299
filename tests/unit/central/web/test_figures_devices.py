"""Devices in words: bounds where something is unknown, the plan by the lower one, cameras in trouble worst first."""

from datetime import UTC, datetime, timedelta

import pytest

from central.core.availability.online_rate import DeviceTime, Snapshot, Times
from central.core.availability.reliability import Reliability
from central.core.availability.spans import Span
from central.core.availability.witnesses import SystemTime
from central.services.figures.availability import OnlineReport, SystemReport
from central.services.figures.camera_rows import CameraRow
from central.settings.texts import load_texts
from central.web.figures.devices import (
    Now,
    bounds_words,
    device_lines,
    failures_line,
    in_trouble,
    platform_lines,
    trouble_of,
)
from central.web.figures.wording import NOTHING, Tone
from protocol.texts import Language

EN = load_texts(Language.ENGLISH)
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = Span(BEGIN, BEGIN + timedelta(days=1))
HOUR = 3_600.0
GOOD = Snapshot(96, 0, 100, 0.95)


def report(times: Times, planned: Times = Times(), late: int = 0, intact: float | None = None) -> OnlineReport:  # noqa: B008 - a tuple of zeros
    return OnlineReport(SPAN, SPAN.end, 1, DeviceTime("", times, planned), 0.95, None, late, intact)


def row(camera: str, times: Times, failures: int = 0) -> CameraRow:
    reliability = Reliability(times.online_s, times.offline_s, failures)
    return CameraRow(camera, "b1", "s1", DeviceTime(camera, times), reliability)


def test_unknown_time_gives_two_bounds_and_the_plan_goes_by_the_lower() -> None:
    line = device_lines(report(Times(50 * HOUR, 0, 25 * HOUR, 25 * HOUR)), Now(GOOD, GOOD), EN)[0]
    assert (line.value, line.numbers) == ("[50.00%, 66.67%]", "50.0 / 100.0 camera hours")
    assert (line.target, line.verdict, line.tone) == ("95.00%", "missed", Tone.WORSE)
    assert line.notes == (
        "25.0 camera hours unknown: offline in the lower, left out of the upper; 75.00% if all were online",
    )


def test_nothing_unknown_is_one_number_and_what_is_apart_is_told() -> None:
    line = device_lines(report(Times(HOUR), Times(0, 0, HOUR), 1), Now(GOOD, GOOD), EN)[0]
    assert (line.value, line.verdict) == ("100.00%", "met")
    assert line.notes == (
        "planned maintenance: 1.0 camera hours, not counted",
        "maintenance windows announced after they began: 1",
    )


def test_degraded_is_online_and_not_intact() -> None:
    lines = device_lines(report(Times(HOUR, HOUR)), Now(GOOD, Snapshot(90, 5, 100, 0.95)), EN)
    assert [line.value for line in lines] == ["100.00%", "96.00%", "50.00%", "[90.00%, 94.74%]"]


@pytest.mark.parametrize(
    ("good", "said"),
    [
        (96, "1 more may fail before the target is missed"),
        (95, "0 more may fail before the target is missed"),
        (93, "2 at least have to come back to meet the target"),
    ],
)
def test_how_many_more_may_fail(good: int, said: str) -> None:
    snapshot = Snapshot(good, 0, 100, 0.95)
    assert device_lines(report(Times(HOUR)), Now(snapshot, snapshot), EN)[1].notes == (said,)


def test_each_rate_is_judged_by_its_own_target() -> None:
    mostly = Times(96 * HOUR, 2 * HOUR, 2 * HOUR)
    said = device_lines(report(mostly, intact=0.98), Now(GOOD, Snapshot(97, 0, 100, 0.98)), EN)
    assert [(line.target, line.verdict) for line in said] == [
        ("95.00%", "met"), ("95.00%", "met"), ("98.00%", "missed"), ("98.00%", "missed"),
    ]  # fmt: skip
    unsaid = device_lines(report(mostly), Now(GOOD, Snapshot(97, 0, 100, None)), EN)
    assert [(line.target, line.verdict, line.notes) for line in unsaid[2:]] == [("", "", ()), ("", "", ())]


def test_availability_stands_beside_its_target_and_is_never_rounded_onto_it() -> None:
    fallen = SystemTime(998_985, 1_015, 0, 1)
    first, witness = platform_lines(SystemReport(SPAN, fallen, {"hall": fallen}, target=0.999), EN)
    assert (first.value, first.target, first.verdict, first.tone) == ("99.899%", "99.90%", "missed", Tone.WORSE)
    assert (witness.value, witness.target, witness.verdict) == ("99.90%", "", "")


def test_no_cameras_is_no_number() -> None:
    none = Snapshot(0, 0, 0, 0.95)
    for line in device_lines(report(Times()), Now(none, none), EN):
        assert (line.value, line.verdict) == (NOTHING, "")
        assert line.reason


def test_the_worst_witness_comes_first_with_mtbf_and_mttr() -> None:
    fallen, whole = SystemTime(23 * HOUR, HOUR, 0, 1), SystemTime(12 * HOUR, 0, 12 * HOUR, 0)
    lines = platform_lines(SystemReport(SPAN, fallen, {"central": whole, "hall": fallen}), EN)
    assert [line.name for line in lines] == [
        "Availability (worst witness)", "Witness: central itself", "Witness: hall",
    ]  # fmt: skip
    assert (lines[0].value, lines[0].numbers) == ("95.83%", "falls: 1, 1 h 0 min in all")
    assert lines[0].notes == ("MTBF 23.00 h · MTTR 1.00 h",)
    assert (lines[1].value, lines[1].notes) == (
        "[50.00%, 100.00%]",
        ("no failure, MTBF above 12.00 h · no MTTR (no failure ended)",),
    )


def test_without_a_witness_nothing_is_claimed() -> None:
    line = platform_lines(SystemReport(SPAN, SystemTime(0, 0, 24 * HOUR, 0), {}), EN)[0]
    assert (line.value, line.reason) == (NOTHING, "no witness has told of this period")


def test_cameras_in_trouble_come_worst_first() -> None:
    rows = [
        row("b1.good", Times(24 * HOUR)),
        row("b1.just-born", Times(24 * HOUR, 0, 0, 45)),
        row("b1.dark", Times(0, 0, 24 * HOUR), 1),
        row("b1.short", Times(23 * HOUR, 0, HOUR), 2),
        row("b1.unheard", Times(20 * HOUR, 0, 0, 4 * HOUR)),
    ]
    found = in_trouble(rows)
    assert [one.camera for one in found] == ["b1.dark", "b1.unheard", "b1.short"]
    told = trouble_of(found[2], "Gate", EN)
    assert (told.place, told.share, told.offline, told.unknown, told.failures) == (
        "Gate",
        "95.83%",
        "1 h 0 min",
        NOTHING,
        "2",
    )
    assert failures_line(rows, EN).value == "MTBF 30.33 h"
    assert failures_line([], EN).reason == "there are no cameras"


def test_bounds() -> None:
    assert bounds_words(None, None) == NOTHING
    assert bounds_words(0.5, None) == "50.00%"
