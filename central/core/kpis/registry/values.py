"""How the values of figures, and lengths of time beside them, are written: for commands, pages and documents alike."""

from decimal import Decimal

from central.core.kpis.registry.definitions import Unit
from central.core.kpis.registry.formulas import Duration, Formula, Measured
from central.core.numbers import rounded_beside
from protocol.texts import Language, Words

MINUS = "−"
NOISE_PLACES = 12
"""Behind so many places a difference is one of floating point alone."""
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
_NO_FIGURE = Words(zh="无数据", en="no figure")
HOURS = Words(zh="{hours} 小时", en="{hours} h")
_CASES = Words(zh="{count} 件", en="{count} cases")
MINUTES = Words(zh="{minutes} 分钟", en="{minutes} min")
_POINTS = Words(zh="{change} 个百分点", en="{change} points")
CNY = Words(zh="{amount} 元", en="CNY {amount}")
_SECONDS = Words(zh="{seconds} 秒", en="{seconds} s")
_WHOLE_MINUTES = Words(zh="{minutes} 分", en="{minutes} min")
_HOURS_MINUTES = Words(zh="{hours} 小时 {minutes} 分", en="{hours} h {minutes} min")
_DAYS_HOURS = Words(zh="{days} 天 {hours} 小时", en="{days} d {hours} h")


def value_text(value: float | None, unit: Unit | None, language: Language, beside: float | None = None) -> str:
    """The value of a figure in its unit, a duration in hours, or in minutes below one hour.

    `unit`: None where this release knows none. `beside`: a target that stands by it, from which it is told apart.
    """
    if value is None:
        return _NO_FIGURE.say(language)
    match unit:
        case Unit.RATIO:
            return share_text(value, beside)
        case Unit.SECONDS if 0 < abs(value) < HOUR_S:
            return MINUTES.say(language, minutes=_number(value, beside, 1, MINUTE_S))
        case Unit.SECONDS:
            return HOURS.say(language, hours=_number(value, beside, 2, HOUR_S))
        case Unit.MONEY:
            return CNY.say(language, amount=_number(value, beside, 2))
        case _:
            return _number(value, beside, 2)


def change_text(change: float, unit: Unit, language: Language) -> str:
    """A difference of two values with its sign; that of two shares in percentage points. Only none is told as 0."""
    change = round(change, NOISE_PLACES)
    sign = "+" if change > 0 else MINUS if change < 0 else "±"
    if unit is Unit.RATIO:
        return _POINTS.say(language, change=f"{sign}{rounded_beside(_exact(abs(change)) * 100, Decimal(0), 2)}")
    return f"{sign}{value_text(abs(change), unit, language, beside=0)}"


def share_text(share: float, beside: float | None = None) -> str:
    """A share of one in per cent, with two places, or as many as tell it apart from a target `beside` it."""
    if beside is None:
        return f"{share * 100:.2f}%"
    return f"{rounded_beside(_exact(share) * 100, _exact(beside) * 100, 2)}%"


def weight_text(weight: Decimal) -> str:
    """A part of a whole that people chose, in per cent, with as many places as it has."""
    return f"{(weight * 100).normalize():f}%"


def hours_text(seconds: float) -> str:
    """A sum of time in hours with one place, without the unit."""
    return f"{seconds / HOUR_S:,.1f}"


def length_text(seconds: float, language: Language) -> str:
    """How long one thing took or has lasted, in its two largest units."""
    whole = round(seconds)
    if whole < MINUTE_S:
        return _SECONDS.say(language, seconds=whole)
    minutes = round(seconds / MINUTE_S)
    if minutes * MINUTE_S < HOUR_S:
        return _WHOLE_MINUTES.say(language, minutes=minutes)
    if minutes * MINUTE_S < DAY_S:
        return _HOURS_MINUTES.say(language, hours=minutes // 60, minutes=minutes % 60)
    hours = round(seconds / HOUR_S)
    return _DAYS_HOURS.say(language, days=hours // 24, hours=hours % 24)


def sums_text(formula: Formula, hits: float, total: float, language: Language) -> str:
    """What was divided by what: numbers with thousands apart, times in hours; of a mean duration how many cases."""
    if isinstance(formula, Duration):
        return _CASES.say(language, count=f"{total:,}")
    in_s = (formula.hits_in_s, formula.total_in_s) if isinstance(formula, Measured) else (False, False)
    if all(in_s):
        return HOURS.say(language, hours=f"{hours_text(hits)} / {hours_text(total)}")
    sides = zip((hits, total), in_s, strict=True)
    return " / ".join(HOURS.say(language, hours=hours_text(one)) if is_s else f"{one:,}" for one, is_s in sides)


def _number(value: float, beside: float | None, places: int, unit_s: int = 1) -> str:
    if beside is None:
        return f"{value / unit_s:,.{places}f}"
    return f"{rounded_beside(_exact(value) / unit_s, _exact(beside) / unit_s, places):,f}"


def _exact(value: float) -> Decimal:
    """The number that is written for it."""
    return Decimal(str(value))
