"""Groups of figures have the names that the city's registers give them, and a target names only groups that exist."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from central.core.case_machine import CaseAction
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK as CLOCKWORK
from central.core.kpis import BadTarget, Period, Target
from central.core.places import Crs
from central.core.places.grid import GridDraft
from central.core.places.nearest import ResponsibleUnit
from central.core.places.reading import UnitDraft
from central.core.standards import Draft
from central.services.figures.group_registry import called
from central.services.figures.kpis import Kpis
from central.services.figures.planning.targets import KpiTargets
from central.services.places import Places
from central.services.standards import Standards
from central.settings.sheet_file import read_sheet
from central.stores.ports import Stores
from protocol.texts import Language
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.grids import CODES, square
from tests.support.sources import REPOSITORY
from tests.support.speaking_box import SpeakingBox, later

UNIT = ResponsibleUnit("sanitation", "环卫所", "部门")


def with_ground(stores: Stores) -> None:
    """Import a unit and a grid with a name."""
    places = Places(stores)
    feature = square(CODES[0], 105.338)
    feature["properties"] = {"code": CODES[0], "name": "北门网格"}
    grids = places.read_grids([feature], Crs.WGS84)
    assert isinstance(grids, GridDraft), grids
    places.adopt(grids, "g.geojson", Crs.WGS84, OPERATOR, later(0))
    places.adopt(UnitDraft((UNIT,)), "u.csv", Crs.WGS84, OPERATOR, later(0))


def with_standards(stores: Stores) -> None:
    """Import the example of the documentation."""
    standards = Standards(stores, CLOCKWORK)
    draft = standards.read(read_sheet(REPOSITORY / "docs" / "examples" / "standards.csv"))
    assert isinstance(draft, Draft), draft
    standards.adopt(draft, "s.csv", OPERATOR, later(0))


def test_groups_are_called_as_the_registers_call_them(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0))
    with_ground(central.stores)
    with central.stores.reading() as unit:
        (camera,) = unit.cameras.neediest(9)
    with central.stores.writing() as unit:
        unit.cameras.save([replace(camera, name="北门球机")])
    with central.stores.reading() as unit:
        assert called(unit, "unit", {"sanitation", "园林所"}) == {"sanitation": "环卫所"}
        assert called(unit, "grid", {CODES[0], CODES[1]}) == {CODES[0]: "北门网格"}
        assert called(unit, "camera", {camera.key, "b9.cam-9"}) == {camera.key: "北门球机"}
        assert called(unit, "source", {"hotline"}) == {}
        assert unit.places.grid_names() == {CODES[0]: "北门网格"}
        assert unit.places.grid_names([]) == {}


def test_a_group_brings_its_name_with_it(central: Central) -> None:
    with_ground(central.stores)
    staff = Staff(central.stores)
    case = staff.walk(staff.report().case.id, CaseAction.ACCEPT, CaseAction.REGISTER).case.id
    staff.act(case, CaseAction.DISPATCH, unit=UNIT.id)
    period = Period(later(0) - timedelta(days=1), later(0) + timedelta(days=2))
    found = Kpis(central.stores, CLOCKWORK).groups("dispatch_in_time_rate", period, period.end, "unit")
    assert [(one.figure.group, one.called) for one in found] == [("sanitation", "环卫所")]


def say(stores: Stores, group: str) -> int:
    target = Target("closing_rate", 0.9, "局长", date(2026, 1, 1), "年度目标", group)
    return len(KpiTargets(stores).say([target], OPERATOR, later(0)))


@pytest.mark.parametrize(
    ("group", "near"),
    [
        ("unit=nowhere", "sanitation (环卫所)"),
        ("unit=环卫所", "sanitation (环卫所)"),
        (f"grid={CODES[1]}", f"{CODES[0]} (北门网格)"),
        ("camera=b1.cam-9", "b1.cam-1"),
        ("scene=mobile_vendors", "mobile_vendor"),
        ("code=99-99", "`gridwarden central standards list` has all classes"),
    ],
)
def test_no_target_is_set_for_a_group_that_no_register_knows(
    central: Central, box: SpeakingBox, group: str, near: str
) -> None:
    central.receive(box.birth(0))
    with_ground(central.stores)
    with_standards(central.stores)
    with pytest.raises(BadTarget, match="there is no") as refused:
        say(central.stores, group)
    assert near in str(refused.value)
    assert "中没有" in refused.value.say(Language.CHINESE)
    assert KpiTargets(central.stores).all().said == ()


def test_known_groups_and_free_fields_are_taken(central: Central, box: SpeakingBox) -> None:
    central.receive(box.birth(0))
    with_ground(central.stores)
    with_standards(central.stores)
    with central.stores.reading() as unit:
        code = next(one for one in unit.standards.book(1).classes if "-" in one.code).code  # type: ignore[union-attr]
        (camera,) = unit.cameras.neediest(9)
    known = ("unit=sanitation", f"grid={CODES[0]}", f"camera={camera.key}", "scene=dumping", f"code={code}")
    assert [say(central.stores, group) for group in (*known, "zone=z1", "community=623", "source=hotline")] == [1] * 8


def test_an_empty_register_refuses_nothing(stores: Stores) -> None:
    groups = ("unit=nowhere", "grid=1", "camera=b1.cam-1", "code=01-01")
    assert [say(stores, group) for group in groups] == [1, 1, 1, 1]
