"""Use of the seats: shifts as they were rostered, and the hours of them in which their person did something."""

from collections.abc import Sequence
from datetime import datetime

from central.core.availability.spans import Span
from central.core.kpis import Part, PartKind
from central.core.registers import Register, Written
from central.services.figures.measuring.by_key import Behind, ByKey, Listing, Walk
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.paged import FOREIGN
from central.stores.ports import AskedEntries, BadCursor
from protocol.texts import Words

HOUR_S = 3600
NO_ROSTER = Words(zh="这一时段没有排班", en="there is no roster of this period")


def _shifts(grounds: Grounds, _needed: object, behind: Behind) -> Walk:
    """By beginning, seat and person; acts are those of a step's persons within its time."""
    asked = AskedEntries(grounds.span, grounds.known_at, 0, _shift_of(grounds, behind.key))
    if grounds.asked.group_by == "seat":
        asked = asked._replace(subject=behind.group)
    elif grounds.asked.group_by == "person":
        asked = asked._replace(party=behind.group)
    registers = grounds.unit.registers
    for shifts in behind.steps(
        lambda step, last: registers.shifts(asked._replace(limit=step, after=last or asked.after))
    ):
        begin, end = shifts[0].starts_at, max(one.ends_at for one in shifts)
        time = Span(max(begin, grounds.span.start), min(end, grounds.span.end))
        acts = registers.acts({one.party for one in shifts}, time)
        yield from ((one.key, _part(one, grounds, acts.get(one.party, ()))) for one in shifts)


def _shift_of(grounds: Grounds, key: str | None) -> Written | None:
    if key is None:
        return None
    entry = grounds.unit.registers.last([key]).get(key)
    if entry is None or entry.written.register is not Register.ROSTER:
        raise BadCursor(FOREIGN)
    return entry.written


def _part(shift: Written, grounds: Grounds, acts: Sequence[datetime]) -> Part:
    """Hours are counted from the beginning of the shift; the last one may be short."""
    begin, end = max(shift.starts_at, grounds.span.start), min(shift.ends_at, grounds.span.end)
    total_s = (end - begin).total_seconds()
    hours = {int((at - begin).total_seconds() // HOUR_S) for at in acts if begin <= at < end}
    active_s = sum(min(HOUR_S, total_s - hour * HOUR_S) for hour in hours)
    group = {"seat": shift.subject, "person": shift.party}.get(grounds.asked.group_by or "", "")
    return Part(PartKind.SHIFT, shift.subject, active_s, total_s, 0, group, begin, end, shift.party)


SEAT_USAGE = ByKey(lambda _: (), (Listing("shifts", _shifts),), NO_ROSTER)
"""Each shift's seconds within the period, and those of its hours in which its person did something."""
