"""What may be entered into the books of a project, what hangs together, what a year takes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from central.core.evaluation.records import Acceptance, Contract, ContractItem, Interview, Records, Round
from central.core.evaluation.remarks.record_hints import contradictions, over_runs, unknown_devices, unsure_surveys
from central.core.project_records import ProjectRecord, RecordKind, kind_of
from central.core.project_records.chain import devices_of, links, trace
from central.core.project_records.judging import Judged, Key, judge, named, needed_by
from central.core.project_records.ledger import of_year, together
from central.core.project_records.revisions import Revision
from protocol.texts import Language
from tests.support.project_records import (
    ACCEPTANCE,
    CONTRACT,
    DEVICE,
    INTERVIEW,
    LINE,
    MILESTONE,
    PAYMENT,
    PROJECT,
    SURVEY,
    first,
    withdrawn,
)

TODAY = date(2027, 1, 2)
KEPT: dict[Key, Revision] = {(kind_of(one), one.id or ""): first(one) for one in PROJECT}
BOOKS = together(PROJECT)


def but(record: ProjectRecord, **changes: object) -> ProjectRecord:
    return record.model_copy(update=changes)


def told(found: Judged) -> list[tuple[int, str, str]]:
    return [(one.at, ".".join(map(str, one.loc)), one.say(Language.ENGLISH)) for one in found.faults]


def test_a_project_is_entered_in_any_order_of_its_rows() -> None:
    assert judge(PROJECT[::-1], {}, TODAY) == Judged(new=tuple(range(len(PROJECT))))


def test_the_same_again_is_no_change() -> None:
    assert judge(PROJECT, KEPT, TODAY) == Judged(same=tuple(range(len(PROJECT))))


@pytest.mark.parametrize(
    ("record", "place", "words"),
    [
        (but(PAYMENT, id="p2", contract="c9"), "contract", "there is no c9; there are: c1"),
        (but(ACCEPTANCE, id="a2", item="camera"), "item", "there is no camera; there are: cameras"),
        (but(DEVICE, id="d2", item="x"), "item", "there is no x; there are: box"),
        (but(CONTRACT, id="c2", budget_line="bulid", items=[]), "budget_line", "there is no bulid; there are: build"),
        (but(LINE, id="l2", year=None), "year", "`year` is missing"),
        (but(CONTRACT, id="c2", signed=None, items=[]), "year", "`year` is missing"),
        (but(PAYMENT, id="p2", paid=date(2027, 1, 3)), "paid", "2027-01-03 has not come yet (today is 2027-01-02)"),
        (but(PAYMENT, id="p2", paid=date(1999, 12, 31)), "paid", "1999-12-31 is not within the years 2000 to 2200"),
        (but(MILESTONE, id="m2", due=date(2300, 1, 1), done=None), "due", "2300-01-01 is not within"),
        (but(MILESTONE, id="m2", done=date(2028, 1, 1)), "done", "2028-01-01 has not come yet"),
        (but(CONTRACT, id="c2"), "items.0.id", "the item id cameras is used in the contract c1"),
        (but(PAYMENT, amount_cny=Decimal(1)), "id", "p1 is there with other content (wang, 2026-03-02)"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(record: ProjectRecord, place: str, words: str) -> None:
    found = told(judge([record], KEPT, TODAY))
    assert [one[:2] for one in found][:1] == [(0, place)]
    assert found[0][2].startswith(words)


def test_an_id_stands_once_in_a_batch() -> None:
    assert told(judge([PAYMENT, PAYMENT], KEPT, TODAY)) == [
        (1, "id", "the id p1 stands twice here; give each record its own")
    ]


def test_a_milestone_may_lie_ahead_and_today_has_come() -> None:
    ahead = but(MILESTONE, id="m2", due=date(2030, 1, 1), done=None)
    assert judge([ahead, but(PAYMENT, id="p2", paid=TODAY)], KEPT, TODAY).faults == ()


def test_a_correction_keeps_what_others_name() -> None:
    without = but(CONTRACT, items=[ContractItem(id="box", name="边缘盒", quantity=1)])
    assert told(judge([without], KEPT, TODAY, may_correct=True))[0][1:] == (
        "items",
        "the item cameras is named by acceptances/a1; withdraw these first",
    )
    assert judge([but(PAYMENT, amount_cny=Decimal(1))], KEPT, TODAY, may_correct=True).corrected == (0,)


def test_what_was_withdrawn_does_not_come_back_by_itself() -> None:
    kept = KEPT | {(RecordKind.PAYMENTS, "p1"): withdrawn(first(PAYMENT), "twice")}
    assert told(judge([PAYMENT], kept, TODAY))[0][2].startswith("p1 was withdrawn (twice)")
    assert judge([PAYMENT], kept, TODAY, may_correct=True).corrected == (0,)
    gone = KEPT | {(RecordKind.CONTRACTS, "c1"): withdrawn(first(CONTRACT), "wrong")}
    assert told(judge([but(PAYMENT, id="p2")], gone, TODAY))[0][2] == "there is no c1; there are: -"


def test_what_others_name_cannot_be_withdrawn() -> None:
    assert needed_by(BOOKS, RecordKind.BUDGET_LINES, "build") == ["contracts/c1"]
    assert needed_by(BOOKS, RecordKind.CONTRACTS, "c1") == ["payments/p1", "acceptances/a1", "devices/d1"]
    assert needed_by(BOOKS, RecordKind.PAYMENTS, "p1") == []


def test_an_interview_gets_an_id_of_what_it_says() -> None:
    nameless = but(INTERVIEW, id=None)
    assert named(nameless) == named(but(nameless)) != named(but(nameless, said="其他"))
    assert Interview.model_validate(named(nameless).model_dump()).id is not None


def ids(records: Records) -> dict[str, list[str]]:
    found = {kind.value: [one.id for one in getattr(records, kind.value)] for kind in RecordKind}
    return {kind: names for kind, names in found.items() if names}


OTHER_LINE = but(LINE, id="run")
OTHER = Contract(
    id="c2",
    name="运维",
    budget_line="run",
    amount_cny=Decimal(5),
    signed=date(2026, 3, 1),
    items=[ContractItem(id="care", name="运维", quantity=1)],
)
TWO = together((*PROJECT, OTHER_LINE, OTHER, but(PAYMENT, id="p2", contract="c2"), but(DEVICE, id="d2", item="box")))


@pytest.mark.parametrize(("kind", "name"), [("budget_lines", "build"), ("contracts", "c1"), ("payments", "p1")])
def test_the_chain_is_followed_from_above(kind: str, name: str) -> None:
    assert ids(trace(TWO, RecordKind(kind), name)) == {
        "budget_lines": ["build"],
        "contracts": ["c1"],
        "payments": ["p1"],
        "acceptances": ["a1"],
        "devices": ["d1", "d2"],
    }


def test_the_chain_is_followed_from_a_device_up_to_the_budget() -> None:
    (link,) = devices_of(together(PROJECT), "SN-1")
    found = trace(TWO, RecordKind.DEVICES, link)
    assert ids(found) == {
        "budget_lines": ["build"],
        "contracts": ["c1"],
        "payments": ["p1"],
        "acceptances": ["a1"],
        "devices": ["d1"],
    }
    assert ids(trace(TWO, RecordKind.ACCEPTANCES, "a1")) == ids(found)
    assert ids(trace(TWO, RecordKind.DEVICES, "d9")) == {}


def test_a_line_without_a_contract_has_its_row() -> None:
    rows = links(together((LINE, CONTRACT, OTHER_LINE)))
    assert [(one.line.id, one.contract and one.contract.id, one.item and one.item.id) for one in rows] == [
        ("build", "c1", "cameras"),
        ("build", "c1", "box"),
        ("run", None, None),
    ]


def test_a_year_takes_its_own_records_and_what_they_hang_on() -> None:
    later = but(PAYMENT, id="p2", paid=date(2027, 1, 1))
    books = together((*PROJECT, later, but(SURVEY, id="s0", round=Round.BASELINE, on=date(2024, 5, 1))))
    assert ids(of_year(books, 2026))["payments"] == ["p1"]
    assert ids(of_year(books, 2026))["surveys"] == ["s1", "s0"]
    assert ids(of_year(books, 2027)) == {
        "budget_lines": ["build"],
        "contracts": ["c1"],
        "payments": ["p2"],
        "acceptances": ["a1"],
        "devices": ["d1"],
        "surveys": ["s0"],
    }
    assert ids(of_year(books, 2025)) == {"surveys": ["s0"]}


def test_new_years_eve_and_new_year_are_two_years() -> None:
    edges = [but(PAYMENT, id=f"p{day.year}", paid=day) for day in (date(2025, 12, 31), date(2026, 1, 1))]
    books = together((LINE, CONTRACT, *edges))
    assert [ids(of_year(books, year))["payments"] for year in (2025, 2026)] == [["p2025"], ["p2026"]]


def flags(*more: ProjectRecord) -> Sequence[str]:
    books = together((*PROJECT, *more))
    found = (*over_runs(books), *contradictions(books), *unknown_devices(books, {"b1.cam-1"}), *unsure_surveys(books))
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("more", "flag"),
    [
        (but(PAYMENT, id="p2", amount_cny=Decimal(200000)), "payments_over_contract"),
        (but(OTHER, budget_line="build", amount_cny=Decimal(9000)), "contracts_over_budget_line"),
        (but(ACCEPTANCE, id="a2", passed=False), "accepted_twice"),
        (but(DEVICE, id="d2", item="box"), "device_twice"),
        (but(DEVICE, id="d2", device="b1.cam-2", serial=None), "device_unknown"),
        (but(PAYMENT, id="p2", paid=date(2026, 1, 1), amount_cny=Decimal(1)), "before_signed"),
        (but(SURVEY, id="s2", strata=[SURVEY.strata[0].model_copy(update={"answered": 3, "satisfied": 3})]),
         "not_significant"),
    ],
)  # fmt: skip
def test_what_contradicts_is_kept_and_flagged(more: ProjectRecord, flag: str) -> None:
    assert flags() == []
    assert judge([more], KEPT, TODAY).faults == ()
    assert flag in flags(more)


def test_more_devices_than_were_bought_are_flagged() -> None:
    devices = [but(DEVICE, id=f"e{number}", item="box", device=None, serial=f"E{number}") for number in range(2)]
    assert flags(*devices) == ["more_devices_than_bought"]
    assert isinstance(ACCEPTANCE, Acceptance)
