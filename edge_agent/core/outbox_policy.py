"""When which report is sent, sent again, or given up. The outbox on disk and the link obey."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from protocol.messages import SEQ_MAX, SeqRange, Watermark

SEQ_ANY = SEQ_MAX
WINDOW_MAX = 200
"""Reports sent and not yet committed by central."""
GAPS_AT_ONCE_MAX = 50
"""Gap records sent in one step, beside the window."""
LIVE_RESERVE = 20
"""Places of the window that the backlog leaves to what happens now."""
BACKLOG_PER_S = 50.0
BACKLOG_JITTER = 0.3
BACKLOG_BURST = 200.0
"""A few hundred reports go at once; a day's backlog of a hundred boxes does not."""
RESEND_S_MIN = 10.0
RESEND_S_MAX = 120.0
CENTRAL_AGE_S_MAX = 45.0
REFUSED_RESENDS_MAX = 20
REFUSED_PAUSE_S = 5.0
"""A lossy line must never look like a refusal: only a report that so many well spaced resends did not bring is one."""
FORGOTTEN_S = 60.0
"""So long must central miss what it had committed before the box believes it: a late old watermark is no proof."""
GAP_BYTES = 600
EVICT_SHARE = 0.1
"""An eviction frees this share of the cap at least, so that it stays rare."""
SEVERITY_MAX = 5
RECONNECT_S_MIN = 0.2
RECONNECT_S_MAX = 60.0
RECONNECT_DOUBLINGS_MAX = 6
SESSION_HELD_S = 5.0
"""A connection that lasted this long was a good one: the next failure waits briefly."""
SESSION_BRIEF_S = 10.0
BRIEF_SESSIONS_MAX = 3
"""So many in a row that the broker ended within `SESSION_BRIEF_S` look like another agent with the same name."""
CONTESTED_TOLD_S = 60.0


def reconnect_wait_s(failures: int, draw: float) -> float:
    """Pause before the next connect after `failures` in a row; `draw` in 0..1 spreads it fully."""
    longest_s = min(RECONNECT_S_MAX, 2.0 ** min(failures, RECONNECT_DOUBLINGS_MAX))
    return max(RECONNECT_S_MIN, longest_s * draw)


@dataclass(frozen=True, slots=True)
class Attempts:
    """How connecting went of late: `failures` and sessions that were `brief`, each in a row."""

    failures: int = 0
    brief: int = 0


def after_refusal(attempts: Attempts) -> Attempts:
    """No session came about."""
    return Attempts(attempts.failures + 1, attempts.brief)


def after_session(attempts: Attempts, lasted_s: float) -> Attempts:
    """A session ended; when it was one more of many brief ones, the next pause is drawn from the longest."""
    brief = 0 if lasted_s >= SESSION_BRIEF_S else attempts.brief + 1
    failures = 0 if lasted_s >= SESSION_HELD_S else attempts.failures + 1
    if brief >= BRIEF_SESSIONS_MAX:
        failures = max(failures, RECONNECT_DOUBLINGS_MAX)
    return Attempts(failures, brief)


def is_contested(attempts: Attempts) -> bool:
    """Whether somebody seems to take the connection away again and again."""
    return attempts.brief >= BRIEF_SESSIONS_MAX


@dataclass(frozen=True, slots=True)
class Pace:
    """A token bucket for the backlog: `tokens` may be sent at once, as of monotonic `at_s`."""

    tokens: float
    at_s: float


def full_pace(mono_s: float) -> Pace:
    """After a connect: a whole burst is allowed."""
    return Pace(BACKLOG_BURST, mono_s)


def take(pace: Pace, wanted: int, mono_s: float, draw: float) -> tuple[Pace, int]:
    """How many of `wanted` backlog reports may go now; `draw` in 0..1 jitters the rate so that boxes drift apart."""
    rate = BACKLOG_PER_S * (1 - BACKLOG_JITTER * draw)
    tokens = min(BACKLOG_BURST, pace.tokens + max(0.0, mono_s - pace.at_s) * rate)
    granted = min(wanted, int(tokens))
    return Pace(tokens - granted, mono_s), granted


@dataclass(frozen=True, slots=True)
class Sent:
    """One report in flight: when it was last sent, and how often it was sent again because central misses it."""

    mono_s: float
    resends: int = 0


Flight = Mapping[int, Sent]
"""Reports in flight by seq; at most `WINDOW_MAX`, gap records apart."""


def room(flight: Flight, *, live: bool) -> int:
    """How many more reports may be in flight."""
    return max(0, WINDOW_MAX - (0 if live else LIVE_RESERVE) - len(flight))


