"""A table of standards is read whole, or every fault of it is told by row and column."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.clocks import OFFICE, STREET_ORDER, parse_limit
from central.core.standards import (
    Changes,
    ClassKind,
    Draft,
    Fault,
    Recurrence,
    Refused,
    SheetRow,
    Standard,
    StandardBook,
    changes,
    codes_of_scene,
    read_standards,
    standard_id,
)
from central.core.standards.codes import is_local
from central.core.standards.reading import STANDARDS_MAX
from central.core.standards.sheet import OPTIONAL, TEMPLATE, letter
from protocol.scenes import SCENES, CodeLayout, Scene, Surface
from protocol.texts import Language

SYSTEMS = (OFFICE.name, STREET_ORDER.name)
HEADER = [column.name for column in (*TEMPLATE, *OPTIONAL)]
CJT, GBT = CodeLayout.CJT_214_2007, CodeLayout.GBT_30428_2013
FIRST = "04", "街面秩序", "01", "无照经营游商", "执法队、街道", "城管局", "流动摊", "取缔", "2紧急工作时"


def sheet(*rows: Sequence[str], header: Sequence[str] = HEADER) -> list[SheetRow]:
    return [SheetRow(number, tuple(cells)) for number, cells in enumerate([header, *rows], 1)]


def drafted(*rows: Sequence[str], header: Sequence[str] = HEADER) -> tuple[Standard, ...]:
    found = read_standards(sheet(*rows, header=header), SYSTEMS)
    assert isinstance(found, Draft), found
    return found.standards


def refused(*rows: Sequence[str], header: Sequence[str] = HEADER) -> list[tuple[int, str]]:
    found = read_standards(sheet(*rows, header=header), SYSTEMS)
    assert isinstance(found, Refused)
    for fault in found.faults:
        assert {"{", "}"} & {*fault.say(Language.CHINESE), *fault.say(Language.ENGLISH)} == set()
    return [(fault.row, fault.column.partition(" ")[0]) for fault in found.faults]


def changed(**cells: str) -> list[str]:
    """Return a good row with some cells by header replaced."""
    row = dict(zip(HEADER, [*FIRST, *[""] * len(OPTIONAL)], strict=True))
    return list((row | cells).values())


def test_a_row_says_everything_of_a_standard() -> None:
    assert drafted(FIRST) == (
        Standard(
            id=standard_id(GBT, ClassKind.EVENT, "04-01", "流动摊"),
            layout=GBT,
            kind=ClassKind.EVENT,
            code="04-01",
            group="街面秩序",
            name="无照经营游商",
            condition="流动摊",
            closing="取缔",
            limit=parse_limit("2紧急工作时"),
            system=OFFICE.name,
            recurrence=Recurrence.NEW_CASE,
            units=("执法队", "街道"),
            department="城管局",
        ),
    )


def test_blank_cells_take_over_what_stands_above() -> None:
    first, second, third = drafted(
        changed(计时标准=STREET_ORDER.name, 复发="重开"),
        [*[""] * 6, "摊车", "", "4小时"],
        ["", "", "05", "店外经营", "", "", "出店", "", "", "", "", "", ""],
    )
    assert (second.code, second.name, second.units, second.closing) == (first.code, first.name, first.units, "取缔")
    assert (second.system, second.recurrence) == (STREET_ORDER.name, Recurrence.REOPEN)
    assert (third.code, third.group, third.limit) == ("04-05", "街面秩序", parse_limit("4工作时"))
    assert (third.system, third.recurrence) == (OFFICE.name, Recurrence.NEW_CASE)


@pytest.mark.parametrize(
    ("written", "limit"),
    [("2小时", "2工作时"), ("5天", "5工作日"), ("２ 紧急工作时", "2紧急工作时"), ("0.5工作日", "0.5工作日")],
)
def test_plain_hours_and_days_are_working_time(written: str, limit: str) -> None:
    assert drafted(changed(处置时限=written))[0].limit == parse_limit(limit)


@pytest.mark.parametrize("code", ["1", "01", "0401", "04-01", "1.0"])
def test_codes_in_the_spellings_of_spreadsheets(code: str) -> None:
    assert drafted(changed(大类代码="4", 小类代码=code))[0].code == "04-01"


def test_titles_remarks_empty_rows_and_peoples_own_columns_are_passed_over() -> None:
    rows = [
        SheetRow(1, ("立案标准一览表",)),
        SheetRow(2, ("# 说明",)),
        SheetRow(4, ("序号", *HEADER)),
        SheetRow(5, ("", "")),
        SheetRow(6, ("1", *FIRST)),
        SheetRow(7, ("2",)),
    ]
    found = read_standards(rows, SYSTEMS)
    assert isinstance(found, Draft)
    assert len(found.standards) == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"大类代码": "09"}, "大类代码"),
        ({"大类代码": "市容"}, "大类代码"),
        ({"大类代码": "06", "类别": "部件"}, "大类代码"),
        ({"小类代码": "00"}, "小类代码"),
        ({"小类代码": "0501"}, "小类代码"),
        ({"小类名称": ""}, "小类名称"),
        ({"立案条件": "=A1"}, "立案条件"),
        ({"结案条件": "字" * 501}, "结案条件"),
        ({"处置时限": "尽快"}, "处置时限"),
        ({"处置时限": "0工作时"}, "处置时限"),
        ({"处置时限": "2"}, "处置时限"),
        ({"计时标准": "月球"}, "计时标准"),
        ({"复发": "也许"}, "复发"),
        ({"类别": "动物"}, "类别"),
        ({"编码版本": "1997"}, "编码版本"),
        ({"本地扩展": "可能"}, "本地扩展"),
        ({"处置单位": "长" * 65}, "处置单位"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_where_it_is(cells: dict[str, str], column: str) -> None:
    assert refused(changed(小类代码="05", 小类名称="店外经营"), changed(**cells)) == [(3, column)]


def test_all_faults_are_told_at_once() -> None:
    bad = changed(处置时限="x", 计时标准="y", 立案条件="另一条")
    assert refused(FIRST, FIRST, bad) == [(3, "立案条件"), (4, "处置时限"), (4, "计时标准")]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["05", "", "", "", "", "", "塌陷"], ["大类名称", "小类代码"]),
        (["", "", "05", "", "", "", "出店"], ["小类名称"]),
        (["", "", "", "", "", "", "", "", "1天"], ["立案条件"]),
        (["", "", "01", "别名", "", "", "摊车"], ["小类名称"]),
        (["05", "突发事件", "01", "", "", "", "塌陷"], ["小类名称"]),
        ([*changed(编码版本="2007", 立案条件="摊车")], ["编码版本"]),
    ],
)
def test_nothing_is_taken_over_from_another_class(row: list[str], columns: list[str]) -> None:
    assert refused(FIRST, row) == [(3, column) for column in columns]


def test_a_fault_says_what_would_be_right_in_both_languages() -> None:
    found = read_standards(sheet(changed(处置时限="尽快")), SYSTEMS)
    assert isinstance(found, Refused)
    fault = found.faults[0]
    assert fault.say(Language.CHINESE).startswith("第 2 行，处置时限 (I)：“尽快”不是时限；写数字和单位")
    assert fault.say(Language.ENGLISH).startswith("row 2, 处置时限 (I): '尽快' is no limit; write a number and a unit")


@pytest.mark.parametrize(
    ("header", "column"),
    [
        (HEADER[1:], ""),
        (HEADER[:8], "处置时限"),
        ([*HEADER, "处置时限"], "处置时限"),
        ([*HEADER, "计时标淮"], "计时标淮"),
    ],
)
def test_a_wrong_header_is_told_before_any_row(header: list[str], column: str) -> None:
    assert [told for _, told in refused(FIRST, header=header)] == [column]


def test_a_header_without_rows_and_too_many_rows() -> None:
    assert refused() == [(1, "大类代码")]
    rows = [changed(立案条件=str(number)) for number in range(STANDARDS_MAX + 1)]
    assert refused(*rows) == [(STANDARDS_MAX + 2, "大类代码")]


TEXT = st.text(st.characters(categories=("Lo", "Nd")), min_size=1, max_size=8)
KEYS = st.tuples(st.sampled_from(ClassKind), st.integers(1, 5), st.integers(1, 99))


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Return full rows, those of a class and of a group together."""
    rows = []
    for kind, group, number in sorted(draw(st.sets(KEYS, min_size=1, max_size=6))):
        for condition in sorted(draw(st.sets(TEXT, min_size=1, max_size=3))):
            zh = "部件" if kind is ClassKind.COMPONENT else "事件"
            name = f"类{group}{number}"
            texts = [f"{group:02d}", f"大类{zh}{group}", f"{number:02d}", name, draw(st.sampled_from(["甲", "乙、丙"]))]
            closing, limit = draw(st.sampled_from(["清理", "修复"])), draw(st.sampled_from(["2小时", "1天"]))
            system, again = draw(st.sampled_from(SYSTEMS)), draw(st.sampled_from(["新案", "重开"]))
            rows.append([*texts, "局", f"条{condition}", closing, limit, system, again, zh, "2013", "否"])
    return rows


