"""Cases are found by their texts and facts, and the same ones on every database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.core.case_machine import CaseAction, CaseState, CaseStatus
from central.core.cases.casefile import Case, CaseStep
from central.core.cases.leases import Lease
from central.core.cases.search import CASE_TERMS_MAX, QUERY_CHARS_MAX, query, terms
from central.core.places import Bounds
from central.core.values import CaseSource
from central.stores.ports import BadCursor, CaseFilter, PageRequest, Stores
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR
from tests.support.searching import HOSTILE, finds
from tests.support.speaking_box import later
from tests.support.store_contents import change, crashing

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.sampled_from(
    ["垃圾", "暴露", "流动", "摊贩", "堆", "甘E12345", "Rubbish", "5号", "门前", "-", "'", '"', "、"]
)
TEXTS = st.lists(WORDS, max_size=6).map("".join)
EDGES = [datetime(year, month, 1, tzinfo=UTC) for year in (2025, 2026) for month in (1, 2, 3, 12)]
ZONE = timezone(timedelta(hours=8))
MOMENTS = st.one_of(
    st.builds(lambda edge, us: edge + timedelta(microseconds=us), st.sampled_from(EDGES), st.integers(-1, 1)),
    st.integers(0, 1100 * 24).map(lambda hours: datetime(2024, 1, 1, tzinfo=ZONE) + timedelta(hours=hours)),
)


def case(number: int, **more: object) -> Case:
    """Return a case of minute `number`."""
    at = later(number * 60)
    told: dict[str, object] = {
        "state": CaseState(CaseStatus.CANDIDATE),
        "source": CaseSource.DETECTOR,
        "reporter": "举报人王某",
        "opened_at": at,
        "updated_at": at,
        "first_seen_at": at,
        "last_seen_at": at,
    }
    return Case(f"case-{number:04}", f"N{number}", **{**told, **more})  # type: ignore[arg-type]


def keep(stores: Stores, *cases: Case) -> None:
    """Save new cases."""
    with stores.writing() as unit:
        unit.cases.save(cases, [], [])


def note(stores: Stores, number: int, *texts: str) -> None:
    """Append lines with notes to a case."""
    lines = [
        CaseStep(f"case-{number:04}", later(0), CaseAction.URGE, OPERATOR, None, CaseStatus.CANDIDATE, note=one)
        for one in texts
    ]
    with stores.writing() as unit:
        unit.history.append(lines)


def found(stores: Stores, limit: int = 500, **wanted: object) -> list[int]:
    """Return the numbers of the cases that a filter finds, in the order given; a count must agree."""
    wish = CaseFilter(**wanted)  # type: ignore[arg-type]
    numbers: list[int] = []
    cursor = None
    with stores.reading() as unit:
        while True:
            page = unit.cases.find(wish, PageRequest(limit, cursor))
            numbers += [int(one.id.removeprefix("case-")) for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert unit.cases.count(wish, 1000) == len(numbers)
    return numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("垃圾", [3, 1]),
        ("暴露垃圾", [3, 1]),
        ("流动摊贩", [2]),
        ("甘E12345", [2]),
        ("甘e12345 流动", [2]),
        ("贩", [2]),
        ("圾", [3, 1]),
        ("露", [3, 1]),
        ("exposed rubbish", [3]),
        ("N1", [1]),
        ("五号垃圾", [1]),
        ("垃圾五号", []),
        ("王某", []),
        ("甘E1234", []),
        ("", []),
        ("!?", []),
    ],
)
def test_the_words_of_the_street_are_found(text: str, numbers: list[int], stores: Stores) -> None:
    keep(
        stores,
        case(1, place="东大街五号", description="五号垃圾站旁有暴露垃圾"),
        case(2, description="流动摊贩，车牌甘E12345"),
        case(3, scene="exposed_rubbish", label="static"),
    )
    assert found(stores, text=text) == numbers


@FEW
@given(documents=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=8), asked=st.lists(TEXTS, max_size=6))
def test_databases_find_what_the_pure_formula_says(
    documents: Sequence[tuple[str, str, str]], asked: Sequence[str], stores: Stores
) -> None:
    change(stores, "DELETE FROM case_terms", "DELETE FROM case_steps", "DELETE FROM cases")
    keep(stores, *(case(number, place=place, description=said) for number, (place, said, _) in enumerate(documents)))
    for number, (_, _, noted) in enumerate(documents):
        note(stores, number, noted)
    held = [{*terms(place), *terms(said), *terms(noted), f"n{at}"} for at, (place, said, noted) in enumerate(documents)]
    for text in (*asked, *(noted for *_, noted in documents)):
        expected = [number for number, kept in enumerate(held) if finds(query(text), kept)]
        assert found(stores, limit=3, text=text) == expected[::-1], text


@pytest.mark.parametrize("text", [*HOSTILE, "垃圾" * QUERY_CHARS_MAX, "x" * 10_000_000])
def test_hostile_texts_are_kept_and_asked_for_as_words(text: str, stores: Stores) -> None:
    description = text[:1000].replace("\x00", "")
    keep(stores, case(1, description=description), case(2, description="流动"))
    expected = [1] if finds(query(text), terms(description)) else []
    assert found(stores, text=text) == expected


def test_notes_are_found_with_the_case_and_reporters_are_not(stores: Stores) -> None:
    staff = Staff(stores)
    opened = staff.report(description="占道")
    staff.act(opened.case.id, CaseAction.ACCEPT, note="已电话联系物业")
    staff.act(opened.case.id, CaseAction.REGISTER, note="夜市")
    with stores.reading() as unit:
        for text, count in {"物业": 1, "占道 夜市 联系": 1, "caller": 0, "东大街": 1, "学校": 0}.items():
            assert unit.cases.count(CaseFilter(text=text), 9) == count, text


def test_a_case_is_found_exactly_when_its_line_is_written(stores: Stores) -> None:
    keep(stores, case(1))
    with crashing(stores, "UPDATE", "cases"), pytest.raises(Exception, match="injected"):
        note(stores, 1, "物业")
    assert found(stores, text="物业") == []
    note(stores, 1, "物业")
    assert found(stores, text="物业") == [1]


def test_a_case_that_is_deleted_is_found_no_more(stores: Stores) -> None:
    keep(stores, case(1, place="东大街"), case(2, place="东大街"))
    with stores.writing() as unit:
        unit.cases._connection.exec_driver_sql("DELETE FROM cases WHERE id = 'case-0001'")  # type: ignore[attr-defined]
    assert found(stores, text="东大街") == [2]


def test_the_terms_of_a_case_are_bounded(stores: Stores) -> None:
    keep(stores, case(1))
    for start in range(0, CASE_TERMS_MAX + 1000, 3000):
        note(stores, 1, " ".join(f"{number:031}𠀀" for number in range(start, start + 3000)))
    assert found(stores, text=f"{5:031}") == [1]
    assert found(stores, text=f"{CASE_TERMS_MAX + 900:031}") == []


SEVERAL = frozenset({CaseStatus.CLOSED, CaseStatus.ACCEPTED})


def mixed(number: int) -> Case:
    """Return a case whose facts are those of its number."""
    status = (CaseStatus.CANDIDATE, CaseStatus.ACCEPTED, CaseStatus.CLOSED)[number % 3]
    return case(
        number,
        state=CaseState(status, unit=f"u{number % 2}", due_at=later(number * 60) if number % 4 else None),
        box=f"b{number % 2}",
        camera=f"b{number % 2}.cam-{number % 5}",
        scene=("stay", "exposed_rubbish")[number % 2],
        description="垃圾" if number % 4 else "摊贩",
        updated_at=later(number * 60 + 30),
    )


@pytest.mark.parametrize(
    ("wanted", "meets"),
    [
        ({}, lambda _: True),
        ({"status": CaseStatus.CLOSED}, lambda n: n % 3 == 2),
        ({"status": SEVERAL}, lambda n: n % 3),
        ({"status": frozenset({CaseStatus.CLOSED})}, lambda n: n % 3 == 2),
        ({"status": frozenset()}, lambda _: True),
        ({"status": SEVERAL, "unit": "u1"}, lambda n: n % 3 and n % 2),
        ({"box": "b1", "scene": "exposed_rubbish"}, lambda n: n % 2),
        ({"camera": "b1.cam-3"}, lambda n: n % 2 and n % 5 == 3),
        ({"opened_after": later(600)}, lambda n: n > 10),
        ({"opened_before": later(600)}, lambda n: n < 10),
        ({"opened_after": later(599), "opened_before": later(601)}, lambda n: n == 10),
        ({"updated_after": later(630)}, lambda n: n > 10),
        ({"updated_before": later(630)}, lambda n: n < 10),
        ({"due_before": later(600)}, lambda n: n % 4 and n < 10),
        ({"text": "垃圾"}, lambda n: n % 4),
        ({"text": "垃", "status": SEVERAL}, lambda n: n % 4 and n % 3),
        ({"text": "垃", "status": CaseStatus.CLOSED, "unit": "u0"}, lambda n: n % 4 and n % 3 == 2 and not n % 2),
        ({"text": "摊贩", "opened_after": later(480)}, lambda n: not n % 4 and n > 8),
        ({"text": "摊贩", "source": CaseSource.HOTLINE}, lambda _: False),
    ],
)
@pytest.mark.parametrize("limit", [1, 7, 500])
def test_a_filter_finds_what_it_says_newest_first(
    wanted: dict[str, object], meets: object, limit: int, stores: Stores
) -> None:
    numbers = range(30)
    keep(stores, *map(mixed, numbers))
    assert found(stores, limit, **wanted) == [number for number in reversed(numbers) if meets(number)]  # type: ignore[operator]


@FEW
@given(
    opened=st.lists(MOMENTS, max_size=12),
    asked=st.lists(st.tuples(st.none() | MOMENTS, st.none() | MOMENTS), min_size=1, max_size=6),
    more=st.sampled_from([{}, {"status": SEVERAL}, {"text": "垃圾"}, {"unit": "u1", "status": CaseStatus.CLOSED}]),
)
def test_cases_of_a_time_are_found_in_whatever_order_they_were_opened(
    opened: list[datetime],
    asked: list[tuple[datetime | None, datetime | None]],
    more: dict[str, object],
    stores: Stores,
) -> None:
    change(stores, "DELETE FROM case_terms", "DELETE FROM cases")
    keep(stores, *(replace(mixed(number), opened_at=at) for number, at in enumerate(opened)))
    matching = found(stores, **more)
    for after, before in asked:
        times = {name: at for name, at in (("opened_after", after), ("opened_before", before)) if at is not None}
        assert found(stores, 3, **times, **more) == [
            number
            for number in matching
            if (after is None or opened[number] > after) and (before is None or opened[number] < before)
        ]


@pytest.mark.parametrize("wanted", [CaseFilter(), CaseFilter(status=SEVERAL), CaseFilter(text="垃圾")])
def test_pages_stay_as_they_are_while_cases_arrive(wanted: CaseFilter, stores: Stores) -> None:
    keep(stores, *map(mixed, range(30)))
    with stores.reading() as unit:
        everything = unit.cases.find(wanted, PageRequest(500)).items
    cursor, seen = None, []
    for step in range(40):
        with stores.reading() as unit:
            page = unit.cases.find(wanted, PageRequest(4, cursor))
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
        keep(stores, *(mixed(100 + step * 3 + more) for more in range(3)))
    assert seen == list(everything)


@pytest.mark.parametrize("wanted", [CaseFilter(), CaseFilter(status=SEVERAL), CaseFilter(text="垃圾")])
@pytest.mark.parametrize("cursor", ["", "!", "bm90IGEgbnVtYmVy", "\x00", "垃圾"])
def test_a_cursor_of_somewhere_else_is_refused(wanted: CaseFilter, cursor: str, stores: Stores) -> None:
    with stores.reading() as unit, pytest.raises(BadCursor):
        unit.cases.find(wanted, PageRequest(4, cursor))


def test_a_count_ends_at_its_limit(stores: Stores) -> None:
    keep(stores, *map(mixed, range(9)))
    with stores.reading() as unit:
        assert unit.cases.count(CaseFilter(), 5) == 5
        assert unit.cases.count(CaseFilter(opened_before=later(0) - timedelta(days=1)), 5) == 0


WHERE = [(34.700, 105.300), (34.705, 105.305), (34.715, 105.305), (34.800, 105.500), (None, None)]


@pytest.fixture
def placed(stores: Stores) -> Stores:
    """Return stores with five cases, all but the last of a place; 2 and 3 are dispatched, 1 and 3 lie in a grid."""
    sent = CaseState(CaseStatus.DISPATCHED, unit="sanitation")
    keep(
        stores,
        *(
            case(
                number,
                latitude=latitude,
                longitude=longitude,
                grid="62052300100101" if number in {1, 3} else "",
                **({"state": sent} if number in {2, 3} else {}),
            )
            for number, (latitude, longitude) in enumerate(WHERE)
        ),
    )
    with stores.writing() as unit:
        unit.leases.put(Lease("case-0000", "wang", later(0), later(90)))
        unit.leases.put(Lease("case-0002", "wang", later(0), later(90)))
        unit.leases.put(Lease("case-0001", "wang", later(0), later(10)))
    return stores


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"bounds": Bounds(105.29, 34.69, 105.31, 34.71)}, [1, 0]),
        ({"bounds": Bounds(105.305, 34.705, 105.305, 34.715)}, [2, 1]),
        ({"bounds": Bounds(-180, -90, 180, 90)}, [3, 2, 1, 0]),
        ({"bounds": Bounds(105.31, 34.72, 105.4, 34.75)}, []),
        ({"bounds": Bounds(105.29, 34.69, 105.6, 34.9), "status": CaseStatus.DISPATCHED}, [3, 2]),
        ({"bounds": Bounds(105.29, 34.69, 105.31, 34.72), "status": frozenset(CaseStatus)}, [2, 1, 0]),
        (
            {
                "bounds": Bounds(105.30, 34.70, 105.33, 34.72),
                "status": frozenset({CaseStatus.DISPATCHED, CaseStatus.CLOSED}),
            },
            [2],
        ),
        ({"bounds": Bounds(105.29, 34.69, 105.31, 34.71), "text": "N1"}, [1]),
        ({"grid": "62052300100101"}, [3, 1]),
        ({"grid": "62052300100101", "bounds": Bounds(105.29, 34.69, 105.31, 34.71)}, [1]),
        ({"assignee": ("sanitation", later(20))}, [3, 2]),
        ({"assignee": ("wang", later(20))}, [2, 0]),
        ({"assignee": ("wang", later(95))}, []),
        ({"assignee": ("wang", later(20)), "status": CaseStatus.CANDIDATE}, [0]),
        ({"assignee": ("wang", later(20)), "text": "N2"}, [2]),
    ],
)
def test_cases_are_found_by_place_and_by_who_has_them(
    wanted: dict[str, object], numbers: list[int], placed: Stores
) -> None:
    assert found(placed, **wanted) == numbers


def test_a_unit_and_a_person_of_one_name_find_a_case_once(placed: Stores) -> None:
    with placed.writing() as unit:
        unit.leases.put(Lease("case-0003", "sanitation", later(0), later(90)))
    assert found(placed, assignee=("sanitation", later(20))) == [3, 2]


def test_pages_of_a_place_go_on_behind_their_cursor(placed: Stores) -> None:
    wanted, cursor, pages = CaseFilter(bounds=Bounds(105.29, 34.69, 105.31, 34.72)), None, []
    while True:
        with placed.reading() as unit:
            page = unit.cases.find(wanted, PageRequest(1, cursor))
        pages.append([one.number for one in page.items])
        cursor = page.next
        if cursor is None:
            break
    assert pages == [["N2"], ["N1"], ["N0"]]
