"""Numbers as people write them: one rule for money, counts and targets."""

import re
from decimal import Decimal

_WRITTEN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")


def written_number(text: str) -> Decimal | None:
    """Digits 0 to 9, perhaps with a point, and a minus sign unless it is 0; None for anything else.

    Full-width digits, exponents, blanks and `-0` are no numbers: whoever typed them may have meant another one.
    """
    if not _WRITTEN.fullmatch(text):
        return None
    number = Decimal(text)
    return number if number or not number.is_signed() else None
