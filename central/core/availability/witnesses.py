"""Availability of the platform by witnesses that outlive its fall: central's ticks, boxes, probes from outside.

A witness leaves runs: unbroken times in which it saw the platform up, or down. Central's own ticks cannot be made while
it is down, so a gap between two of its runs is a fall; the gap of a probe only says that the probe stopped. After the
last word of any witness nothing is known, and before the first one there was no platform to be up or down. At each
moment the worst witness counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from central.core.availability.reliability import Reliability
from central.core.availability.spans import Span, common, merged, seconds, without

CENTRAL = "central"
BOXES = "boxes"
TICK_S = 15.0
BREAK_S = 3 * TICK_S
"""Looks farther apart than this are two runs."""
STEP_S = 2.0
"""A wall clock that went so much farther than the monotonic one was set."""
SHARED_FALL_S = 90.0
"""Boxes that fall silent within so long of each other fell for one reason."""
WITNESS_CHARS_MAX = 64


@dataclass(frozen=True, slots=True)
class WitnessRun:
    """One unbroken time of one process of a witness; `instance` names the process.

    `clock_set`: the wall clock was set just before `started_at`, so that what lies between this run and the one before
    is no time that passed.
    """

    witness: str
    instance: str
    started_at: datetime
    ended_at: datetime
    is_up: bool = True
    clock_set: bool = False
    looks: int = 1


class Look(NamedTuple):
    """What a witness saw at `at`, `mono_s` by a clock that only grows."""

    at: datetime
    mono_s: float
    is_up: bool = True


def after_look(run: WitnessRun | None, before: Look | None, look: Look, witness: str, instance: str) -> WitnessRun:
    """The run that a look belongs to: `run` grown, or a new one. `before` is the look of this process before it."""
    new = WitnessRun(witness, instance, look.at, look.at, look.is_up)
    if run is None or before is None:
        return new
    passed_s = look.mono_s - before.mono_s
    if abs((look.at - before.at).total_seconds() - passed_s) > STEP_S:
        return replace(new, clock_set=passed_s <= BREAK_S)
    if passed_s > BREAK_S or look.is_up is not run.is_up:
        return new
    return replace(run, ended_at=look.at, looks=run.looks + 1)


class Statement(NamedTuple):
    """When a witness says that the platform was up, and when down; the rest it does not know. Merged, disjoint."""

    up: tuple[Span, ...]
    down: tuple[Span, ...]


def central_statement(runs: Iterable[WitnessRun]) -> Statement:
    """Central's own: where it did not tick between two runs, it was down."""
    ordered = sorted(runs, key=lambda run: (run.started_at, run.ended_at))
    gaps: list[Span] = []
    end: datetime | None = None
    for run in ordered:
        if end is not None and end < run.started_at and not run.clock_set:
            gaps.append(Span(end, run.started_at))
        end = run.ended_at if end is None else max(end, run.ended_at)
    return Statement(merged(Span(run.started_at, run.ended_at) for run in ordered), merged(gaps))


def probe_statement(runs: Iterable[WitnessRun]) -> Statement:
    """A probe's: it fell at the last good look and stood again at the next one; a pause of the probe is unknown."""
    ordered = sorted(runs, key=lambda run: (run.started_at, run.ended_at))
    near = timedelta(seconds=BREAK_S)
    up = [Span(run.started_at, run.ended_at) for run in ordered if run.is_up]
    down = [Span(run.started_at, run.ended_at) for run in ordered if not run.is_up]
    for one, other in pairwise(ordered):
        between = Span(one.ended_at, other.started_at)
        if other.clock_set or not timedelta() < between.end - between.start <= near:
            continue
        (up if one.is_up and other.is_up else down).append(between)
    falls = merged(down)
    return Statement(without(merged(up), falls), falls)


class BoxWait(NamedTuple):
    """A box had no watermark in `span`; `connected`: though it was connected to the broker all the while."""

    box: str
    boot: int
    number: int
    span: Span
    connected: bool


