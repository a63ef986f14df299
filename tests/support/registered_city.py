"""A city with what figures of registers rest on: reports with their places, candidates, duties, people, a roster."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from central.core.case_machine import CaseStatus
from central.core.cases.casefile import Case, CaseStep, Report
from central.core.kpis import CaseFact
from central.core.kpis.recall import codes_of
from central.core.places.zone_grounds import ZoneGround
from central.core.registers import Entry, Register, Written
from central.core.values import CaseSource
from central.stores.ports import Stores
from protocol.scenes import Scene
from tests.support.simulated_month import lived
from tests.support.store_samples import CASE

BEGIN = datetime(2026, 2, 28, 16, tzinfo=UTC)
"""March in China."""
DAYS = 31
NOTED_AT = BEGIN - timedelta(days=60)
SCENES = [str(scene) for scene in Scene if codes_of(scene)][:4]
CODES = (*(min(codes_of(scene)) for scene in SCENES), "02-01", "02-0", "")
GRIDS = tuple(f"3304020010{community:02d}{grid:02d}" for community in range(3) for grid in range(2))
PUBLIC = (CaseSource.HOTLINE, CaseSource.WEB, CaseSource.MEDIA)
SIDE_DEG = 0.001


@dataclass(frozen=True, slots=True)
class City:
    """All of it, as it was put in."""

    facts: tuple[CaseFact, ...]
    places: dict[str, tuple[float, float] | None]
    joined: tuple[Report, ...]
    grounds: tuple[ZoneGround, ...]
    duties: tuple[Written, ...]
    people: tuple[Written, ...]
    shifts: tuple[Written, ...]
    steps: tuple[CaseStep, ...]


def city(seed: int = 3) -> City:
    """A small one; the same seed gives the same."""
    dice = Random(seed)
    told = [_told(number, dice) for number in range(90)]
    candidates = [_candidate(number, told[number % len(told)], dice) for number in range(2 * len(told))]
    places = {fact.case: _place(dice) if dice.random() < 0.9 else None for fact in told}
    joined = [report for one in candidates for report in _joined(one, dice)]
    steps = tuple(step for one in lived(80, seed) for step in one.steps)
    return City(
        (*told, *candidates), places, tuple(joined), tuple(_grounds()), tuple(_duties()), tuple(_people()),
        tuple(_shifts(dice)), steps,
    )  # fmt: skip


def put(stores: Stores, made: City, withdrawn: Written | None = None) -> None:
    """Put all of it into stores."""
    with stores.writing() as unit:
        cases = [_case(number, fact, made.places.get(fact.case)) for number, fact in enumerate(made.facts)]
        unit.cases.save([*cases, *(one.case for one in lived(80, 3))], [], [])
        unit.history.append(made.steps)
        unit.facts.save(made.facts)
        unit.cases.add_reports(made.joined)
        unit.registers.draw(made.grounds, "li", NOTED_AT)
        entries = [Entry(one, "li", NOTED_AT) for one in (*made.duties, *made.people, *made.shifts)]
        gone = [Entry(withdrawn, "li", NOTED_AT, is_withdrawn=True)] if withdrawn is not None else []
        unit.registers.add([*entries, *gone])


def _told(number: int, dice: Random) -> CaseFact:
    """Every third has the moment of the one before: order needs more than moments."""
    at = BEGIN + timedelta(hours=dice.randrange(DAYS * 8)) * 3
    grid = dice.choice(GRIDS)
    return CaseFact(
        f"told-{number:02}", f"E{number}", dice.choice((*PUBLIC, *PUBLIC, CaseSource.COLLECTOR)), CaseStatus.REGISTERED,
        at, at, grid=grid, community=grid[:12], code=dice.choice(CODES), reported_at=at, verified_at=at,
        registered_at=at + timedelta(hours=3), is_genuine=dice.random() < 0.9,
    )  # fmt: skip


def _candidate(number: int, told: CaseFact, dice: Random) -> CaseFact:
    """Of about the time of a report, sometimes of its class."""
    at = told.opened_at + timedelta(hours=dice.randrange(-30, 4))
    scene = next((one for one in SCENES if told.code in codes_of(one)), "none") if number % 2 else dice.choice(SCENES)
    return CaseFact(
        f"seen-{number:03}", f"D{number}", CaseSource.DETECTOR, CaseStatus.CANDIDATE, at, at,
        f"b1.cam-{dice.randrange(3)}", scene, f"z{dice.randrange(3)}",
        reported_at=at + timedelta(minutes=5) if dice.random() < 0.7 else None,
    )  # fmt: skip


def _joined(candidate: CaseFact, dice: Random) -> Iterator[Report]:
    for _ in range(dice.choice((0, 0, 1, 2))):
        at, (latitude, longitude) = candidate.opened_at + timedelta(hours=dice.randrange(30)), _place(dice)
        source = dice.choice((*PUBLIC, CaseSource.COLLECTOR))
        yield Report(candidate.case, at, source, "li", latitude=latitude, longitude=longitude)


def _case(number: int, fact: CaseFact, place: tuple[float, float] | None) -> Case:
    latitude, longitude = place or (None, None)
    case = replace(CASE, id=fact.case, number=f"N{number}", source=fact.source, opened_by_event=None, spot=None)
    return replace(case, latitude=latitude, longitude=longitude)


def _place(dice: Random) -> tuple[float, float]:
    return round(34 + dice.random() * 4 * SIDE_DEG, 6), round(105 + dice.random() * 2 * SIDE_DEG, 6)


def _grounds() -> Iterator[ZoneGround]:
    """Three cameras beside each other with two zones each, one of which reaches into the next camera's."""
    for camera in range(3):
        for zone, reach in enumerate((1.0, 1.5)):
            low, high = 34 + camera * SIDE_DEG, 34 + (camera + reach) * SIDE_DEG
            ring = ((105.0, low), (105 + SIDE_DEG, low), (105 + SIDE_DEG, high), (105.0, high), (105.0, low))
            yield ZoneGround(f"b1.cam-{camera}", f"z{zone}", (ring,))


def _duties() -> Iterator[Written]:
    half, end = BEGIN + timedelta(days=15), BEGIN + timedelta(days=300)
    for code, grid, begin, until in (
        (CODES[0][:2], GRIDS[0][:12], NOTED_AT, end), (CODES[1], GRIDS[2], NOTED_AT, half),
        (CODES[2], GRIDS[0][:6], half, end), ("02-01", GRIDS[4], NOTED_AT, end),
    ):  # fmt: skip
        yield Written(Register.INSPECTION_DUTY, code, grid, begin, until)


def _people() -> Iterator[Written]:
    """The newest number of a community counts; one has only a number that is too old, one that was taken back."""
    for at, community in enumerate(sorted({grid[:12] for grid in GRIDS} | {f"3304020019{at:02d}" for at in range(7)})):
        for year in (2012,) if at == 6 else (2019, 2026 - at % 3):
            begin = datetime(year, 1, 1, tzinfo=UTC)
            yield Written(
                Register.POPULATION,
                community,
                "",
                begin,
                datetime(year + 1, 1, 1, tzinfo=UTC),
                100 + at * 10 + year % 7,
            )


def _shifts(dice: Random) -> Iterator[Written]:
    for day in range(-1, 6):
        for seat in range(3):
            for turn in range(2):
                begin = BEGIN + timedelta(days=day, hours=8 * turn + 1)
                person = f"p{(seat + turn * 3 + day) % 9}"
                yield Written(
                    Register.ROSTER, f"{seat}", person, begin, begin + timedelta(hours=dice.choice((4, 8)), minutes=30)
                )
