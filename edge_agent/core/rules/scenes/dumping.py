"""`dumping` (乱泼乱倒): somebody stopped at a place, and after he has left there lies something, or the ground is wet.

Nothing without an act: rain and the water truck wet the street where nobody stopped. What wets many places at a time,
or a great part of the picture, is weather as well. Water that is tipped out wets more ground than a person is wide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from edge_agent.core.rules.facts.acts import Steps, remembered, somebody_near, somebody_stopped
from edge_agent.core.rules.facts.territory import nobodys
from edge_agent.core.rules.facts.things import of_class, things
from edge_agent.core.rules.facts.unattended import NOTHING_WATCHED, Watch, unattended, with_people
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look, Stream
from edge_agent.core.values import Track
from protocol.scenes import ObjectClass

LEAVES_STEPS = 1.0
"""Whoever is within so many steps has not left."""
SHOWS_WITHIN = timedelta(seconds=10)
"""For so long after a thing came those who were near it then may still become known."""
LIQUIDS_AT_ONCE_MAX, AT_ONCE = 2, timedelta(seconds=20)
"""More wet places than this that come within that time are rain or the water truck."""
LIQUID_AREA_MAX = 0.08
"""Of the picture: no bucket wets more."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Who was where lately, and of each thing whether somebody put it there."""

    steps: Steps = ()
    acts: Mapping[int, bool] = field(default_factory=dict)
    watch: Watch = NOTHING_WATCHED


NOTHING_DONE = Memory()


def find(setting: Setting, before: Memory, look: Look) -> tuple[Memory, Found | None]:
    """Everything in the zone that somebody left there; who put a thing there is settled once it lies."""
    steps = before.steps
    if look.stream is Stream.OBJECTS:
        steps = remembered(steps, of_class(setting, look, ObjectClass.PERSON), look.now)
    watch = with_people(setting, before.watch, look)
    if look.stream is not setting.stream:
        return replace(before, steps=steps, watch=watch), None
    seen = nobodys(setting, look, things(setting, look, ObjectClass.RUBBISH, liquids=True), rubbish=True)
    acts = _acts(before, steps, seen, look.now)
    left = [track for track in seen if acts[track.id]]
    watch, found = unattended(setting, watch, look, left, LEAVES_STEPS)
    return Memory(steps, acts, watch), found


def _acts(before: Memory, steps: Steps, seen: Sequence[Track], now: datetime) -> dict[int, bool]:
    """Of each thing whether somebody put it there, judged anew only as long as that may still show."""
    acts: dict[int, bool] = {}
    for track in seen:
        known = before.acts.get(track.id)
        settled = known or (known is not None and now - track.first_seen_at > SHOWS_WITHIN)
        acts[track.id] = bool(known) if settled else _was_put(steps, track, seen)
    return acts


def _was_put(steps: Steps, track: Track, seen: Sequence[Track]) -> bool:
    arrival = track.first_seen_at
    if not track.still:
        return somebody_near(steps, track.box, arrival)
    weather = track.liquid and _is_weather(track, seen)
    return not weather and somebody_stopped(steps, track.box, arrival, wet=track.liquid)


def _is_weather(track: Track, seen: Sequence[Track]) -> bool:
    x1, y1, x2, y2 = track.box
    wet = [one for one in seen if one.liquid and abs(one.first_seen_at - track.first_seen_at) <= AT_ONCE]
    return (x2 - x1) * (y2 - y1) > LIQUID_AREA_MAX or len(wet) > LIQUIDS_AT_ONCE_MAX
