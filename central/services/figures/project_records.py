"""Records of the project: entered whole or not at all, corrected and withdrawn with a reason, followed both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from central.core.evaluation.records import Records
from central.core.evaluation.remarks.hint import Hint
from central.core.evaluation.remarks.record_hints import contradictions, over_runs, unknown_devices, unsure_surveys
from central.core.project_records import ProjectRecord, RecordKind, Revision, kind_of
from central.core.project_records.chain import trace
from central.core.project_records.judging import Key, RecordFault, judge, named, needed_by
from central.core.project_records.kinds import day_of, year_of
from central.core.project_records.ledger import together
from central.core.values import Actor, Page
from central.stores.ports import PageRequest, RecordFilter, Stores, Unit
from protocol.texts import Language, Told, Words

REASON_CHARS_MAX = 400


class RecordsRefused(ValueError):
    """Records that cannot be; nothing was written."""

    def __init__(self, faults: Sequence[RecordFault]) -> None:
        super().__init__("; ".join(one.say(Language.ENGLISH) for one in faults[:3]))
        self.faults = faults


NO_RECORD = Words(zh="{kind} 中没有 {name}", en="there is no {name} among the {kind}")
NOTHING_HANGS = Words(
    zh="{kind} 中没有 {name}，或没有与它相连的记录", en="there is no {name} among the {kind}, or nothing hangs on it"
)
STALE = Words(
    zh="这条记录已是第 {current} 版；请查看后更正该版",
    en="the record has revision {current} by now; look at it, then correct that one",
)
NEEDED = Words(zh="{names} 引用了它；请先撤销这些记录", en="{names} name it; withdraw these first")


class RecordUnknown(Told, LookupError):
    """There is no such record."""


class RecordStale(Told, ValueError):
    """Somebody changed the record since it was looked at."""

    def __init__(self, current: int) -> None:
        super().__init__(STALE, current=current)
        self.current = current


class RecordNeeded(Told, ValueError):
    """Other records name this one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is to be entered, and where it stands in what was handed in."""

    record: ProjectRecord
    source: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a batch; `revisions` are its records as they stand now, in its order."""

    added: int
    corrected: int
    same: int
    revisions: tuple[Revision, ...]


