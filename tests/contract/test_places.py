"""A city's ground in versions, and cases that know where they lie, on both databases."""

from dataclasses import replace

import pytest

from central.core.case_machine import CaseAction, CaseStatus, NamedComponent
from central.core.places import Crs, PlaceKind, Position
from central.core.places.grid import GridDraft
from central.core.places.nearest import Component, ResponsibleUnit
from central.core.places.reading import ComponentDraft, UnitDraft
from central.core.values import CaseSource
from central.services.cases.audits import Audits
from central.services.cases.casework import CaseUnknown
from central.services.desks.components import ComponentUnknown
from central.services.places import Places
from central.stores.ports import CaseFilter, PageRequest, Stores, StoreUnavailable
from tests.support.casework import HANDLER, Staff
from tests.support.central_stores import OPERATOR, Central, FailingStores
from tests.support.grids import CODES, square
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import crashing, rows

HERE = Position(34.7365, 105.3385)
AWAY = Position(34.7365, 105.3395)
BIN = Component("6205230305000007", "垃圾箱", "03-05", "环卫所", "12 号", HERE.latitude, HERE.longitude)
FAR_BIN = Component("6205230305000008", "垃圾箱", "03-05", "环卫所", "", 34.75, 105.35)
UNIT = ResponsibleUnit("sanitation", "环卫所", "部门", (CODES[0],), 34.74, 105.34)


@pytest.fixture
def places(stores: Stores) -> Places:
    return Places(stores)


def adopt(places: Places, *wests: float) -> int:
    draft = places.read_grids([square(code, west) for code, west in zip(CODES, wests, strict=False)], Crs.WGS84)
    assert isinstance(draft, GridDraft), draft
    return places.adopt(draft, "grids.geojson", Crs.WGS84, OPERATOR, later(0)).version


def test_versions_are_kept_and_the_newest_is_asked(places: Places, stores: Stores) -> None:
    assert places.current(PlaceKind.GRIDS) == (None, [])
    with stores.reading() as unit:
        assert unit.places.grid_at(HERE) == ""
    assert [adopt(places, 105.338, 105.339), adopt(places, 105.339)] == [1, 2]
    book, kept = places.current(PlaceKind.GRIDS)
    assert book is not None
    assert (book.count, book.imported_by, book.crs, len(kept)) == (1, "wang", Crs.WGS84, 1)
    with stores.reading() as unit:
        assert [unit.places.grid_at(place) for place in (HERE, AWAY)] == ["", CODES[0]]
    assert len(rows(stores, "grids")) == 3


def test_an_import_that_breaks_off_leaves_nothing(places: Places, stores: Stores) -> None:
    with crashing(stores, "INSERT", "grids"), pytest.raises(Exception, match="injected"):
        adopt(places, 105.338)
    with pytest.raises(StoreUnavailable):
        adopt(Places(FailingStores(stores, iter([True]))), 105.338)
    assert (rows(stores, "grids"), rows(stores, "place_books")) == ([], [])


def test_cases_know_their_grid(places: Places, central: Central, box: SpeakingBox) -> None:
    adopt(places, 105.338, 105.339)
    central.receive(box.birth(0, place=(HERE.latitude, HERE.longitude)))
    central.receive(box.scene(1))
    staff = Staff(central.stores)
    told = staff.reported(CaseSource.HOTLINE, "张三", position=AWAY)
    (_, seen) = staff.casework.cases(CaseFilter(), PageRequest(9)).items
    assert (seen.case.grid, told.case.grid) == CODES
    assert staff.report().case.grid == ""


def test_what_is_near_a_case(places: Places, central: Central) -> None:
    adopt(places, 105.338)
    places.adopt(ComponentDraft((FAR_BIN, BIN)), "c.csv", Crs.WGS84, OPERATOR, later(0))
    places.adopt(UnitDraft((ResponsibleUnit("law", "执法队"), UNIT)), "u.csv", Crs.GCJ02, OPERATOR, later(0))
    staff = Staff(central.stores)
    near = places.near(staff.reported(CaseSource.HOTLINE, "张三", position=HERE).case.id)
    assert [(round(metres), one) for metres, one in near.components] == [(0, BIN)]
    assert [(metres is None, unit.id) for metres, unit in near.units] == [(False, "sanitation"), (True, "law")]
    assert near.grid == CODES[0]
    nowhere = places.near(staff.report().case.id)
    assert (nowhere.components, nowhere.units) == ((), ())
    with pytest.raises(CaseUnknown):
        places.near("no")
    assert places.current(PlaceKind.COMPONENTS)[1] == [FAR_BIN, BIN]
    assert list(places.current(PlaceKind.UNITS)[1]) == [ResponsibleUnit("law", "执法队"), UNIT]


def with_a_bin(places: Places, owner: str = "环卫所") -> None:
    places.adopt(ComponentDraft((FAR_BIN, replace(BIN, unit=owner))), "c.csv", Crs.WGS84, OPERATOR, later(0))


def test_the_component_named_at_registration_stays_with_the_case_as_it_was(places: Places, central: Central) -> None:
    with_a_bin(places)
    places.adopt(UnitDraft((UNIT,)), "u.csv", Crs.WGS84, OPERATOR, later(0))
    staff = Staff(central.stores)
    case = staff.walk(staff.report(position=HERE).case.id, CaseAction.ACCEPT).case.id
    staff.act(case, CaseAction.REGISTER, component_id=BIN.id)
    named = NamedComponent(BIN.id, 1, "垃圾箱", "03-05", "环卫所", "12 号")
    assert staff.case(case).state.component == named
    details = staff.history(case)[-1].details
    assert (details["component"], details["components_version"]) == (BIN.id, 1)
    with_a_bin(places, owner="城管局")
    assert staff.act(case, CaseAction.DISPATCH, unit="").case.state.unit == UNIT.id
    staff.act(case, CaseAction.SPLIT)
    found = staff.casework.cases(CaseFilter(component=BIN.id), PageRequest(9)).items
    assert [view.case.state.component for view in found] == [named] * 3
    assert staff.casework.count(CaseFilter(component=FAR_BIN.id), 9) == 0
    assert [audit for audit in Audits(central.stores).check() if audit.findings] == []


def test_a_case_that_is_registered_anew_names_its_component_anew(places: Places, central: Central) -> None:
    with_a_bin(places, owner="园林局")
    staff = Staff(central.stores)
    case = staff.walk(staff.report(position=HERE).case.id, CaseAction.ACCEPT).case.id
    staff.act(case, CaseAction.REGISTER, component_id=BIN.id)
    assert staff.act(case, CaseAction.DISPATCH, unit="").case.state.unit == "园林局"
    staff.act(case, CaseAction.RETURN, actor=replace(HANDLER, unit="园林局"))
    back = staff.act(case, CaseAction.SEND_BACK).case
    assert (back.status, back.state.component) == (CaseStatus.ACCEPTED, None)
    assert staff.act(case, CaseAction.REGISTER).case.state.component is None
    assert staff.casework.count(CaseFilter(component=BIN.id), 9) == 0


def test_a_component_that_is_not_there_is_refused(places: Places, central: Central) -> None:
    staff = Staff(central.stores)
    case = staff.walk(staff.report().case.id, CaseAction.ACCEPT).case.id
    for _ in range(2):
        with pytest.raises(ComponentUnknown, match="部件标识码"):
            staff.act(case, CaseAction.REGISTER, component_id="no")
        with_a_bin(places)
    assert staff.case(case).status is CaseStatus.ACCEPTED
