"""What a measured figure is the sum of, in words: cameras, outages, payments ... Nobody is named. Pure."""

from datetime import tzinfo

from central.core.kpis import Indicator, Measured, Part, PartKind
from central.services.cases.case_sheet import local_time
from central.settings.texts import Texts

PART_NUMBERS = frozenset({2, 3, 4})
"""Which columns hold numbers."""
FEW = 100
"""Below so many the hundredths are told too."""
OF_PERSONS = frozenset({"shift"})
"""Kinds whose rows may name a person; only their numbers and times are told."""


def part_names(indicator: Indicator, texts: Texts) -> list[str]:
    """What the columns are called; those of the two numbers after the formula."""
    formula = indicator.formula
    assert isinstance(formula, Measured)  # noqa: S101 - whoever asks has looked
    hits, total = formula.hits.say(texts.language), formula.total.say(texts.language)
    names = [texts.word("figures_part", name) for name in ("kind", "name", "unknown", "begin", "end")]
    return [*names[:2], hits, total, *names[2:]]


def part_words(one: Part, texts: Texts, zone: tzinfo) -> list[str]:
    """The cells of a part."""
    return [
        texts.word("figures_kind", one.kind),
        _name(one, texts),
        _number(one.hits),
        _number(one.total),
        _number(one.unknown) if one.unknown else "",
        local_time(one.begin, zone)[:19],
        local_time(one.end, zone)[:19],
    ]


def _name(one: Part, texts: Texts) -> str:
    if one.kind in OF_PERSONS:
        return ""
    is_platform = one.kind is PartKind.PLATFORM or one.id == "platform"
    return texts.word("figures_of_platform", one.id) if is_platform else one.id


def _number(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00") if value < FEW else f"{value:,.0f}"
