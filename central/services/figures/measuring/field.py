"""Field recall: citizens' reports within the ground of watched zones are trials of the machine."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from central.core.kpis import COUNTERS, CaseFact, Cohort, Part, PartKind, Period, Reading
from central.core.kpis.recall import FOUND_AFTER, FOUND_BEFORE, WATCHABLE, is_found
from central.core.kpis.registry.conditions import every
from central.core.kpis.registry.counters import OF_MACHINES, PUBLIC
from central.core.places.position import Position
from central.core.places.zone_grounds import ZoneGround
from central.core.values import PUBLIC_SOURCES
from central.services.figures.measuring.grounds import Grounds
from central.stores.ports import Asked, Kept, PageRequest
from protocol.texts import Words

CASES_A_PAGE = 500
NO_GROUND = Words(zh="未登记监看区域在地面上的范围", en="it was not noted where on the ground the watched zones lie")


def field_recall(grounds: Grounds) -> Reading:
    """Each verified report of a watchable class in a zone's ground, and each that joined a confirmed candidate."""
    zones = grounds.unit.registers.zone_grounds(grounds.known_at)
    if not zones:
        return Reading((), NO_GROUND)
    seen: dict[tuple[str, str], list[CaseFact]] = {(one.camera, one.zone): [] for one in zones}
    for fact in _candidates(grounds, sorted({one.camera for one in zones})):
        seen.get((fact.camera, fact.zone), []).append(fact)
    return Reading([*_told(grounds, zones, seen), *_joined(grounds, zones, seen)])


def _told(
    grounds: Grounds, zones: Sequence[ZoneGround], seen: Mapping[tuple[str, str], Sequence[CaseFact]]
) -> Iterator[Part]:
    """Reports that became cases of their own: a trial where one lies in a zone, a hit where that zone found it."""
    trues = COUNTERS["registered_public_true"]
    kept = Kept(Cohort.REPORTED, every(PUBLIC, trues.condition))
    for page in _pages(grounds, grounds.asked.period, kept):
        facts = [fact for fact in page if fact.code in WATCHABLE]
        cases = grounds.unit.cases.get([fact.case for fact in facts])
        for fact in facts:
            case = cases.get(fact.case)
            if case is None or case.latitude is None or case.longitude is None:
                continue
            place, at = Position(case.latitude, case.longitude), fact.reported_at or fact.opened_at
            inside = [zone for zone in zones if zone.holds(place)]
            hits = [zone for zone in inside if is_found(fact, at, seen[zone.camera, zone.zone])]
            if inside:
                yield _part(grounds, (hits or inside)[0], fact, at, hit=bool(hits))


def _joined(
    grounds: Grounds, zones: Sequence[ZoneGround], seen: Mapping[tuple[str, str], Sequence[CaseFact]]
) -> Iterator[Part]:
    """Reports that joined what the machine had found already."""
    for zone in zones:
        confirmed = {fact.case: fact for fact in seen[zone.camera, zone.zone] if fact.reported_at is not None}
        for case, reports in grounds.unit.cases.reports(list(confirmed)).items():
            for one in reports:
                if one.source not in PUBLIC_SOURCES or not grounds.span.start <= one.at < grounds.span.end:
                    continue
                if one.latitude is None or one.longitude is None:
                    continue
                if zone.holds(Position(one.latitude, one.longitude)):
                    yield _part(grounds, zone, confirmed[case], one.at, hit=True)


def _part(grounds: Grounds, zone: ZoneGround, fact: CaseFact, at: datetime, *, hit: bool) -> Part:
    group = {"camera": zone.camera, "zone": zone.zone}.get(grounds.asked.group_by or "", "")
    return Part(PartKind.CASE, fact.case, float(hit), 1, 0, group, at, None, f"{fact.number} {zone.camera} {zone.zone}")


def _candidates(grounds: Grounds, cameras: Sequence[str]) -> Iterator[CaseFact]:
    period = grounds.asked.period
    wider = Period(period.begin - FOUND_BEFORE, period.end + FOUND_AFTER, period.zone)
    for camera in cameras:
        for page in _pages(grounds, wider, Kept(Cohort.OPENED, OF_MACHINES, camera)):
            yield from page


def _pages(grounds: Grounds, period: Period, kept: Kept) -> Iterator[Sequence[CaseFact]]:
    asked, cursor = Asked(period, grounds.as_of, "camera" if kept.group is not None else None), None
    while True:
        page = grounds.unit.facts.rows(asked, kept, PageRequest(CASES_A_PAGE, cursor))
        yield page.items
        cursor = page.next
        if cursor is None:
            return
