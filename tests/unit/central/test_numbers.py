"""Numbers as people write them."""

from decimal import Decimal

import pytest

from central.core.numbers import written_number


@pytest.mark.parametrize(("text", "value"), [("0", "0"), ("12.50", "12.50"), ("-3", "-3"), ("0.00", "0.00")])
def test_plain_digits_are_a_number(text: str, value: str) -> None:
    assert written_number(text) == Decimal(value)


TEXTS = ["", "１２３", "-0", "-0.00", "1e3", "1_000", " 1", "1,000", "٣", "+1", ".5", "NaN", "9" * 16]


@pytest.mark.parametrize("text", TEXTS)
def test_anything_else_is_none(text: str) -> None:
    assert written_number(text) is None
