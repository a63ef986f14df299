"""A city's ground in versions, and cases that know where they lie, on both databases."""

import pytest

from central.core.places import Crs, PlaceKind, Position
from central.core.places.grid import GridDraft
from central.core.places.nearest import Component, ResponsibleUnit
from central.core.places.reading import ComponentDraft, UnitDraft
from central.core.values import CaseSource
from central.services.cases.casework import CaseUnknown
from central.services.places import Places
from central.stores.ports import CaseFilter, PageRequest, Stores, StoreUnavailable
from tests.support.casework import Staff
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
