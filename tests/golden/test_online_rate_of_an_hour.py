"""The hour of the acceptance scenario: 50 cameras, five boxes, a switch that dies, one that flaps, maintenance."""

import pytest

from central.core.availability.maintenance import Maintenance, MaintenanceWindow, Scope
from central.core.availability.online_rate import DeviceTime, device_time, rate
from central.core.availability.spans import Span
from central.core.availability.timelines import Said, timeline
from central.core.values import FactSource
from protocol.messages import CameraState
from tests.support.speaking_box import later

HOUR = Span(later(0), later(3600))
ONLINE, OFFLINE, UNKNOWN = CameraState.ONLINE, CameraState.OFFLINE, CameraState.UNKNOWN
PLAN = Maintenance(
    [MaintenanceWindow("w", Scope.BOX, "e4", later(1800), later(3000), "检修", "wang", later(-3600))],
)


def told(key: str, *changes: tuple[float, CameraState]) -> list[Said]:
    """What a box tells of a camera that was online: minutes, and the state from then on."""
    facts, before = [Said(key, ONLINE, None, FactSource.HEARTBEAT, later(-3600), later(-3600))], ONLINE
    for minute, state in changes:
        at = later(60 * minute)
        facts.append(Said(key, state, before, FactSource.TRANSITION, at, at))
        before = state
    return facts


def cut_off(key: str, back: CameraState) -> list[Said]:
    """What is told of a camera behind the switch: nobody watches for 20 minutes, then it is as `back` says."""
    lost = Said(key, UNKNOWN, None, FactSource.RULE, later(0), later(45))
    return [*told(key), lost, Said(key, back, None, FactSource.HEARTBEAT, later(1200), later(1201))]


def cameras() -> dict[str, list[Said]]:
    found = {}
    for box in (1, 2, 3):
        for number in range(10):
            dead = box == 3 and number > 7
            found[f"e{box}.c{number}"] = cut_off(f"e{box}.c{number}", OFFLINE if dead else ONLINE)
    for number in range(10):
        found[f"e4.c{number}"] = told(f"e4.c{number}", (32, OFFLINE), (47, ONLINE))
        found[f"e5.c{number}"] = told(f"e5.c{number}")
    drops = [(25 + 3 * at + more, state) for at in range(10) for more, state in ((0.0, OFFLINE), (1.2, ONLINE))]
    found["e5.c0"] = told("e5.c0", *drops)
    return found


def times(plan: Maintenance) -> list[DeviceTime]:
    return [
        device_time(key, timeline(facts, HOUR, later(7200)), plan.of_camera(key, key[:2], "s1"))
        for key, facts in cameras().items()
    ]


@pytest.mark.parametrize(
    ("plan", "minutes", "required", "percent"),
    [(Maintenance([]), 2158, 3000, 71.93), (PLAN, 2108, 2800, 75.29)],
    ids=["nothing excused", "maintenance excused"],
)
def test_the_rate_is_the_integral(plan: Maintenance, minutes: int, required: int, percent: float) -> None:
    found = rate(one.required for one in times(plan))
    assert (found.hits_s / 60, found.total_s / 60) == (pytest.approx(minutes), pytest.approx(required))
    assert round(100 * found.hits_s / found.total_s, 2) == percent


def test_the_switch_leaves_time_unknown() -> None:
    found = rate(one.required for one in times(PLAN))
    assert found.unknown_s == 30 * 1200
    assert found.upper == pytest.approx(2108 / 2200)
    assert found.ceiling == pytest.approx(2708 / 2800)
