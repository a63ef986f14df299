"""Field recall: citizens' reports in the ground of watched zones, found by the machine or not, on both databases."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from central.core.case_machine import CaseAction, CaseStatus
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.cases.casefile import Report
from central.core.kpis import CaseFact, Figure, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.kpis.recall import WATCHABLE, codes_of
from central.core.places import Crs
from central.core.places.position import Position
from central.core.places.zone_grounds import GroundRefused
from central.core.standards import Draft
from central.core.values import CaseSource
from central.services.figures.kpis import Kpis
from central.services.figures.registers import Registers
from central.services.standards import Standards
from central.settings.geojson_file import read_geojson
from central.settings.sheet_file import read_sheet
from central.stores.ports import Asked, CaseFilter, PageRequest, Stores
from protocol.scenes import Scene
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.full_central import EXAMPLE
from tests.support.speaking_box import SpeakingBox, later

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 2))
AFTER = MARCH.end + timedelta(days=3)
INSIDE, OUTSIDE = Position(34.0005, 105.0005), Position(34.01, 105.0005)
SQUARE = [[105.0, 34.0], [105.001, 34.0], [105.001, 34.001], [105.0, 34.001], [105.0, 34.0]]


def feature(camera: str = "b1.cam-1", zone: str = "z1", corners: Sequence[object] = SQUARE) -> dict[str, object]:
    """Return the ground of a zone as a file has it."""
    geometry = {"type": "Polygon", "coordinates": [list(corners)]}
    return {"type": "Feature", "properties": {"camera": camera, "zone": zone}, "geometry": geometry}


@pytest.fixture
def staff(stores: Stores) -> Staff:
    """Return people at work in a city with a camera and a table of standards."""
    central, box = Central(stores), SpeakingBox()
    central.register(box)
    central.receive(box.birth(0), box.heartbeat(1), box.scene(5), at_s=6)
    standards = Standards(stores, BUILT_IN_CLOCKWORK)
    draft = standards.read(read_sheet(EXAMPLE))
    assert isinstance(draft, Draft)
    standards.adopt(draft, EXAMPLE.name, OPERATOR, later(0))
    return Staff(stores)


def told(staff: Staff, place: Position, *, genuine: bool = True) -> tuple[str, datetime]:
    """Let a citizen's report be verified and registered; the class, and when it was told."""
    with staff.stores.reading() as unit:
        book = unit.standards.book(unit.standards.version())
    assert book is not None
    standard = next(one for one in book.standards if one.code in WATCHABLE)
    at = staff.now
    case = staff.report(CaseSource.HOTLINE, position=place, crs=Crs.WGS84).case.id
    staff.act(case, CaseAction.SEND_VERIFY)
    staff.act(case, CaseAction.VERIFY, genuine=genuine)
    staff.act(case, CaseAction.ACCEPT)
    staff.act(case, CaseAction.REGISTER, condition=standard.id)
    return standard.code, at


def candidate(stores: Stores, at: datetime, code: str, zone: str = "z1", scene: str = "") -> None:
    """Let the machine have found something of a class."""
    scene = scene or next(scene for scene in Scene if code in codes_of(scene))
    name = f"case-{zone}-{scene}-{at:%d%H}"
    fact = CaseFact(name, name[-20:], CaseSource.DETECTOR, CaseStatus.CANDIDATE, at, at, "b1.cam-1", scene, zone)
    with stores.writing() as unit:
        unit.facts.save([fact])


def recall(stores: Stores, as_of: datetime = AFTER) -> Figure:
    return Kpis(stores, BUILT_IN_CLOCKWORK).figure("field_recall", MARCH, as_of)


