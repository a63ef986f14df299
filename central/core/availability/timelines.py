"""What is known of a camera at each moment, from all that was told of it up to some time.

A box's word (`TRANSITION`, `HEARTBEAT`) says that a state began; central's own `RULE` says that nobody watches since a
moment. Unwatched time is unknown, until the box says what was: by a heartbeat whose state began before it, or by the
transitions that it kept, each of which names the state before. A later word never makes known time unknown again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from central.core.availability.spans import Span
from central.core.fleet.devices import SAME_SINCE_S
from central.core.values import FactSource
from protocol.messages import HEARTBEAT_S, CameraState

CONFIRMED_S = 3 * HEARTBEAT_S
"""A state that differs from what a box told would be in one of so many seconds of heartbeats."""
_BEGUN = attrgetter("since", "recorded_at")
_SAME = timedelta(seconds=SAME_SINCE_S)
_CONFIRMED = timedelta(seconds=CONFIRMED_S)


class Said(NamedTuple):
    """One fact about a camera, as `CameraFact` keeps it; `previous` is the box's word for the state before."""

    camera: str
    state: CameraState
    previous: CameraState | None
    source: FactSource
    since: datetime
    recorded_at: datetime


class Piece(NamedTuple):
    """A stretch in one state; `since` is when the state began, which may be before the stretch."""

    start: datetime
    end: datetime
    state: CameraState
    since: datetime

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.end - self.start).total_seconds()


@dataclass(slots=True)
class _Word:
    """A state that a box told of, once or more often; `beat_at` is when a heartbeat last confirmed it."""

    state: CameraState
    since: datetime
    recorded_at: datetime
    previous: CameraState | None
    beat_at: datetime | None


class _Blind(NamedTuple):
    """Nobody watched from `since`, as known at `recorded_at`, until something was heard at `until`."""

    since: datetime
    recorded_at: datetime
    until: datetime | None


def timeline(
    told: Iterable[Said], span: Span, known_at: datetime, heard_until: datetime | None = None
) -> tuple[Piece, ...]:
    """The camera's states in `span` as known at `known_at`, without holes from its first fact on.

    What was recorded after `known_at` is not looked at. `heard_until`: when its box was last heard; after that nothing
    is known, unless it spoke within the last `CONFIRMED_S`.
    """
    facts = sorted([one for one in told if one.recorded_at <= known_at], key=_BEGUN)
    if not facts:
        return ()
    words = _words(facts)
    blinds = _blinds(facts)
    whole = Span(max(span.start, facts[0].since), min(span.end, known_at))
    silent = heard_until is not None and known_at - heard_until > _CONFIRMED
    pieces: list[Piece] = []
    if not words or facts[0].since < words[0].since:
        first = words[0].since if words else whole.end
        _put(pieces, whole, facts[0].since, first, CameraState.UNKNOWN)
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else None
        end = following.since if following is not None else max(whole.end, word.since)
        dark = _dark_from(word, following, blinds, known_at) if blinds else None
        if following is not None and not _continues(word, following):
            gap = max(word.since, following.since - _CONFIRMED)
            dark = gap if dark is None else min(dark, gap)
        if silent and heard_until is not None and heard_until < end:
            dark = max(heard_until, word.since) if dark is None else min(dark, max(heard_until, word.since))
        if dark is None:
            _put(pieces, whole, word.since, end, word.state)
        else:
            _put(pieces, whole, word.since, dark, word.state)
            _put(pieces, whole, dark, end, CameraState.UNKNOWN)
    return tuple(pieces)


def _put(pieces: list[Piece], whole: Span, since: datetime, end: datetime, state: CameraState) -> None:
    start, end = max(since, whole.start), min(end, whole.end)
    if start >= end:
        return
    if pieces and pieces[-1].state is state and pieces[-1].end == start:
        pieces[-1] = Piece(pieces[-1].start, end, state, pieces[-1].since)
    else:
        pieces.append(Piece(start, end, state, since))


def _words(facts: Sequence[Said]) -> list[_Word]:
    words: list[_Word] = []
    for one in facts:
        if one.source is FactSource.RULE:
            continue
        beat_at = one.recorded_at if one.source is FactSource.HEARTBEAT else None
        last = words[-1] if words else None
        if last is None or last.state is not one.state or one.since - last.since > _SAME:
            words.append(_Word(one.state, one.since, one.recorded_at, one.previous, beat_at))
            continue
        last.previous = one.previous if last.previous is None else last.previous
        last.recorded_at = min(last.recorded_at, one.recorded_at)
        if beat_at is not None and (last.beat_at is None or beat_at > last.beat_at):
            last.beat_at = beat_at
    return words


def _blinds(facts: Sequence[Said]) -> list[_Blind]:
    marks = [one for one in facts if one.source is FactSource.RULE]
    if not marks:
        return []
    heard = sorted(one.recorded_at for one in facts if one.source is not FactSource.RULE)
    return [
        _Blind(mark.since, mark.recorded_at, next((at for at in heard if at > mark.recorded_at), None))
        for mark in marks
    ]


def _dark_from(word: _Word, following: _Word | None, blinds: Sequence[_Blind], known_at: datetime) -> datetime | None:
    """From when on the stretch of `word` is unknown because nobody watched; None where all of it is known."""
    if following is not None and following.previous is word.state:
        return None
    for blind in blinds:
        if following is not None and blind.since >= following.since:
            break
        if blind.until is not None and blind.until <= word.since:
            continue
        if word.beat_at is not None and word.beat_at >= blind.recorded_at:
            continue
        if word.recorded_at >= blind.recorded_at:
            last_seen = known_at if following is None else min(known_at, following.since)
            if last_seen >= word.recorded_at + _CONFIRMED:
                continue
        return max(blind.since, word.since)
    return None


def _continues(word: _Word, following: _Word) -> bool:
    """Whether the state of `word` may have lasted until `following`."""
    if following.previous is not None:
        return following.previous is word.state
    return following.state is not word.state
