"""How the value of a figure is written."""

from central.core.kpis.registry.definitions import Unit
from central.core.kpis.registry.formulas import Formula, Measured
from protocol.texts import Language, Words

HOUR_S = 3_600
_NO_FIGURE = Words(zh="无数据", en="no figure")
_HOURS = Words(zh="{hours} 小时", en="{hours} h")
_MONEY = Words(zh="{amount} 元", en="CNY {amount}")


def value_text(value: float | None, unit: Unit | None, language: Language) -> str:
    """The value of a figure in its unit, durations in hours. `unit`: None where this release knows none."""
    if value is None:
        return _NO_FIGURE.say(language)
    match unit:
        case Unit.RATIO:
            return f"{value:.2%}"
        case Unit.SECONDS:
            return _HOURS.say(language, hours=f"{value / HOUR_S:,.2f}")
        case Unit.MONEY:
            return _MONEY.say(language, amount=f"{value:,.2f}")
        case _:
            return f"{value:,.2f}"


def sums_text(formula: Formula, hits: int, total: int, language: Language) -> str:
    """What was divided by what: numbers with thousands apart, times in hours."""
    in_s = (formula.hits_in_s, formula.total_in_s) if isinstance(formula, Measured) else (False, False)
    if all(in_s):
        return _HOURS.say(language, hours=" / ".join(f"{one / HOUR_S:,.1f}" for one in (hits, total)))
    sides = zip((hits, total), in_s, strict=True)
    return " / ".join(_HOURS.say(language, hours=f"{one / HOUR_S:,.1f}") if is_s else f"{one:,}" for one, is_s in sides)
