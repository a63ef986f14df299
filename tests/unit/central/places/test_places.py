"""Coordinate systems, unit grids, components and units: read whole, or refused with everything that is wrong."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from central.core.places import Crs, Position, crs_of, distance_m, to_gcj02, to_wgs84
from central.core.places.grid import GridDraft, code_at, read_grids
from central.core.places.nearest import Component, ResponsibleUnit, nearest, nearest_units
from central.core.places.reading import ComponentDraft, UnitDraft, read_components, read_units
from central.core.standards import Refused, SheetRow
from protocol.texts import Language
from tests.support.grids import CODES, square

CHINA = st.builds(Position, st.floats(18.2, 53.5), st.floats(73.7, 134.9))


def said(found: object, language: Language = Language.ENGLISH) -> list[str]:
    assert isinstance(found, Refused), found
    return [fault.say(language) for fault in found.faults]


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Shanghai, Shenzhen and Beijing as the test suites of several open-source converters have them.
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_known_points(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    there, here = Position(*gcj02), Position(*wgs84)
    assert distance_m(to_gcj02(here), there) < 0.001
    assert distance_m(to_wgs84(there, Crs.GCJ02), here) < 0.001
    assert 100 < distance_m(here, there) < 700


@given(CHINA)
def test_there_and_back_is_within_a_centimetre(place: Position) -> None:
    assert distance_m(to_wgs84(to_gcj02(place), Crs.GCJ02), place) < 0.01


@pytest.mark.parametrize("place", [Position(48.85, 2.35), Position(-33.9, 151.2), Position(34.7, 105.3)])
@pytest.mark.parametrize("crs", [Crs.WGS84, Crs.CGCS2000])
def test_only_gcj02_is_shifted_and_only_in_china(place: Position, crs: Crs) -> None:
    assert to_wgs84(place, crs) == place
    if place.latitude != 34.7:
        assert to_wgs84(place, Crs.GCJ02) == to_gcj02(place) == place


@pytest.mark.parametrize(
    ("name", "crs"),
    [*((str(one), one) for one in Crs), ("GCJ-02", Crs.GCJ02), ("EPSG:4490", Crs.CGCS2000), ("WGS 84", Crs.WGS84)],
)
def test_systems_by_the_names_that_people_use(name: str, crs: Crs) -> None:
    assert crs_of(name) is crs


@pytest.mark.parametrize("name", ["", "bd09", "EPSG:4527", "wgs84" * 40, "ｗgs84", None, 4326])
def test_a_system_that_is_not_known_is_refused_with_those_that_are(name: object) -> None:
    with pytest.raises(ValueError, match="wgs84, gcj02, cgcs2000") as refused:
        crs_of(name)
    assert len(str(refused.value)) < 200


def test_grids_side_by_side_are_taken_and_looked_up() -> None:
    found = read_grids([square(CODES[0], 105.338), square(CODES[1], 105.339)], Crs.CGCS2000)
    assert isinstance(found, GridDraft), found
    assert [grid.code for grid in found.grids] == list(CODES)
    for place, code in (((34.7365, 105.3385), CODES[0]), ((34.7365, 105.3395), CODES[1]), ((34.7365, 105.3405), "")):
        assert code_at(Position(*place), found.grids) == code
    assert code_at(Position(34.7365, 105.339), found.grids) == CODES[0]


def test_grids_of_maps_are_shifted_back() -> None:
    found = read_grids([square(CODES[0], 105.338)], Crs.GCJ02)
    assert isinstance(found, GridDraft)
    west, south = found.grids[0].rings[0][0]
    assert distance_m(to_gcj02(Position(south, west)), Position(34.736, 105.338)) < 0.02


@pytest.mark.parametrize(
    "code",
    [
        "6205230010010",
        "62052300100101234",
        "00052300100101",
        "9905230010010",
        "",
        None,
        "６" * 14,
        [CODES[0]],
        {"a": 1},
        True,
    ],
)
def test_a_grid_code_has_14_to_16_digits_of_a_province(code: object) -> None:
    (fault,) = said(read_grids([square(code, 105.338)], Crs.WGS84))
    assert "is no grid code" in fault
    assert fault.startswith("feature 1 (")


@pytest.mark.parametrize("code", ["62052300100101", "620523001001001", "6205230010010012", 62052300100101])
def test_codes_of_each_length_are_known(code: object) -> None:
    assert isinstance(read_grids([square(code, 105.338)], Crs.WGS84), GridDraft)


def bent(change: object, *keys: object) -> dict[str, JsonValue]:
    feature = deepcopy(square(CODES[0], 105.338))
    place = feature
    for key in keys[:-1]:
        place = place[key]  # type: ignore[index, assignment]
    place[keys[-1]] = change  # type: ignore[index]
    return feature


BOW_TIE = [[105.338, 34.736], [105.339, 34.737], [105.339, 34.736], [105.338, 34.737], [105.338, 34.736]]


@pytest.mark.parametrize(
    ("feature", "what"),
    [
        (bent([BOW_TIE], "geometry", "coordinates"), "crosses itself"),
        (bent("Point", "geometry", "type"), "is Point"),
        (bent(None, "geometry"), "is None"),
        (bent([], "geometry", "coordinates"), "is Polygon"),
        (bent([BOW_TIE[:3]], "geometry", "coordinates"), "not closed"),
        (bent([BOW_TIE[:-1]], "geometry", "coordinates"), "not closed"),
        (bent([500_000.0, 3_845_000.0], "geometry", "coordinates", 0, 1), "no longitude and latitude"),
        (bent([float("nan"), 34.7], "geometry", "coordinates", 0, 1), "no longitude and latitude"),
        (bent([10**400, 34.7], "geometry", "coordinates", 0, 1), "no longitude and latitude"),
        (bent(["105", "34"], "geometry", "coordinates", 0, 1), "no longitude and latitude"),
        (square(CODES[0], 105.0, side=0.3), "wider"),
        (square(CODES[0], 105.0, side=0.000001), "no area"),
    ],
)
def test_what_is_no_unit_grid(feature: dict[str, JsonValue], what: str) -> None:
    (fault,) = said(read_grids([feature], Crs.WGS84))
    assert what in fault
    assert CODES[0] in fault


def test_overlapping_grids_are_both_named_in_both_languages() -> None:
    found = read_grids([square(CODES[0], 105.338), square(CODES[1], 105.3385)], Crs.WGS84)
    (english,), (chinese,) = said(found), said(found, Language.CHINESE)
    assert all(code in text for code in CODES for text in (english, chinese))
    assert "overlap by" in english
    assert "重叠" in chinese


def test_one_grid_within_another_and_one_over_another_are_overlaps() -> None:
    assert (
        "overlap"
        in said(read_grids([square(CODES[0], 105.338), square(CODES[1], 105.3382, side=0.0002)], Crs.WGS84))[0]
    )
    assert "overlap" in said(read_grids([square(CODES[0], 105.338), square(CODES[1], 105.338)], Crs.WGS84))[0]


@pytest.mark.parametrize(("gap", "refused"), [(0.0, False), (1e-9, False), (-1e-9, False), (-1e-6, True)])
def test_slivers_of_neighbours_are_no_overlap(gap: float, *, refused: bool) -> None:
    found = read_grids([square(CODES[0], 105.338), square(CODES[1], 105.339 + gap * 10)], Crs.WGS84)
    assert isinstance(found, Refused) is (refused and gap * 10 * 1e5 < -0.5)


def test_codes_twice_and_of_two_lengths_are_refused_together() -> None:
    features = [square(CODES[0], 105.338), square(CODES[0], 105.34), square("620523001001003", 105.342)]
    assert [fault.split(": ", 1)[0] for fault in said(read_grids(features, Crs.WGS84))] == [
        f"feature 2 ({CODES[0]})", "feature 3 (620523001001003)",
    ]  # fmt: skip
    assert said(read_grids([], Crs.WGS84)) == ["there is no unit grid in the file"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)
    )
)
def test_no_geometry_breaks_the_reader(told: object) -> None:
    feature = bent(told, "geometry", "coordinates")
    assert isinstance(read_grids([feature], Crs.GCJ02), Refused)


COMPONENT_HEADER = ("部件标识码", "部件名称", "责任单位", "经度", "纬度", "备注")


def table(*rows: tuple[str, ...]) -> list[SheetRow]:
    return [SheetRow(number, row) for number, row in enumerate(rows, 1)]


def test_components_with_their_class_from_the_code() -> None:
    found = read_components(
        table(COMPONENT_HEADER, ("6205230150000001", "电子眼", "公安局", "105.338", "34.736", "x")), Crs.WGS84
    )
    assert isinstance(found, ComponentDraft), found
    assert found.components == (Component("6205230150000001", "电子眼", "01-50", "公安局", "", 34.736, 105.338),)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ((("x",),), ["no header"]),
        ((COMPONENT_HEADER,), ["nothing below"]),
        ((("部件标识码", "经度", "纬度", "颜色"), ("1", "1", "1", "r")), ["颜色 (D): this column is not known"]),
        ((("部件标识码", "经度"), ("1", "1")), ["纬度: this column is missing"]),
        ((COMPONENT_HEADER, ("1", "", "", "34.7", "105.3")), ["row 2, 纬度 (E): '105.3' is no latitude"]),
        ((COMPONENT_HEADER, ("1", "", "", "nan", "x")), ["经度 (D): 'nan'", "纬度 (E): 'x'"]),
        ((COMPONENT_HEADER, ("", "", "", "105", "34")), ["row 2, 部件标识码 (A): it must not be empty"]),
        ((COMPONENT_HEADER, ("1", "=1", "", "105", "34")), ["it is a formula"]),
        (
            (COMPONENT_HEADER, ("1", "", "", "105", "34"), ("1", "", "", "105", "35")),
            ["row 3, 部件标识码 (A): '1' is in row 2"],
        ),
    ],
)
def test_what_is_wrong_with_a_table_of_components(rows: tuple[tuple[str, ...], ...], faults: list[str]) -> None:
    told = said(read_components(table(*rows), Crs.WGS84))
    assert len(told) == len(faults)
    assert all(fault in text for fault, text in zip(faults, told, strict=True))


def test_units_with_grids_and_without_a_place() -> None:
    rows = table(
        ("单位名称", "单位代码", "责任网格", "经度", "纬度"),
        ("环卫所", "s", "、".join(CODES), "", ""),
        ("执法队", "", "", "105", "34"),
    )
    found = read_units(rows, Crs.WGS84)
    assert isinstance(found, UnitDraft), found
    assert found.units == (
        ResponsibleUnit("s", "环卫所", "", CODES), ResponsibleUnit("执法队", "执法队", "", (), 34.0, 105.0),
    )  # fmt: skip
    wrong = table(("单位名称", "责任网格"), ("环卫所", "12"))
    assert said(read_units(wrong, Crs.WGS84)) == ["row 2, 责任网格 (B): '12' is no grid code (14, 15 or 16 digits)"]


HERE = Position(34.736, 105.338)


def component(name: str, metres: float) -> Component:
    return Component(name, "", "", "", "", HERE.latitude + metres / 111_195, HERE.longitude)


def test_the_nearest_components_come_first_and_far_ones_not_at_all() -> None:
    found = nearest(HERE, [component("c", 90), component("a", 1), component("far", 101), component("b", 40)], 100.0, 2)
    assert [(round(metres), one.id) for metres, one in found] == [(1, "a"), (40, "b")]


def test_units_of_the_grid_come_before_nearer_ones() -> None:
    units = [
        ResponsibleUnit("near", "", "", (), HERE.latitude, HERE.longitude),
        ResponsibleUnit("grid", "", "", (CODES[0],), HERE.latitude + 0.1, HERE.longitude),
        ResponsibleUnit("nowhere", ""),
    ]
    assert [unit.id for _, unit in nearest_units(HERE, CODES[0], units)] == ["grid", "near", "nowhere"]
    assert [unit.id for _, unit in nearest_units(HERE, "", units)] == ["near", "grid", "nowhere"]
    assert [unit.id for _, unit in nearest_units(None, CODES[0], units)] == ["grid"]
    assert nearest_units(None, "", units) == ()