def test_a_report_is_found_by_a_candidate_of_its_zone_class_and_time(stores: Stores, staff: Staff) -> None:
    code, at = told(staff, INSIDE)
    told(staff, OUTSIDE)
    told(staff, INSIDE, genuine=False)
    assert recall(stores).value is None
    Registers(stores).draw([feature(), feature(zone="z2")], Crs.WGS84, OPERATOR, staff.now)
    assert recall(stores, staff.now - timedelta(seconds=1)).reason is not None
    candidate(stores, at - timedelta(hours=25), code)
    candidate(stores, at + timedelta(hours=2), code)
    other = next(scene for scene in Scene if codes_of(scene) and code not in codes_of(scene))
    candidate(stores, at - timedelta(hours=1), code, scene=other)
    candidate(stores, at - timedelta(hours=1), code, zone="z3")
    missed = recall(stores)
    assert (missed.value, missed.hits, missed.total, missed.is_below_minimum) == (0, 0, 1, True)
    candidate(stores, at - timedelta(hours=1), code)
    assert (recall(stores).value, recall(stores).total) == (1, 1)
    kpis = Kpis(stores, BUILT_IN_CLOCKWORK)
    assert [(one.group, one.value) for one in kpis.grouped("field_recall", MARCH, AFTER, "zone")] == [("z1", 1)]
    (part,) = kpis.parts("field_recall", Asked(MARCH, AFTER), None, PageRequest(9)).items
    assert (part.begin, part.hits) == (at, 1)
    far = [[x + 1, y] for x, y in SQUARE]
    Registers(stores).draw([feature(corners=far), feature(zone="z2", corners=far)], Crs.WGS84, OPERATOR, staff.now)
    assert recall(stores).total == 0


def test_a_report_that_joined_what_the_machine_found_is_a_hit(stores: Stores, staff: Staff) -> None:
    with stores.reading() as unit:
        (case,) = unit.cases.find(CaseFilter(), PageRequest(9)).items
    Registers(stores).draw([feature()], Crs.WGS84, OPERATOR, staff.now)
    reports = [
        Report(case.id, later(100), source, "li", latitude=place.latitude, longitude=place.longitude)
        for source, place in (
            (CaseSource.HOTLINE, INSIDE), (CaseSource.HOTLINE, OUTSIDE), (CaseSource.COLLECTOR, INSIDE),
        )
    ]  # fmt: skip
    with stores.writing() as unit:
        unit.cases.add_reports(reports)
    assert recall(stores).total == 0
    staff.walk(case.id, CaseAction.CONFIRM)
    assert (recall(stores).hits, recall(stores).total) == (1, 1)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([], "no feature"),
        ([feature(), feature()], "feature 2: zone z1 of b1.cam-1 stands there twice"),
        ([feature(camera="")], "feature 1: name the `camera`"),
        ([feature(zone="z\x00")], "feature 1: name the `camera`"),
        ([feature("b9.cam-1")], "there is no camera 'b9.cam-1'"),
        ([feature(corners=SQUARE[:3])], "feature 1: a ring has"),
        ([feature(corners=[[0, 0], [1, 1], ["x", 0], [0, 0]])], "no pair of longitude"),
        ([feature(corners=[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]])], "crosses itself"),
        ([feature(corners=[[x * 1.01, y] for x, y in SQUARE[:2]] + SQUARE[2:4] + [[106.05, 34.0]])], "wider than"),
        ([{"type": "Feature", "properties": {"camera": "b1.cam-1", "zone": "z1"}}], "is no Polygon"),
    ],
)
def test_grounds_with_a_fault_are_refused(
    stores: Stores, staff: Staff, tmp_path: Path, features: list[dict[str, object]], said: str
) -> None:
    file = tmp_path / "zones.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    read, crs = read_geojson(file, Crs.WGS84)
    with pytest.raises(GroundRefused) as refused:
        Registers(stores).draw(read, crs, OPERATOR, staff.now)
    assert said in str(refused.value)
    with stores.reading() as unit:
        assert unit.registers.zone_grounds(AFTER) == []


def test_grounds_are_listed_as_drawn_last(stores: Stores, staff: Staff) -> None:
    registers = Registers(stores)
    moved = [[x, y + 0.001] for x, y in SQUARE]
    registers.draw([feature(), feature(zone="z2")], Crs.WGS84, OPERATOR, staff.now)
    registers.draw([feature(corners=moved)], Crs.WGS84, OPERATOR, staff.now + timedelta(minutes=1))
    first = registers.grounds(PageRequest(1))
    rest = registers.grounds(PageRequest(1, first.next))
    drawn = [*first.items, *rest.items]
    assert [(one.ground.zone, one.ground.rings[0][0], one.drawn_by) for one in drawn] == [
        ("z1", (105.0, 34.001), "wang"), ("z2", (105.0, 34.0), "wang"),
    ]  # fmt: skip
    assert rest.next is None