class ProjectRecords:
    """`zone`: the city's, whose days the records tell of."""

    def __init__(self, stores: Stores, zone: tzinfo) -> None:
        self._stores = stores
        self._zone = zone

    def enter(
        self, drafts: Sequence[Draft], actor: Actor, now: datetime, *, reason: str = "", dry_run: bool = False
    ) -> Entered:
        """Enter all or nothing; with a `reason` those that are there with other content are corrected.

        Raises `RecordsRefused`, and `StoreUnavailable`.
        """
        batch = [named(one.record) for one in drafts]
        today = now.astimezone(self._zone).date()
        with self._stores.reading() if dry_run else self._stores.writing() as unit:
            if not dry_run:
                unit.project_records.hold()
            kept = _kept(unit, batch)
            found = judge(batch, kept, today, may_correct=bool(reason))
            if found.faults:
                raise RecordsRefused(found.faults)
            made = {}
            for at in (*found.new, *found.corrected):
                before = kept.get((kind_of(batch[at]), batch[at].id or ""))
                made[at] = _revision(batch[at], before, drafts[at].source, reason, actor, now)
            if not dry_run:
                unit.project_records.add([made[at] for at in sorted(made)])
        whole = [made[at] if at in made else kept[kind_of(one), one.id or ""] for at, one in enumerate(batch)]
        return Entered(len(found.new), len(found.corrected), len(found.same), tuple(whole))

    def correct(  # noqa: PLR0913, PLR0917 - what was seen, what is right, why, who, when
        self, seen: int, record: ProjectRecord, reason: str, source: str, actor: Actor, now: datetime
    ) -> Revision:
        """Put one right; the same again is no change. Raises `RecordUnknown`, `RecordStale`, `RecordsRefused`."""
        today = now.astimezone(self._zone).date()
        with self._stores.writing() as unit:
            unit.project_records.hold()
            newest = unit.project_records.newest(kind_of(record), [record.id or ""]).get(record.id or "")
            if newest is not None and _is_done(newest, seen, reason) and newest.record == record:
                return newest
            before = _seen(newest, kind_of(record), record.id or "", seen)
            found = judge([record], _kept(unit, [record]), today, may_correct=True)
            if found.faults:
                raise RecordsRefused(found.faults)
            if found.same:
                return before
            after = _revision(record, before, source, reason, actor, now)
            unit.project_records.add([after])
        return after

    def withdraw(  # noqa: PLR0913, PLR0917 - which, what was seen, why, who, when
        self, kind: RecordKind, name: str, seen: int, reason: str, actor: Actor, now: datetime
    ) -> Revision:
        """Take one back; it stays to be read. Raises `RecordUnknown`, `RecordStale`, `RecordNeeded`."""
        with self._stores.writing() as unit:
            unit.project_records.hold()
            newest = unit.project_records.newest(kind, [name]).get(name)
            if newest is not None and _is_done(newest, seen, reason) and newest.is_withdrawn:
                return newest
            before = _seen(newest, kind, name, seen)
            if before.is_withdrawn:
                return before
            needed = needed_by(together(one.record for one in unit.project_records.standing()), kind, name)
            if needed:
                raise RecordNeeded(NEEDED, names=", ".join(needed[:5]))
            after = replace(
                before,
                number=before.number + 1,
                entered_by=actor.name,
                entered_at=now,
                reason=reason,
                is_withdrawn=True,
            )
            unit.project_records.add([after])
        return after

    def find(self, wanted: RecordFilter, page: PageRequest) -> Page[Revision]:
        """Records of a kind as they stand, last entered first. Raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.project_records.page(wanted, page)

    def revisions(self, kind: RecordKind, name: str, page: PageRequest) -> Page[Revision]:
        """The states of one record, oldest first. Raises `RecordUnknown`, `BadCursor`."""
        with self._stores.reading() as unit:
            found = unit.project_records.history(kind, name, page)
        if not found.items and page.cursor is None:
            raise RecordUnknown(NO_RECORD, name=name, kind=kind)
        return found

    def standing(self) -> Records:
        """All records that are not withdrawn, in order of entry."""
        with self._stores.reading() as unit:
            return together(one.record for one in unit.project_records.standing())

    def trace(self, kind: RecordKind, name: str) -> Records:
        """What is above and below a record of the chain. Raises `RecordUnknown`."""
        found = trace(self.standing(), kind, name)
        if not (found.budget_lines or found.contracts):
            raise RecordUnknown(NOTHING_HANGS, name=name, kind=kind)
        return found

    def flags(self) -> Sequence[Hint]:
        """Over-runs and contradictions over all years, devices that are not registered among them."""
        records = self.standing()
        with self._stores.reading() as unit:
            named = [one.device for one in records.devices if one.device is not None]
            registered = {*unit.boxes.peek(named), *unit.cameras.get(named)} if named else set()
        return [
            *over_runs(records),
            *contradictions(records),
            *unknown_devices(records, registered),
            *unsure_surveys(records),
        ]


def _kept(unit: Unit, batch: Sequence[ProjectRecord]) -> Mapping[Key, Revision]:
    """Newest revisions: all that stand, and those of the batch even where they were withdrawn."""
    kept: dict[Key, Revision] = {(one.kind, one.id): one for one in unit.project_records.standing()}
    for kind in {kind_of(one) for one in batch}:
        missing = [one.id or "" for one in batch if kind_of(one) is kind and (kind, one.id or "") not in kept]
        for start in range(0, len(missing), IDS_A_STATEMENT):
            step = missing[start : start + IDS_A_STATEMENT]
            kept |= {(kind, name): one for name, one in unit.project_records.newest(kind, step).items()}
    return kept


IDS_A_STATEMENT = 500


def _is_done(newest: Revision, seen: int, reason: str) -> bool:
    """Whether the newest revision is what a request that is sent again has made already."""
    return newest.number == seen + 1 and newest.reason == reason


def _seen(before: Revision | None, kind: RecordKind, name: str, seen: int) -> Revision:
    if before is None:
        raise RecordUnknown(NO_RECORD, name=name, kind=kind)
    if before.number != seen:
        raise RecordStale(before.number)
    return before


def _revision(  # noqa: PLR0913, PLR0917 - one for each column
    record: ProjectRecord, before: Revision | None, source: str, reason: str, actor: Actor, now: datetime
) -> Revision:
    year: int | None = year_of(record)
    if year is None:
        raise AssertionError("judged records have a year")
    day: date | None = day_of(record)
    number, why = (1, "") if before is None else (before.number + 1, reason)
    return Revision(kind_of(record), record.id or "", number, year, day, record, actor.name, now, source, why)
