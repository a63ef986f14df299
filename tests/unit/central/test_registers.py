"""Registers: what people write becomes entries, or is refused with row, column and what would be right."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.cli.figures.register_commands import import_entries
from central.core.registers import (
    COLUMNS,
    Entry,
    EntryRefused,
    Register,
    Written,
    overlap_of,
    standing,
    written_of,
    written_rows,
)
from central.core.standards import SheetRow
from protocol.texts import Language
from tests.support.sources import REPOSITORY

CHINA = ZoneInfo("Asia/Shanghai")
DOCUMENTED = (REPOSITORY / "docs" / "figures.md").read_text(encoding="utf-8")
GLOSSARY = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
GOOD = {
    Register.ROSTER: ("1号", "wang", "2026-03-01 20:00", "2026-03-02 04:00"),
    Register.OUTSIDE_CASES: ("2026-02", "40", "网格中心月报"),
    Register.POPULATION: ("330402001001", "2026", "8200", "统计公报"),
    Register.INSPECTION_DUTY: ("04-01", "330402001001", "2026-01-01", "2027-01-01"),
}
BAD = [
    (Register.ROSTER, 0, "", "seat: name it"),
    (Register.ROSTER, 1, "a\nb", "person: name it"),
    (Register.ROSTER, 2, "tomorrow", "from: 'tomorrow' is no time"),
    (Register.ROSTER, 3, "2026-03-01 20:00", "to: a shift ends after it begins"),
    (Register.ROSTER, 3, "2026-03-03 20:00", "24 hours at most"),
    (Register.ROSTER, 2, "1066-01-01", "lies outside the years"),
    (Register.OUTSIDE_CASES, 0, "2026-13", "month: '2026-13'"),
    (Register.OUTSIDE_CASES, 0, "2026-3", "write 2026-03"),
    (Register.OUTSIDE_CASES, 1, "-1", "cases: '-1' is no number"),
    (Register.OUTSIDE_CASES, 1, "４０", "is no number"),
    (Register.OUTSIDE_CASES, 2, "", "source: name it"),
    (Register.POPULATION, 0, "3304", "12 digits"),
    (Register.POPULATION, 1, "26", "year: '26' is no year"),
    (Register.POPULATION, 2, "0", "0 people are no population"),
    (Register.INSPECTION_DUTY, 0, "4", "class: '4' is no class"),
    (Register.INSPECTION_DUTY, 1, "33", "grid: '33'"),
    (Register.INSPECTION_DUTY, 3, "2026-01-01", "lies after `from`"),
    (Register.INSPECTION_DUTY, 3, "2046-01-01", "10 years at most"),
]


def sheet(register: Register, *rows: tuple[str, ...], header: tuple[str, ...] | None = None) -> list[SheetRow]:
    """Return rows as a file has them."""
    head = header or tuple(COLUMNS[register])
    return [SheetRow(1, head), SheetRow(2, ()), *(SheetRow(number, row) for number, row in enumerate(rows, 3))]


@pytest.mark.parametrize("register", Register)
def test_a_table_is_read_with_english_or_chinese_columns(register: Register) -> None:
    english = written_rows(register, sheet(register, GOOD[register]), CHINA)
    chinese = written_rows(register, sheet(register, GOOD[register], header=tuple(COLUMNS[register].values())), CHINA)
    assert english == chinese
    assert (len(english), english[0].row) == (1, 3)


@pytest.mark.parametrize(("register", "place", "cell", "said"), BAD)
def test_what_is_wrong_is_told_with_its_row(register: Register, place: int, cell: str, said: str) -> None:
    wrong = list(GOOD[register])
    wrong[place] = cell
    with pytest.raises(EntryRefused) as refused:
        written_rows(register, sheet(register, GOOD[register], tuple(wrong)), CHINA)
    assert str(refused.value).startswith("row 4, ")
    assert said in str(refused.value)
    assert refused.value.say(Language.CHINESE).startswith("第 4 行，")
    assert said not in refused.value.say(Language.CHINESE)


def test_tables_without_columns_rows_or_with_doubles_are_refused() -> None:
    for rows, said in (
        (sheet(Register.ROSTER, header=("seat", "person")), "names the columns"),
        ([], "names the columns"),
        (sheet(Register.ROSTER), "no row below"),
        (sheet(Register.ROSTER, GOOD[Register.ROSTER], GOOD[Register.ROSTER]), "row 4: the same as row 3"),
    ):
        with pytest.raises(EntryRefused, match=said):
            written_rows(Register.ROSTER, rows, CHINA)
    with pytest.raises(EntryRefused, match="names seat, person"):
        written_of(Register.ROSTER, {"seat": "1"}, CHINA)


def test_months_and_years_are_those_of_the_city() -> None:
    month = written_of(Register.OUTSIDE_CASES, {"month": "2026-02", "cases": "40", "source": "月报"}, CHINA)
    assert (month.starts_at, month.ends_at) == (
        datetime(2026, 1, 31, 16, tzinfo=UTC),
        datetime(2026, 2, 28, 16, tzinfo=UTC),
    )


def shift(seat: str, person: str, start: int, end: int) -> Written:
    """Return a shift of hours of one day."""
    times = (datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (start, end))
    return Written(Register.ROSTER, seat, person, *times)


def test_a_seat_and_a_person_are_in_one_place_at_a_time() -> None:
    assert overlap_of([shift("1", "wang", 0, 8), shift("1", "li", 8, 16), shift("2", "zhao", 0, 8)]) is None
    assert overlap_of([shift("1", "wang", 0, 8), shift("1", "li", 7, 16)]) is not None
    assert overlap_of([shift("1", "wang", 0, 8), shift("2", "wang", 7, 16)]) is not None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 22), st.integers(1, 3)), max_size=8))
def test_overlaps_are_those_that_each_pair_shows(shifts: list[tuple[int, int, int]]) -> None:
    made = [shift(str(seat), f"p{number}", at, min(23, at + hours)) for number, (seat, at, hours) in enumerate(shifts)]
    pairs = [
        (one, other)
        for number, one in enumerate(made)
        for other in made[number + 1 :]
        if one.subject == other.subject and max(one.starts_at, other.starts_at) < min(one.ends_at, other.ends_at)
    ]
    assert (overlap_of(made) is not None) == bool(pairs)


def test_the_last_version_stands_and_a_withdrawn_one_does_not() -> None:
    now, first, later = datetime(2026, 4, 1, tzinfo=UTC), shift("1", "wang", 0, 8), shift("1", "wang", 0, 6)
    assert standing([Entry(first, "li", now), Entry(later, "li", now)]) == [later]
    assert standing([Entry(first, "li", now), Entry(first, "li", now, is_withdrawn=True)]) == []


@pytest.mark.parametrize("register", list(Register))
def test_every_register_is_read_and_told_wherever_people_look(register: Register) -> None:
    columns = COLUMNS[register]
    assert written_of(register, dict(zip(columns, GOOD[register], strict=True)), CHINA).register is register
    helped = " ".join((import_entries.__doc__ or "").split())
    assert f"{register}: {', '.join(columns)}" in helped
    (line,) = [one for one in DOCUMENTED.splitlines() if one.startswith(f"| `{register}` |")]
    assert all(f"{name} {title}" in line for name, title in columns.items())
    assert f"`{register}`" in GLOSSARY