def boxes_statement(
    heard: Mapping[str, Sequence[Span]], listened: Sequence[Span], waits: Sequence[BoxWait] = ()
) -> Statement:
    """What boxes say together; `heard`: when each was, `listened`: when central ran, all merged; `waits`: their words.

    Some box is heard: up. Two or more that fall silent together until the first is heard again: down. A single box that
    falls silent tells of itself only. `heard` names every box that central knew; see `waited`.
    """
    told = waited(waits, len(heard.keys() | {one.box for one in waits}))
    up = merged(span for spans in heard.values() for span in spans)
    falls: list[Span] = []
    for one, other in pairwise(up):
        since = one.end - timedelta(seconds=SHARED_FALL_S)
        fallen = sum(any(since <= span.end <= one.end for span in spans) for spans in heard.values())
        if fallen > 1:
            falls.append(Span(one.end, other.start))
    down = merged([*common(merged(falls), listened), *told])
    return Statement(without(common(up, listened), down), down)


def waited(waits: Sequence[BoxWait], boxes: int) -> tuple[Span, ...]:
    """When more than half of `boxes` boxes waited together, merged.

    Two at least, or the only box of a city while it was connected to the broker: a bad line of one box is no fall.
    """
    edges = sorted(
        edge
        for kind, chosen in enumerate((waits, [one for one in waits if one.connected]))
        for spans in _by_box(chosen)
        for span in spans
        for edge in ((span.start, 1, kind), (span.end, -1, kind))
    )
    counts, since, found = [0, 0], None, []
    for at, step, kind in edges:
        counts[kind] += step
        waiting, connected = counts
        is_down = 2 * waiting > boxes and (waiting > 1 or connected > 0)
        if is_down and since is None:
            since = at
        elif not is_down and since is not None:
            found.append(Span(since, at))
            since = None
    return merged(found)


def _by_box(waits: Sequence[BoxWait]) -> Iterable[tuple[Span, ...]]:
    """Each box's waits, merged."""
    found: dict[str, list[Span]] = defaultdict(list)
    for one in waits:
        found[one.box].append(one.span)
    return [merged(spans) for spans in found.values()]


class SystemTime(NamedTuple):
    """What became of a period by one witness, or by the worst at each moment: seconds, and how often it fell."""

    up_s: float
    down_s: float
    unknown_s: float
    falls: int

    @property
    def required_s(self) -> float:
        """Without planned maintenance."""
        return self.up_s + self.down_s + self.unknown_s

    @property
    def lower(self) -> float | None:
        """Unknown time counted as down; None where nothing was required."""
        return self.up_s / self.required_s if self.required_s else None

    @property
    def upper(self) -> float | None:
        """Unknown time left out; None where nothing is known."""
        known_s = self.up_s + self.down_s
        return self.up_s / known_s if known_s else None

    @property
    def reliability(self) -> Reliability:
        """For MTBF and MTTR; falls count in the period in which they happened."""
        return Reliability(self.up_s, self.down_s, self.falls, self.falls, self.down_s)


def since_first_word(span: Span, first_word: datetime | None) -> Span:
    """The part of `span` in which the platform had to be there: from the first word of any witness on.

    Empty where none spoke before the end. `first_word` is of all time, not of `span` alone: silence after it counts.
    """
    start = span.end if first_word is None else min(max(span.start, first_word), span.end)
    return Span(start, span.end)


def system_time(statement: Statement, span: Span, planned: Sequence[Span] = ()) -> SystemTime:
    """What a witness says of `span`, without `planned` maintenance."""
    required = without([span], planned) if span.start < span.end else ()
    down = common(statement.down, required)
    up = common(statement.up, required)
    return SystemTime(
        seconds(up),
        seconds(down),
        seconds(required) - seconds(up) - seconds(down),
        sum(_began(fall, required, span) for fall in statement.down),
    )


def worst(statements: Iterable[Statement]) -> Statement:
    """Down where any says so; up where one says so and none says down."""
    found = list(statements)
    down = merged(span for one in found for span in one.down)
    return Statement(without(merged(span for one in found for span in one.up), down), down)


def _began(fall: Span, required: Sequence[Span], span: Span) -> bool:
    """Whether the first moment of a fall that counts lies in `span`, and not before it."""
    counted = common([fall], required)
    return bool(counted) and (counted[0].start > span.start or fall.start == span.start)
