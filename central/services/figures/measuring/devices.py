"""Device figures: cameras online and intact, their failures and repairs, the platform by its worst witness."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from central.core.availability.online_rate import GOOD, Counted, rate
from central.core.kpis import Part, PartKind, Reading
from central.services.figures.camera_rows import CameraRow
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.of_cameras import OfCameras
from protocol.messages import CameraState

ONLINE_AT_END = OfCameras(lambda _: _state)
"""Each camera that is in service at the end, as what it then was."""
ONLINE_TIME = OfCameras(lambda _: lambda row: _time(row, Counted.ONLINE))
"""Each camera's seconds; planned maintenance and trial operation are not in them."""
INTACT_TIME = OfCameras(lambda _: lambda row: _time(row, Counted.INTACT))
"""The same with a good picture."""
CAMERA_FAILURES = OfCameras(lambda _: lambda row: (_part(row, row.reliability.up_s, row.reliability.failures),))
"""Each camera's seconds of running and the failures that began in the period."""
CAMERA_REPAIRS = OfCameras(lambda _: _outages, failed=True)
"""Each outage; those that last on count in neither number."""


def platform_time(grounds: Grounds) -> Reading:
    """The time up, the time unknown, and each fall.

    Falls of the platform are few, and each is told by all witnesses of the period together: there is no key to read by.
    """
    told = grounds.platform.worst
    up = Part(PartKind.PLATFORM, "up", told.up_s, told.up_s)
    unknown = Part(PartKind.PLATFORM, "unknown", 0, told.unknown_s, told.unknown_s)
    return _platform(grounds, [up, unknown, *_falls(grounds, lambda fall_s: (0, fall_s))])


def platform_falls(grounds: Grounds) -> Reading:
    """The time up and how many falls began; each fall stands below with its times."""
    told = grounds.platform.worst
    up = Part(PartKind.PLATFORM, "up", told.up_s, told.falls)
    return _platform(grounds, [up, *_falls(grounds, lambda _: (0, 0))])


def platform_repairs(grounds: Grounds) -> Reading:
    """Each fall with its seconds, and how many falls began."""
    falls = Part(PartKind.PLATFORM, "falls", 0, grounds.platform.worst.falls)
    return _platform(grounds, [falls, *_falls(grounds, lambda fall_s: (fall_s, 0))])


def _state(row: CameraRow) -> Iterator[Part]:
    if row.at_end is not None:
        unknown = row.at_end is CameraState.UNKNOWN
        yield replace(_part(row, row.at_end in GOOD[Counted.ONLINE], 1), unknown=float(unknown), note=row.at_end)


def _time(row: CameraRow, counted: Counted) -> Iterator[Part]:
    found = rate([row.time.required], counted)
    yield replace(_part(row, found.hits_s, found.total_s), unknown=found.unknown_s)


def _outages(row: CameraRow) -> Iterator[Part]:
    for one in row.outages:
        counted_s = one.counted_s if one.is_over else 0.0
        end = one.span.end if one.is_over else None
        yield Part(PartKind.OUTAGE, row.camera, counted_s, float(one.is_over), begin=one.span.start, end=end)


def _part(row: CameraRow, hits: float, total: float) -> Part:
    return Part(PartKind.CAMERA, row.camera, float(hits), float(total))


def _falls(grounds: Grounds, numbers: Callable[[float], tuple[float, float]]) -> Iterator[Part]:
    for fall in grounds.platform.falls:
        hits, total = numbers((fall.end - fall.start).total_seconds())
        yield Part(PartKind.OUTAGE, "platform", hits, total, begin=fall.start, end=fall.end)


def _platform(grounds: Grounds, parts: list[Part]) -> Reading:
    reason = grounds.platform.reason
    return Reading(parts) if reason is None else Reading((), reason)
