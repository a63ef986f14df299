"""Numbers as people write them: one rule for money, counts and targets."""

import re
from decimal import ROUND_HALF_UP, Decimal

_WRITTEN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")


def written_number(text: str) -> Decimal | None:
    """Digits 0 to 9, perhaps with a point, and a minus sign unless it is 0; None for anything else.

    Full-width digits, exponents, blanks and `-0` are no numbers: whoever typed them may have meant another one.
    """
    if not _WRITTEN.fullmatch(text):
        return None
    number = Decimal(text)
    return number if number or not number.is_signed() else None


def rounded_beside(value: Decimal, other: Decimal, places: int) -> Decimal:
    """The value to `places`, half up, where it stands beside another: to as many more as keep it on its own side of it.

    So a value just below its target is never written like the target, which it misses.
    """
    while value != other:
        found = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if found.compare(other) == value.compare(other):
            return found
        places += 1
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
