"""What is typed into a form, as a wish."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from central.core.case_machine import CaseAction, Guard, TransferAnswer
from central.core.case_machine.machine import GIVEN
from central.services.cases.casework import REASON_LENGTH_MAX
from central.web.seat.forms import FIELD_OF, wish_of

CHINA = timezone(timedelta(hours=8))


def test_every_condition_that_a_person_can_meet_has_a_field() -> None:
    assert set(FIELD_OF) | {Guard.NOTE} == set(GIVEN)


def test_a_date_is_the_end_of_that_day_where_the_person_is() -> None:
    wish = wish_of(CaseAction.ASK_SUSPENSION, {"until": "2026-03-05", "reason": " 雨季 "}, CHINA)
    assert wish.until == datetime(2026, 3, 5, 15, 59, tzinfo=UTC)
    assert wish.reason == "雨季"


@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "99999-01-01"])
def test_what_is_no_date_is_told(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the calendar says
        wish_of(CaseAction.ASK_SUSPENSION, {"until": typed}, CHINA)


def test_what_was_not_typed_is_not_there_and_what_is_too_long_is_cut() -> None:
    assert wish_of(CaseAction.VERIFY, {"genuine": None, "children": None}, CHINA).genuine is None
    assert wish_of(CaseAction.VERIFY, {"genuine": False}, CHINA).genuine is False
    assert wish_of(CaseAction.SPLIT, {"children": 3.0}, CHINA).children == 3
    assert len(wish_of(CaseAction.FAIL, {"reason": "长" * 100}, CHINA).reason) == REASON_LENGTH_MAX


def test_a_transfer_and_its_receipt() -> None:
    assert wish_of(CaseAction.TRANSFER, {"partner": "police"}, CHINA).partner == "police"
    receipt = wish_of(CaseAction.RECEIPT, {"answer": "refused", "external_id": " GA-7 "}, CHINA)
    assert (receipt.answer, receipt.external_id) == (TransferAnswer.REFUSED, "GA-7")
    assert wish_of(CaseAction.RECEIPT, {}, CHINA).answer is None
