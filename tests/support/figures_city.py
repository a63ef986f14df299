"""A made-up city with cases of fourteen months, for pages of figures: the same day gives the same city.

`python -m tests.support.figures_city FOLDER` fills the office of a folder and prints a token.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from central.core.availability.witnesses import WitnessRun
from central.core.case_machine import CaseState, CaseStatus
from central.core.cases.casefile import Case
from central.core.kpis import CaseFact
from central.core.values import CaseSource, Role
from protocol.messages import CameraReason, CameraState, CameraStatus
from tests.support.office import Office, office, settings_in

CASES, DAYS = 4_200, 425
HOUR = timedelta(hours=1)
SOURCES = (
    *([CaseSource.DETECTOR] * 9), *([CaseSource.COLLECTOR] * 4), CaseSource.HOTLINE, CaseSource.WEB,
    CaseSource.INSPECTION, CaseSource.VIDEO_PATROL,
)  # fmt: skip
SCENES = ("mobile_vendor", "out_of_store", "exposed_rubbish", "bike_parking", "vehicle_parking", "material_heap")
UNITS = ("环卫站", "城管大队", "市政所", "园林所", "交警大队")


def facts(now: datetime, count: int = CASES, days: int = DAYS, seed: int = 5) -> Iterator[CaseFact]:
    """Facts of cases up to now, oldest first; the city gets better at it."""
    dice = random.Random(seed)
    for number in range(count):
        share = (number + 1) / count
        at = now - timedelta(days=days) * (1 - share)
        yield _led(_opened(number, at, dice), now, share, dice)


def _opened(number: int, at: datetime, dice: random.Random) -> CaseFact:
    source = dice.choice(SOURCES)
    grid = f"6205230010{dice.randrange(4):02d}{dice.randrange(9):03d}"
    seen = source is CaseSource.DETECTOR
    return CaseFact(
        f"case-{number:05d}", f"E{at:%Y%m%d}{number % 10_000:04d}", source, CaseStatus.CANDIDATE, at,
        at - timedelta(minutes=dice.randrange(20)), camera=f"box-01.cam-{1 + dice.randrange(4)}" if seen else "",
        scene=dice.choice(SCENES), zone="z1" if seen else "", grid=grid, community=grid[:12],
        unit=dice.choice(UNITS), code=f"05-{dice.randrange(1, 9):02d}",
    )  # fmt: skip


def _led(fact: CaseFact, now: datetime, share: float, dice: random.Random) -> CaseFact:
    """As far as a case has come by now."""
    reported = fact.opened_at + HOUR * dice.random() / 4
    if dice.random() < 0.12:
        return replace(fact, status=CaseStatus.REJECTED, rejected_at=reported, reported_at=None)
    accepted, registered = reported + HOUR * dice.random() / 5, reported + HOUR * (0.2 + dice.random() / 3)
    dispatched = registered + HOUR * dice.random() / 2
    limit = dispatched + HOUR * 4
    took_h = dice.expovariate(1 / (3.4 - 1.6 * share)) + 0.2
    handled, closed = dispatched + HOUR * took_h, dispatched + HOUR * (took_h + 0.2 + dice.random() * 2)
    asks = fact.source is CaseSource.HOTLINE
    whole = replace(
        fact, status=CaseStatus.CLOSED, reported_at=reported, accepted_at=accepted, accept_due_at=reported + HOUR / 6,
        registered_at=registered, register_due_at=accepted + HOUR / 3, dispatched_at=dispatched,
        dispatch_due_at=registered + HOUR / 3, handled_at=handled, handle_due_at=limit, is_late=handled > limit,
        closed_at=closed, close_due_at=handled + HOUR * 2, verify_asked_at=accepted if asks else None,
        verified_at=registered if asks else None, verify_due_at=accepted + HOUR / 2 if asks else None,
        is_genuine=asks and dice.random() < 0.9, is_reworked=dice.random() < 0.05, is_misdirected=dice.random() < 0.04,
        is_component=dice.random() < 0.06, is_recurrence=dice.random() < 0.07, was_suspended=dice.random() < 0.03,
        check_asked_at=handled, checked_at=closed, check_due_at=handled + HOUR,
    )  # fmt: skip
    return _until(_timed(whole), now) if dice.random() < 0.96 else _until(replace(_timed(whole), closed_at=None), now)


def _timed(fact: CaseFact) -> CaseFact:
    assert fact.handled_at is not None
    assert fact.dispatched_at is not None
    assert fact.closed_at is not None
    assert fact.registered_at is not None
    handling = round((fact.handled_at - fact.dispatched_at).total_seconds())
    finding = round((fact.handled_at - fact.found_at).total_seconds())
    closing = round((fact.closed_at - fact.registered_at).total_seconds())
    return replace(
        fact, dispatched_to_handled_s=handling, dispatched_to_handled_work_s=round(handling * 0.7),
        found_to_handled_s=finding, found_to_handled_work_s=round(finding * 0.7), registered_to_closed_s=closing,
        registered_to_closed_work_s=round(closing * 0.7),
    )  # fmt: skip


def _until(fact: CaseFact, now: datetime) -> CaseFact:
    """Without what has not come yet."""
    later = {
        name: None
        for name in ("closed_at", "handled_at", "checked_at", "check_asked_at", "dispatched_at", "registered_at")
        if (moment := getattr(fact, name)) is not None and moment > now
    }
    if not later:
        return fact if fact.closed_at is not None else replace(fact, status=CaseStatus.AWAITING_CLOSE)
    status = CaseStatus.ACCEPTED if "registered_at" in later else CaseStatus.IN_PROGRESS
    return replace(fact, status=status, **later)  # type: ignore[arg-type]


def case_of(fact: CaseFact) -> Case:
    """The case that a fact is of, as far as a seat shows it."""
    return Case(
        fact.case, fact.number, CaseState(fact.status), fact.source, "li", fact.opened_at, fact.opened_at,
        fact.found_at, fact.found_at, camera=fact.camera or None, scene=fact.scene, grid=fact.grid,
        place="人民路与解放街路口",
    )  # fmt: skip


def fill(opened: Office, count: int = CASES, days: int = DAYS) -> None:
    """Let a city's cases be there."""
    made = list(facts(opened.now(), count, days))
    with opened.stores.writing() as unit:
        unit.cases.save([case_of(fact) for fact in made], [], [])
        unit.facts.save(made)


