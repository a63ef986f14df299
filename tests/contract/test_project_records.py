"""Records of the project are added and never changed, on both databases."""

from datetime import date
from decimal import Decimal

import pytest

from central.core.project_records import RecordKind, Revision
from central.stores.ports import BadCursor, PageRequest, RecordFilter, StoreRejected, Stores
from tests.support.project_records import (
    ACCEPTANCE,
    CONTRACT,
    DEVICE,
    LINE,
    PAYMENT,
    PROJECT,
    changed,
    first,
    keep_records,
    withdrawn,
)
from tests.support.store_contents import rows

PAYMENTS = RecordFilter(RecordKind.PAYMENTS)
ALL = PageRequest(500)


def add(stores: Stores, *revisions: Revision) -> None:
    with stores.writing() as unit:
        unit.project_records.hold()
        unit.project_records.add(revisions)


def paid(number: int, day: date) -> Revision:
    return first(PAYMENT.model_copy(update={"id": f"p{number}", "paid": day}))


def test_every_kind_comes_back_as_it_was_entered(stores: Stores) -> None:
    entered = [first(one) for one in PROJECT]
    add(stores, *entered)
    with stores.reading() as unit:
        assert unit.project_records.standing() == entered
        for one in entered:
            assert unit.project_records.newest(one.kind, [one.id, "other"]) == {one.id: one}
            assert unit.project_records.revisions(one.kind, one.id) == [one]
            assert unit.project_records.page(RecordFilter(one.kind), ALL).items == (one,)


def test_money_keeps_every_cent(stores: Stores) -> None:
    most = PAYMENT.model_copy(update={"amount_cny": Decimal("999999999999999.99")})
    add(stores, first(most))
    with stores.reading() as unit:
        (kept,) = unit.project_records.standing(RecordKind.PAYMENTS)
    assert kept.record == most


def test_a_correction_is_a_further_row(stores: Stores) -> None:
    payment = first(PAYMENT)
    right = changed(payment, PAYMENT.model_copy(update={"paid": date(2025, 12, 31)}), "日期录错")
    add(stores, payment)
    add(stores, right)
    with stores.reading() as unit:
        assert unit.project_records.revisions(RecordKind.PAYMENTS, "p1") == [payment, right]
        assert unit.project_records.newest(RecordKind.PAYMENTS, ["p1"]) == {"p1": right}
        assert unit.project_records.standing() == [right]
        assert unit.project_records.page(RecordFilter(RecordKind.PAYMENTS, year=2026), ALL).items == ()
        assert unit.project_records.page(RecordFilter(RecordKind.PAYMENTS, year=2025), ALL).items == (right,)
    assert len(rows(stores, "project_records")) == 2


def test_what_was_withdrawn_stays_to_be_read(stores: Stores) -> None:
    payment = first(PAYMENT)
    gone = withdrawn(payment, "重复录入")
    add(stores, payment, gone)
    with stores.reading() as unit:
        assert unit.project_records.standing(RecordKind.PAYMENTS) == []
        assert unit.project_records.newest(RecordKind.PAYMENTS, ["p1"]) == {"p1": gone}
        assert unit.project_records.page(PAYMENTS, ALL).items == ()
        with_gone = RecordFilter(RecordKind.PAYMENTS, with_withdrawn=True)
        assert unit.project_records.page(with_gone, ALL).items == (gone,)


def test_a_number_stands_once_and_nothing_of_a_refused_addition_is_kept(stores: Stores) -> None:
    add(stores, first(PAYMENT))
    with pytest.raises(StoreRejected):
        add(stores, first(LINE), first(PAYMENT))
    with stores.reading() as unit:
        assert [one.kind for one in unit.project_records.standing()] == [RecordKind.PAYMENTS]


def test_kinds_have_ids_of_their_own(stores: Stores) -> None:
    line = LINE.model_copy(update={"id": "c1"})
    add(stores, first(line), first(CONTRACT))
    with stores.reading() as unit:
        assert unit.project_records.newest(RecordKind.BUDGET_LINES, ["c1"])["c1"].record == line
        assert [one.record for one in unit.project_records.standing(RecordKind.CONTRACTS)] == [CONTRACT]


def test_lists_are_paged_last_entered_first(stores: Stores) -> None:
    payments = [paid(number, date(2026, 1, number)) for number in range(1, 6)]
    add(stores, first(ACCEPTANCE), *payments, first(DEVICE))
    seen, request = [], PageRequest(2)
    with stores.reading() as unit:
        while True:
            page = unit.project_records.page(PAYMENTS, request)
            seen += page.items
            if page.next is None:
                break
            request = PageRequest(2, page.next)
        with pytest.raises(BadCursor):
            unit.project_records.page(PAYMENTS, PageRequest(2, "?"))
    assert seen == payments[::-1]


def test_the_states_of_a_record_come_in_parts(stores: Stores) -> None:
    keep_records(stores)
    with stores.reading() as unit:
        records = unit.project_records
        both = tuple(records.revisions(RecordKind.PAYMENTS, "p1"))
        first_part = records.history(RecordKind.PAYMENTS, "p1", PageRequest(1))
        rest = records.history(RecordKind.PAYMENTS, "p1", PageRequest(1, first_part.next))
        assert (first_part.items + rest.items, rest.next) == (both, None)
        assert records.history(RecordKind.PAYMENTS, "p9", PageRequest(1)).items == ()
