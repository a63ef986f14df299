"""What became of each camera in a period: its states, and its part in the figures."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from central.core.availability.maintenance import Maintenance
from central.core.availability.online_rate import DeviceTime, device_time
from central.core.availability.reliability import Outage, Reliability, counted_outages, reliability
from central.core.availability.spans import Span
from central.core.availability.timelines import Piece, timeline
from central.stores.ports import AskedCameras, Unit, Watched
from protocol.messages import CameraState

CAMERAS_A_STEP = 100
"""A step is forgotten before the garbage collector counts it among what stays."""


class CameraRow(NamedTuple):
    """A camera's part in the figures of a period; `at_end`: its state then, None where it was in service no more."""

    camera: str
    box: str
    site: str
    time: DeviceTime
    reliability: Reliability
    vendor: str = ""
    outages: tuple[Outage, ...] = ()
    at_end: CameraState | None = None


class Timeline(NamedTuple):
    """A camera with its states in a period, and when planned maintenance excuses it."""

    camera: Watched
    pieces: Sequence[Piece]
    excused: tuple[Span, ...]


def every_timeline(unit: Unit, span: Span, known_at: datetime, plan: Maintenance) -> Iterator[Timeline]:
    """Of all cameras by key, a bounded number at a time."""
    after = ""
    while cameras := unit.availability.watched(span, known_at, AskedCameras(CAMERAS_A_STEP, after)):
        yield from timelines_of(unit, cameras, span, known_at, plan)
        after = cameras[-1].key


def timelines_of(
    unit: Unit, cameras: Sequence[Watched], span: Span, known_at: datetime, plan: Maintenance
) -> Iterator[Timeline]:
    """Of these cameras, in their order."""
    said = unit.availability.said([one.key for one in cameras], span, known_at)
    told = {key: list(facts) for key, facts in groupby(said, key=lambda one: one.camera)}
    for camera in cameras:
        part = span if camera.retired_at is None else Span(span.start, min(span.end, camera.retired_at))
        facts = told.get(camera.key)
        pieces = timeline(facts, part, known_at, camera.heard_at) if facts else _never_told(camera, part, known_at)
        excused = plan.of_camera(camera.key, camera.box, camera.site) if plan.windows else ()
        yield Timeline(camera, pieces, excused)


def row_of(found: Timeline, span: Span, formal_since: datetime | None) -> CameraRow:
    """A camera's part in the figures; before `formal_since` it was in trial operation."""
    camera, pieces, excused = found
    outages = counted_outages(pieces, excused)
    return CameraRow(
        camera.key,
        camera.box,
        camera.site,
        device_time(camera.key, pieces, excused, formal_since),
        reliability(pieces, span, excused, outages),
        camera.vendor,
        outages,
        pieces[-1].state if pieces and pieces[-1].end == span.end else None,
    )


def _never_told(camera: Watched, span: Span, known_at: datetime) -> tuple[Piece, ...]:
    """A camera that its box described, and of which nothing was told since."""
    start, end = max(camera.since, span.start), min(span.end, known_at)
    return (Piece(start, end, CameraState.UNKNOWN, camera.since),) if start < end else ()
