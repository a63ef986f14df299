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
    kind, name, unknown, begin, end = (
        texts.word("figures_part", one) for one in ("kind", "name", "unknown", "begin", "end")
    )
    sums = ((formula.hits, formula.hits_in_s), (formula.total, formula.total_in_s))
    hits, total = (_counted(words.say(texts.language), texts, is_s=is_s) for words, is_s in sums)
    return [kind, name, hits, total, _counted(unknown, texts, is_s=formula.total_in_s), begin, end]


def _counted(name: str, texts: Texts, *, is_s: bool) -> str:
    return texts.say("figures.in_seconds", name=name) if is_s else name


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
