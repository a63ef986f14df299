"""Field recall: citizens' reports within the ground of watched zones are trials of the machine."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from central.core.availability.spans import Span, merged
from central.core.kpis import Part, PartKind
from central.core.kpis.recall import FOUND_AFTER, FOUND_BEFORE, WATCHABLE, is_found
from central.core.places.zone_grounds import ZoneGround, ZoneMap
from central.services.figures.measuring.by_key import Behind, ByKey, Listing, Walk
from central.services.figures.measuring.finding import verified
from central.services.figures.measuring.grounds import Grounds
from central.stores.ports import Found, JoinedReport, Narrowed, VerifiedReport
from protocol.texts import Words

NO_GROUND = Words(zh="未登记监看区域在地面上的范围", en="it was not noted where on the ground the watched zones lie")
Seen = Mapping[tuple[str, str], Sequence[Found]]


def _zones(grounds: Grounds) -> ZoneMap | Words:
    zones = grounds.unit.registers.zone_grounds(grounds.known_at)
    return ZoneMap(zones) if zones else NO_GROUND


def _told(grounds: Grounds, zones: ZoneMap, behind: Behind) -> Walk:
    """Reports that became cases of their own: a trial where one lies in a zone, a hit where that zone found it.

    In the order of their registration; each belongs to the first zone that found it, or in which it lies.
    """
    wanted = _within(grounds, zones, behind)._replace(codes=WATCHABLE, group=None)
    if wanted.bounds is None:
        return
    for found in behind.steps(lambda step, last: verified(grounds, wanted, step, last)):
        trials = [
            (one, inside)
            for one in found
            if one.code in WATCHABLE and one.place is not None and (inside := zones.at(one.place))
        ]
        seen = _seen(grounds, trials)
        for one, inside in trials:
            hits = [zone for zone in inside if is_found(one.code, one.told_at, seen.get((zone.camera, zone.zone), ()))]
            part = _part(grounds, (hits or inside)[0], one, hit=bool(hits))
            if behind.group in {None, part.group}:
                yield one.cursor, part
        yield found[-1].cursor, None


def _joined(grounds: Grounds, zones: ZoneMap, behind: Behind) -> Walk:
    """Reports that joined what the machine had found already, in the order in which they were told."""
    wanted = _within(grounds, zones, behind)
    if wanted.bounds is None:
        return
    opened = Span(grounds.asked.period.begin - FOUND_BEFORE, grounds.asked.period.end + FOUND_AFTER)
    reports, asked = grounds.unit.public_reports, grounds.asked

    def ask(step: int, last: JoinedReport | None) -> Sequence[JoinedReport]:
        cursor = wanted.cursor if last is None else last.cursor
        return reports.joined(asked, opened, wanted._replace(limit=step, cursor=cursor))

    for found in behind.steps(ask):
        for one in found:
            for zone in zones.at(one.place):
                if (zone.camera, zone.zone) == (one.camera, one.zone):
                    yield one.cursor, _part(grounds, zone, one, hit=True)
        yield found[-1].cursor, None


def _within(grounds: Grounds, zones: ZoneMap, behind: Behind) -> Narrowed:
    """Reports in the box around the zones, or around those of the group."""
    by = grounds.asked.group_by
    bounds = zones.bounds() if by is None or behind.group is None else zones.bounds(**{by: behind.group})
    return Narrowed(0, behind.key, behind.group, bounds=bounds)


def _seen(grounds: Grounds, trials: Sequence[tuple[VerifiedReport, Sequence[ZoneGround]]]) -> Seen:
    """What the machines of the zones of these reports found about the time of one of them."""
    cameras = {zone.camera for _, inside in trials for zone in inside}
    spans = merged(Span(one.told_at - FOUND_BEFORE, one.told_at + FOUND_AFTER) for one, _ in trials)
    seen: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in grounds.unit.public_reports.found(cameras, spans, grounds.as_of):
        seen[one.camera, one.zone].append(one)
    return seen


def _part(grounds: Grounds, zone: ZoneGround, told: VerifiedReport | JoinedReport, *, hit: bool) -> Part:
    group = {"camera": zone.camera, "zone": zone.zone}.get(grounds.asked.group_by or "", "")
    note = f"{told.number} {zone.camera} {zone.zone}"
    return Part(PartKind.CASE, told.case, float(hit), 1, 0, group, told.told_at, None, note)


FIELD_RECALL = ByKey(_zones, (Listing("told", _told), Listing("joined", _joined)))
"""Each verified report of a watchable class in a zone's ground, and each that joined a confirmed candidate."""