@given(tables(), st.data())
def test_cells_that_repeat_what_stands_above_may_be_blank(rows: list[list[str]], data: st.DataObject) -> None:
    whole = drafted(*rows)
    blanked = [rows[0]]
    for above, row in pairwise(rows):
        is_same = [above[at] == row[at] for at in (0, 2, 11)]
        may = {4, 5, 7, 8, 12} | ({1, 3, 9, 10, 11, 13} if all(is_same) else set())
        free = [at for at in sorted(may) if above[at] == row[at]]
        gone = data.draw(st.sets(st.sampled_from(free))) if free else set()
        blanked.append(["" if at in gone else text for at, text in enumerate(row)])
    assert drafted(*blanked) == whole


@given(tables(), st.data())
def test_one_bad_cell_is_named_and_nothing_is_kept(rows: list[list[str]], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(rows) - 1))
    at = data.draw(st.sampled_from([0, 2, 8, 9, 10, 11, 12, 13]))
    rows[number][at] = "坏"
    assert (number + 2, HEADER[at]) in refused(*rows)


@given(st.lists(st.lists(st.text(max_size=6), max_size=6), max_size=5))
def test_any_text_is_read_or_refused(rows: list[list[str]]) -> None:
    found = read_standards(sheet(*rows), SYSTEMS)
    assert isinstance(found, Draft | Refused)


