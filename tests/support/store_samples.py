"""One of each thing that stores keep."""

from dataclasses import replace

from central.core.case_machine import CaseState, CaseStatus
from central.core.cases.casefile import Case
from central.core.fleet.devices import Box, Camera
from central.core.values import BoxCondition, CaseSource, Event
from central.stores.ports import PageRequest, StoredEvent
from protocol.messages import CameraReason, CameraState, ZoneDescription
from tests.support.speaking_box import EPOCH, later

ALL = PageRequest(500)
B1 = Box("b1", "s1", later(0), BoxCondition.WAITING, later(0))
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


def event(number: int, **changes: object) -> StoredEvent:
    """Return a report of box b1."""
    known = Event(f"e{number}", "b1", EPOCH, number, "gw.event.scene", later(0), later(1), later(2), data={"n": number})
    payload = b'{"data":{"n":%d}}' % number
    return StoredEvent(replace(known, **changes), payload)  # type: ignore[arg-type]
