"""Every scene: its condition, and how it is told by one look or remembers earlier ones.

A condition says what of a look meets the scene. One with a memory of its own hears the looks of both streams and
answers None to those that it only remembers; the others are asked about their own stream alone.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from edge_agent.core.rules.facts.standing import NOBODY
from edge_agent.core.rules.facts.unattended import NOTHING_WATCHED
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.scenes import (
    bike_parking,
    bike_pileup,
    bin_overflow,
    crowd,
    dumping,
    exposed_rubbish,
    material_heap,
    mobile_vendor,
    out_of_store,
    road_occupation,
    stay,
    vehicle_parking,
)
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scenes import Scene

Memory = object
"""What a scene remembers besides its holds; each scene knows its own kind. None before the first look."""
Condition = Callable[[Setting, Memory, Look], tuple[Memory, Found | None]]
M = TypeVar("M")


def _single_look(find: Callable[[Setting, Look], Found]) -> Condition:
    """A condition that one look of the rule's own stream decides."""

    def condition(setting: Setting, memory: Memory, look: Look) -> tuple[Memory, Found | None]:
        return memory, find(setting, look) if look.stream is setting.stream else None

    return condition


def _own_stream(find: Callable[[Setting, M, Look], tuple[M, Found | None]], start: M) -> Condition:
    """A condition that remembers, but only looks of the rule's own stream."""

    def condition(setting: Setting, memory: Memory, look: Look) -> tuple[Memory, Found | None]:
        return find(setting, _known(memory, start), look) if look.stream is setting.stream else (memory, None)

    return condition


def _both_streams(find: Callable[[Setting, M, Look], tuple[M, Found | None]], start: M) -> Condition:
    """A condition that hears everything."""

    def condition(setting: Setting, memory: Memory, look: Look) -> tuple[Memory, Found | None]:
        return find(setting, _known(memory, start), look)

    return condition


def _known(memory: Memory, start: M) -> M:
    """What the scene remembers, or how it starts."""
    return memory if isinstance(memory, type(start)) else start


CONDITIONS: Mapping[Scene, Condition] = {
    Scene.STAY: _single_look(stay.find),
    Scene.MOBILE_VENDOR: _own_stream(mobile_vendor.find, NOBODY),
    Scene.OUT_OF_STORE: _own_stream(out_of_store.find, NOBODY),
    Scene.ROAD_OCCUPATION: _own_stream(road_occupation.find, NOBODY),
    Scene.BIKE_PILEUP: _own_stream(bike_pileup.find, NOBODY),
    Scene.BIKE_PARKING: _own_stream(bike_parking.find, NOTHING_WATCHED),
    Scene.VEHICLE_PARKING: _own_stream(vehicle_parking.find, NOBODY),
    Scene.DUMPING: _both_streams(dumping.find, dumping.NOTHING_DONE),
    Scene.BIN_OVERFLOW: _own_stream(bin_overflow.find, NOBODY),
    Scene.EXPOSED_RUBBISH: _both_streams(exposed_rubbish.find, NOTHING_WATCHED),
    Scene.MATERIAL_HEAP: _own_stream(material_heap.find, NOBODY),
    Scene.CROWD: _single_look(crowd.find),
}
"""Every scene that can run."""