def watch(opened: Office, days: int = 40, cameras: int = 12) -> None:
    """Let cameras be watched for some days: some fail and come back, one stays dark, one is not heard of."""
    begin, now = timedelta(days=days), opened.now()
    opened.behind = begin
    opened.born(cameras=cameras)
    since = {f"cam-{number}": now - begin for number in range(1, cameras + 1)}
    dark = "cam-9"
    for number, (day, hours) in enumerate(((30, 7), (21, 30), (9, 2), (4, 5))):
        camera = f"cam-{2 + number}"
        opened.behind = timedelta(days=day)
        opened.camera_goes(camera, CameraState.OFFLINE, CameraReason.REFUSED)
        opened.behind = timedelta(days=day, hours=-hours)
        opened.camera_goes(camera, CameraState.ONLINE)
        since[camera] = now - opened.behind
    opened.behind = timedelta(hours=20)
    opened.camera_goes(dark, CameraState.OFFLINE, CameraReason.STALLED)
    since[dark] = now - opened.behind
    opened.behind = timedelta()
    states = {camera: CameraState.OFFLINE if camera == dark else CameraState.ONLINE for camera in since}
    opened.beat(*(CameraStatus(camera=one, state=states[one], since=at) for one, at in since.items()))
    fall, stood = now - timedelta(days=6), now - timedelta(days=6) + timedelta(minutes=14)
    opened.services.device_notes.take_runs([
        WitnessRun("central", "one", now - begin, fall), WitnessRun("central", "two", stood, now),
        WitnessRun("probe-hall", "p", now - begin, fall - timedelta(seconds=5)),
        WitnessRun("probe-hall", "p", fall, stood, is_up=False), WitnessRun("probe-hall", "p", stood, now),
    ], now)  # fmt: skip


def main(folder: str) -> None:
    """Fill the office of a folder."""
    with office(settings_in(Path(folder)), is_live=True) as opened:
        opened.staff()
        fill(opened)
        watch(opened)
        sys.stdout.write(opened.tokens[Role.SUPERVISOR] + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
