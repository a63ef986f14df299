"""Figures as people read them: values, absolute numbers, what stands beside, how sure it is. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from central.core.kpis import (
    COUNTERS,
    INDICATORS,
    NOTE_WORDS,
    Beside,
    Comparison,
    Duration,
    Figure,
    Measured,
    Period,
    Spread,
    Times,
    Unit,
    told,
)
from central.core.kpis.caveats import bounds, is_unsure
from central.core.kpis.periods import CalendarUnit
from central.core.kpis.publishing.terms import PublishingTerms
from central.core.kpis.registry.values import change_text, length_text, share_text, sums_text, value_text
from central.services.figures.group_words import interval_words, left_out
from central.services.figures.kpis import Outlook
from central.settings.texts import Texts
from central.web.figures.view import shown_groups

NOTHING = "–"


class Tone(StrEnum):
    """How a difference is to be taken; a word always stands with it."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside a figure: the other value, the difference with its sign, and what that means in a word.

    `basis`: who says the other value, since when and why; "" for what is counted.
    """

    beside: Beside
    name: str
    other: str
    change: str = ""
    verdict: str = ""
    tone: Tone = Tone.NONE
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `reason` says why there is no value; `notes` what has to be known beside it."""

    figure: str
    name: str
    value: str
    numbers: str
    interval: str
    reason: str
    notes: tuple[str, ...]
    sides: tuple[Side, ...]
    share: float | None = None
    edges: tuple[float, float] | None = None


def line_of(outlook: Outlook, texts: Texts) -> Line:
    """A figure with all that stands in its row."""
    figure = outlook.figure
    indicator = INDICATORS[figure.indicator]
    is_share = indicator.unit is Unit.RATIO and figure.value is not None and 0 <= figure.value <= 1
    return Line(
        figure.indicator,
        titled(indicator.names.say(texts.language)),
        value_words(figure.value, indicator.unit, texts, beside=outlook.plan),
        numbers_of(figure, texts),
        interval_words(figure, texts),
        figure.reason.say(texts.language) if figure.reason is not None else "",
        tuple(_notes(figure, outlook.plan, texts)),
        tuple(side_of(one, indicator.unit, texts) for one in outlook.beside),
        figure.value if is_share else None,
        figure.interval if is_share else None,
    )


def shown_sides(lines: Iterable[Line]) -> frozenset[Beside]:
    """What is worth a column: the periods before always, a plan or a time before the project where there is any."""
    filled = {side.beside for line in lines for side in line.sides if side.other != NOTHING}
    return frozenset({Beside.LAST_PERIOD, Beside.LAST_YEAR} | filled)


def side_of(one: Comparison, unit: Unit, texts: Texts) -> Side:
    """What stands beside, in words."""
    name = texts.word("figures_beside", one.beside)
    other = value_words(one.other, unit, texts)
    basis = one.basis.say(texts.language) if one.basis is not None else ""
    if one.change is None:
        return Side(one.beside, name, other, basis=basis)
    if one.is_better is None and one.change:
        return Side(one.beside, name, other, change_text(one.change, unit, texts.language), basis=basis)
    tone = Tone.SAME if one.is_better is None else Tone.BETTER if one.is_better else Tone.WORSE
    group = "figures_plan" if one.beside is Beside.PLAN else "figures_verdict"
    return Side(
        one.beside, name, other, change_text(one.change, unit, texts.language), texts.word(group, tone), tone, basis
    )


def value_words(value: float | None, unit: Unit, texts: Texts, beside: float | None = None) -> str:
    """A value with its unit; a dash where there is none. `beside`: the target that stands by it."""
    return NOTHING if value is None else value_text(value, unit, texts.language, beside)


def numbers_of(figure: Figure, texts: Texts) -> str:
    """The absolute numbers behind a figure."""
    formula = INDICATORS[figure.indicator].formula
    if isinstance(formula, Duration):
        return texts.say("figures.cases", count=f"{figure.total:,}")
    if isinstance(formula, Measured):
        return _measured(figure, formula, texts)
    if isinstance(formula, Spread):
        return texts.say("figures.groups_counted", count=f"{figure.total:,}")
    return sums_text(formula, figure.hits, figure.total, texts.language) if figure.total or figure.hits else ""


def _measured(figure: Figure, formula: Measured, texts: Texts) -> str:
    """Both sums; those of one kind alone, others with their names."""
    if not (figure.hits or figure.total):
        return ""
    sums = sums_text(formula, figure.hits, figure.total, texts.language)
    if formula.is_share or formula.total_in_s:
        return sums
    hits, total = formula.hits.say(texts.language), formula.total.say(texts.language)
    return f"{hits} / {total} {sums}"


def counter_words(name: str, texts: Texts) -> str:
    """A counter with its condition, and what the trade leaves open of it."""
    counter, language = COUNTERS[name], texts.language
    values = {"name": counter.names.say(language), "id": name, "condition": told(counter.condition, language)}
    said = texts.say("figures.counter", **values)
    if counter.note is None:
        return said
    return texts.say("figures.counter_noted", counter=said, note=counter.note.say(language))


def times_words(times: Times, texts: Texts) -> str:
    """How durations lie: median, ninth decile, share within two hours."""
    if times.p50_s is None or times.p90_s is None:
        return ""
    return texts.say(
        "figures.times",
        p50=value_words(times.p50_s, Unit.SECONDS, texts),
        p90=value_words(times.p90_s, Unit.SECONDS, texts),
        quick=share_text(times.quick or 0),
    )


def period_words(period: Period, texts: Texts) -> str:
    """A period as people call it."""
    first, last = period.first_day, period.last_day
    match period.calendar_unit:
        case CalendarUnit.DAY:
            return first.isoformat()
        case CalendarUnit.MONTH:
            return texts.say("figures.month", year=first.year, month=first.month)
        case CalendarUnit.QUARTER:
            return texts.say("figures.quarter", year=first.year, quarter=(first.month + 2) // 3)
        case CalendarUnit.YEAR:
            return texts.say("figures.year", year=first.year)
        case _:
            return texts.say("figures.days_between", first=first.isoformat(), last=last.isoformat())


def unpublished_words(terms: PublishingTerms, texts: Texts) -> str:
    """That no month was published yet, and when or how one is."""
    if not terms.is_automatic:
        return texts.say("figures.published_by_hand")
    return texts.say("figures.nothing_published", day=terms.day, hour=terms.hour)


def titled(name: str) -> str:
    """A name as it stands at the beginning of a line."""
    return name[:1].upper() + name[1:]


def group_names(figure: str, texts: Texts) -> Mapping[str, str]:
    """How the fields are called by which a figure is told apart."""
    return {name: texts.word("figures_by", name) for name in shown_groups(figure)}


def _notes(figure: Figure, plan: float | None, texts: Texts) -> Iterator[str]:
    indicator = INDICATORS[figure.indicator]
    if figure.is_below_minimum:
        yield texts.say("figures.small_sample", minimum=indicator.minimum_sample)
    for note in figure.notes:
        yield NOTE_WORDS[note].say(texts.language)
    if is_unsure(figure):
        yield bounds(figure, plan).say(texts.language)
    if figure.times is not None and figure.times.count:
        yield times_words(figure.times, texts)
    if figure.open is not None and figure.open.mean_s is not None:
        yield texts.say(
            "figures.open", count=f"{figure.open.count:,}", mean=length_text(figure.open.mean_s, texts.language)
        )
    yield from left_out(figure, texts)