def committed(flight: Flight, upto: int) -> Flight:
    """What is still in flight when central has committed everything up to `upto`."""
    return {seq: sent for seq, sent in flight.items() if seq > upto}


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a report that central misses is sent again, `pause_s` apart at least, before it is given up."""

    resends: int = REFUSED_RESENDS_MAX
    pause_s: float = REFUSED_PAUSE_S


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class MissingVerdict:
    """What follows from a list of missing reports: send these again, give those up."""

    flight: Flight
    resend: tuple[int, ...]
    give_up: tuple[int, ...]


def judge_missing(
    flight: Flight, missing: Iterable[SeqRange], mono_s: float, patience: Patience = PATIENCE
) -> MissingVerdict:
    """Reports that were sent a while ago, that central misses and behind which it has committed others."""
    ranges = tuple(missing)
    after = dict(flight)
    resend: list[int] = []
    give_up: list[int] = []
    for seq, sent in flight.items():
        waited = mono_s - sent.mono_s >= patience.pause_s
        if not waited or not any(part.first <= seq <= part.last for part in ranges):
            continue
        if sent.resends >= patience.resends:
            give_up.append(seq)
            del after[seq]
        else:
            resend.append(seq)
            after[seq] = Sent(mono_s, sent.resends + 1)
    return MissingVerdict(after, tuple(sorted(resend)), tuple(sorted(give_up)))


def missed(watermark: Watermark, kept_first: int) -> tuple[SeqRange, ...]:
    """What central misses: what it names; else what lies between its watermark and the first report that is kept.

    A central that was restored from a backup knows of nothing above its watermark, so it has nothing to name.
    """
    if watermark.missing or watermark.upto + 1 >= kept_first:
        return watermark.missing
    return (SeqRange(first=watermark.upto + 1, last=kept_first - 1),)


def forgotten(missing: Iterable[SeqRange], kept_first: int, gaps: Sequence[SeqRange]) -> tuple[SeqRange, ...]:
    """What central misses although the box has deleted it at central's word: below the first report that is kept.

    `gaps` are covered by records that are still on their way.
    """
    lost = [
        SeqRange(first=part.first, last=min(part.last, kept_first - 1)) for part in missing if part.first < kept_first
    ]
    return tuple(part for part in lost if not any(gap.first <= part.last and part.first <= gap.last for gap in gaps))


@dataclass(frozen=True, slots=True)
class Progress:
    """Patience with central: `wait_s` without progress since `since_s` means send everything again."""

    since_s: float
    wait_s: float = RESEND_S_MIN


def progressed(mono_s: float) -> Progress:
    """The watermark moved, or nothing was in flight."""
    return Progress(mono_s)


def resend_due(progress: Progress, mono_s: float) -> bool:
    """Whether patience has ended."""
    return mono_s - progress.since_s >= progress.wait_s


def after_resend(progress: Progress, mono_s: float) -> Progress:
    """Twice the patience next time."""
    return Progress(mono_s, min(RESEND_S_MAX, progress.wait_s * 2))


@dataclass(frozen=True, slots=True)
class CentralPresence:
    """Last sign of life of central (monotonic seconds), None when it never spoke or said goodbye."""

    heard_s: float | None = None


def central_spoke(mono_s: float) -> CentralPresence:
    """A live message of central arrived."""
    return CentralPresence(mono_s)


def central_stated(
    presence: CentralPresence, *, online: bool, retained_at: datetime | None, now: datetime, mono_s: float
) -> CentralPresence:
    """Central's state arrived; `retained_at` is its time when the broker had kept it, None when it is live.

    A kept one may be old, so it counts only while it is young by the box's clock.
    """
    if not online:
        return CentralPresence()
    if retained_at is None:
        return CentralPresence(mono_s)
    age_s = abs((now - retained_at).total_seconds())
    return CentralPresence(mono_s - age_s) if age_s <= CENTRAL_AGE_S_MAX else presence


def is_there(presence: CentralPresence, mono_s: float) -> bool:
    """Whether backlog may be sent."""
    return presence.heard_s is not None and mono_s - presence.heard_s <= CENTRAL_AGE_S_MAX


@dataclass(frozen=True, slots=True)
class Stored:
    """A report on disk as eviction sees it; gap records are `fixed`: they may never go."""

    seq: int
    severity: int
    size_bytes: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring reports that go together and leave one gap record."""

    first: int
    last: int
    count: int
    size_bytes: int


def choose_victims(stored: Sequence[Stored], free_bytes: int) -> tuple[Run, ...]:
    """Which reports go so that `free_bytes` are freed, gap records counted: lowest severity first, oldest first.

    `stored` is in order of `seq`. A run that would free less than its own gap record costs is left. All that can go
    goes when that is still not enough.
    """
    chosen: tuple[Run, ...] = ()
    for severity in range(1, SEVERITY_MAX + 1):
        chosen = _oldest(_neighbours(stored, severity), free_bytes)
        if sum(run.size_bytes - GAP_BYTES for run in chosen) >= free_bytes:
            return chosen
    return chosen


def _neighbours(stored: Sequence[Stored], severity_max: int) -> list[list[Stored]]:
    """Runs of rows that may go and have no row between them that must stay."""
    runs: list[list[Stored]] = [[]]
    for row in stored:
        if row.fixed or row.severity > severity_max:
            runs.append([])
        else:
            runs[-1].append(row)
    return [run for run in runs if sum(row.size_bytes for row in run) > GAP_BYTES]


def _oldest(runs: Sequence[Sequence[Stored]], free_bytes: int) -> tuple[Run, ...]:
    """The oldest rows that free enough; the last run is cut where it is enough."""
    chosen: list[Run] = []
    missing = free_bytes
    for rows in runs:
        if missing <= 0:
            break
        run = _cut(rows, missing + GAP_BYTES)
        chosen.append(run)
        missing -= run.size_bytes - GAP_BYTES
    return tuple(chosen)


def _cut(rows: Sequence[Stored], wanted_bytes: int) -> Run:
    run = Run(rows[0].seq, rows[0].seq, 1, rows[0].size_bytes)
    for row in rows[1:]:
        if run.size_bytes >= wanted_bytes:
            break
        run = Run(run.first, row.seq, run.count + 1, run.size_bytes + row.size_bytes)
    return run