@given(tables())
def test_a_book_finds_its_rows_by_class_and_tells_its_tree(rows: list[list[str]]) -> None:
    standards = drafted(*rows)
    book = StandardBook(1, datetime(2026, 3, 1, tzinfo=UTC), "wang", "t.csv", GBT, standards)
    found = [row for kind in ClassKind for node in book.classes if node.kind is kind and "-" in node.code
             for row in book.of_class(node.code, kind)]  # fmt: skip
    assert sorted(row.id for row in found) == sorted(row.id for row in standards)
    groups = {(node.kind, node.code) for node in book.classes if "-" not in node.code}
    assert groups == {(row.kind, row.code[:2]) for row in standards}
    assert len({row.id for row in standards}) == len(standards)


def test_a_scene_finds_its_class_in_the_books_layout() -> None:
    assert codes_of_scene("out_of_store", GBT) == {"04-05"}
    assert codes_of_scene("out_of_store", CJT) == {"05-04"}
    assert codes_of_scene("bin_overflow", CJT) == set()
    assert codes_of_scene("vehicle_parking", GBT) == {"04-09", "04-96"}
    assert codes_of_scene("vehicle_parking", GBT, Surface.CARRIAGEWAY) == {"04-09"}
    assert codes_of_scene("no_scene", GBT) == codes_of_scene(Scene.STAY, GBT) == set()


def test_local_classes_are_those_of_the_scenes_and_of_high_numbers() -> None:
    for facts in SCENES.values():
        for one in facts.codes:
            assert is_local(one.layout, ClassKind.EVENT, one.code) is one.local
    assert is_local(CJT, ClassKind.EVENT, "01-99") is False
    assert is_local(GBT, ClassKind.EVENT, "01-99") is True
    assert is_local(CJT, ClassKind.COMPONENT, "21-01") is True
    assert drafted(changed(本地扩展="是"))[0].local is True


def test_changes_go_by_id() -> None:
    before = drafted(FIRST, [*[""] * 6, "摊车", "", ""])
    after = drafted([*[""] * 0, *changed(立案条件="摊 车", 处置时限="1天")], [*[""] * 6, "新", "", ""])
    found = changes(before, after)
    assert [row.condition for row in found.added] == ["新"]
    assert [(old.condition, new.limit) for old, new in found.changed] == [("摊车", parse_limit("1天"))]
    assert [row.condition for row in found.removed] == ["流动摊"]
    assert changes(before, reversed(before)) == Changes()
    assert not Changes().any


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_fault_of_the_whole_file_names_no_row() -> None:
    found = read_standards([], SYSTEMS)
    assert isinstance(found, Refused)
    assert isinstance(found.faults[0], Fault)
    assert found.faults[0].say(Language.ENGLISH).startswith("no header in the first 10 rows")
