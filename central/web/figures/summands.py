"""What a measured figure is the sum of, in words: cameras, outages, payments ... No person is named. Pure."""

from datetime import tzinfo

from central.core.kpis import COUNTERS, Indicator, Measured, Part, PartKind, Unit
from central.core.kpis.registry.values import value_text
from central.services.cases.case_sheet import local_time
from central.settings.texts import Texts

PART_NAME = 1
"""Which column holds the name."""
PART_NUMBERS = frozenset({2, 3, 4})
"""Which columns hold numbers."""
FEW = 100
"""Below so many the hundredths are told too."""


def part_names(indicator: Indicator, texts: Texts) -> list[str]:
    """What the columns of the page are called; those of the two numbers after the formula."""
    formula = _formula(indicator)
    return _around(texts, [formula.hits.say(texts.language), formula.total.say(texts.language)])


def sheet_names(indicator: Indicator, texts: Texts) -> list[str]:
    """What the columns of a table are called that is taken away: times in it are seconds."""
    formula = _formula(indicator)
    kind, name, hits, total, unknown, *times = part_names(indicator, texts)
    told = zip((hits, total, unknown), _in_s(formula), strict=True)
    return [kind, name, *(texts.say("figures.in_seconds", name=one) if is_s else one for one, is_s in told), *times]


def part_words(one: Part, indicator: Indicator, texts: Texts, zone: tzinfo) -> list[str]:
    """The cells of a part on the page, times in hours."""
    told = zip((one.hits, one.total, one.unknown), _in_s(_formula(indicator)), strict=True)
    hits, total, unknown = (
        value_text(value, Unit.SECONDS, texts.language) if is_s else _number(value) for value, is_s in told
    )
    return _cells(one, [hits, total, unknown if one.unknown else ""], texts, zone)


def sheet_cells(one: Part, texts: Texts, zone: tzinfo) -> list[str]:
    """The cells of a part in a table that is taken away: numbers as programs read them."""
    unknown = _plain(one.unknown) if one.unknown else ""
    return _cells(one, [_plain(one.hits), _plain(one.total), unknown], texts, zone)


def part_address(one: Part, texts: Texts) -> str:
    """Where what a row names opens on the seat; "" where it is no case."""
    return f"/ui/{texts.language}?case={one.id}" if one.kind is PartKind.CASE else ""


def _formula(indicator: Indicator) -> Measured:
    formula = indicator.formula
    assert isinstance(formula, Measured)  # noqa: S101 - whoever asks has looked
    return formula


def _in_s(formula: Measured) -> tuple[bool, bool, bool]:
    """Whether hits, total and what is unknown of the total are seconds."""
    return formula.hits_in_s, formula.total_in_s, formula.total_in_s


def _around(texts: Texts, sums: list[str]) -> list[str]:
    kind, name, unknown, begin, end = (
        texts.word("figures_part", one) for one in ("kind", "name", "unknown", "begin", "end")
    )
    return [kind, name, *sums, unknown, begin, end]


def _cells(one: Part, numbers: list[str], texts: Texts, zone: tzinfo) -> list[str]:
    moments = [local_time(moment, zone)[:19] for moment in (one.begin, one.end)]
    return [texts.word("figures_kind", one.kind), _name(one, texts), *numbers, *moments]


def _name(one: Part, texts: Texts) -> str:
    """The seat of a shift, never its person; the number of a case; counters in words."""
    if one.kind is PartKind.PLATFORM or one.id == "platform":
        return texts.word("figures_of_platform", one.id)
    if one.kind is PartKind.CASE:
        return one.note.partition(" ")[0] or one.id
    if one.kind is PartKind.INSIDE and one.id in COUNTERS:
        return COUNTERS[one.id].names.say(texts.language)
    return one.id


def _number(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00") if value < FEW else f"{value:,.0f}"


def _plain(value: float) -> str:
    return f"{value:.2f}".removesuffix(".00")
