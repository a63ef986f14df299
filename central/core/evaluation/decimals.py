"""Numbers as an evaluation takes and prints them: exact decimals, rounded half up to two places."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from protocol.texts import Language, Words

NUMBER_MAX = Decimal("1e15")
CENT = Decimal("0.01")
HUNDRED = Decimal(100)


NO_NUMBER = Words(zh="应为数字", en="should be a number")
TOO_LARGE = Words(zh="数字过大；应小于 {most}", en="should be a number below {most}")
NEGATIVE = Words(zh="不能小于 0，也不写 -0", en="should be 0 or more, without a minus sign")


class Wrong(ValueError):
    """A value of the file that cannot be, said in both languages."""

    def __init__(self, words: Words, **values: object) -> None:
        super().__init__(words.say(Language.ENGLISH, **values))
        self._words, self._values = words, values

    def say(self, language: Language) -> str:
        """What would be right."""
        return self._words.say(language, **self._values)


def rounded(value: Decimal) -> Decimal:
    """The value to two places, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def shown(value: Decimal) -> str:
    """The value without needless zeros: `94`, `29.72`, `0.9985`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: Any) -> Any:  # noqa: ANN401 - a file holds anything until validated
    """A number of a file as the decimal that stands there; `Wrong` for what is no usable number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise Wrong(NO_NUMBER)
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= NUMBER_MAX:
        raise Wrong(TOO_LARGE, most=NUMBER_MAX)
    return number


def not_negative(value: Any) -> Any:  # noqa: ANN401
    """Like `exact`, from 0 on."""
    number = exact(value)
    if number.is_signed():
        raise Wrong(NEGATIVE)
    return number


Number = Annotated[Decimal, BeforeValidator(exact)]
Amount = Annotated[Decimal, BeforeValidator(not_negative)]
