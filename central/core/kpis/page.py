"""The page of documentation that the registry of figures makes."""

from collections.abc import Iterable, Iterator

from central.core.kpis.composites import BANDS, SHIPPED, CompositeTable, Part, Share
from central.core.kpis.facts import FIRST_COUNTS
from central.core.kpis.registry.conditions import told
from central.core.kpis.registry.counters import COUNTERS, Cohort
from central.core.kpis.registry.definitions import CONFIDENCE_WORDS
from central.core.kpis.registry.indicators import (
    INDICATORS,
    Duration,
    Formula,
    Indicator,
    Measured,
    Ratio,
    Spread,
    Unrecorded,
)
from central.core.kpis.registry.persons import JUDGED
from central.core.kpis.registry.sources import SOURCE_WORDS
from central.core.kpis.registry.subjects import SUBJECT_WORDS, Subject
from central.core.kpis.registry.values import weight_text
from central.core.kpis.registry.wording import FIELD_WORDS
from protocol.texts import Language, Words

_HEAD = """# Figures

Generated from `central/core/kpis` by `docs/generate.py`; do not edit. What the words mean stands in the
[glossary](glossary.md), why it is so in [ADR 35](adr/0035-a-figure-is-a-definition-that-opens-to-its-rows.md).

A period's cases are those whose moment (in the table of counters) lies in it, counted as of the moment that is
asked for: what came later does not count. What has no moment of its own (department, class, grid, whether a case was
suspended, misdirected, reworked or excused by an appeal) is as it stands today, whatever moment is asked for, and a
moment that was taken back since (a closing by a reopening) is gone: so a later re-dispatch changes what a department
had as of earlier. Nothing to divide gives no number and the reason; below its minimum sample a figure is shown and
marked. Shares carry Wilson's interval at 95 %. `gridwarden central kpi` lists all of them on a terminal.
"""
_LEGEND_HEAD = """## Where definitions come from

The column *Source* says where a definition comes from and, in brackets, how sure it is; the figures page
shows the same."""
_GRADES_FROM = (
    Words(
        zh="综合评价的等级与颜色取自 UNICOM 的评价表；城市可在自己的评价表中另定 `bands`",
        en="grades and colours of composite scores (A to E) are those of the tables of UNICOM; "
        "a city's own table may say others as `bands`",
    ),
    Words(
        zh="项目绩效评价的等级（优、良、中、差）取自财预〔2020〕10号",
        en="grades of the project evaluation ([evaluation.md](evaluation.md)) are those of 财预〔2020〕10号",
    ),
)
_SECONDS = Words(
    zh="自{begin}至{end}（{hours}），按{counter}：均值、中位数、90 分位、两小时内占比",
    en="from {begin} to {end} ({hours}), over cases {counter}: mean, median, ninth decile, share within two hours",
)
_NATURAL, _OFFICE = Words(zh="自然时间", en="natural time"), Words(zh="工作时间", en="office hours")
_SPREAD = Words(zh="各{by}中最高与最低之差：{name}", en="highest minus lowest {name} by {by}")


def page() -> str:
    """The whole page."""
    return (
        "\n".join([_HEAD, *_legend(), "", *_indicators(), "", *_persons(), "", *_counters(), "", *_composites()]) + "\n"
    )


def formula_text(formula: Formula, language: Language) -> str:
    """A formula as people read it."""
    match formula:
        case Ratio(numerator, denominator):
            return f"{_counter(numerator, language)} / {_counter(denominator, language)}"
        case Duration() as duration:
            return _duration(duration).say(language)
        case Spread(of, by):
            return _SPREAD.say(language, name=INDICATORS[of].names, by=FIELD_WORDS[by])
        case Measured(hits=hits, total=total):
            return f"{hits.say(language)} / {total.say(language)}"
        case Unrecorded(needs):
            return f"null: {needs.say(language)}"


def _duration(formula: Duration) -> Words:
    begin, end = (FIELD_WORDS[field] for field in formula.interval)
    hours = _OFFICE if formula.in_office_hours else _NATURAL
    return _SECONDS.filled(begin=begin, end=end, hours=hours, counter=COUNTERS[formula.counter].names)


def _legend() -> Iterator[str]:
    yield _LEGEND_HEAD
    yield ""
    yield "| In brackets | How sure |"
    yield "|---|---|"
    yield from (f"| {grade} | {words.zh}, {words.en} |" for grade, words in CONFIDENCE_WORDS.items())
    yield ""
    yield "| Source | What it is |"
    yield "|---|---|"
    yield from (f"| {name} | {words.zh}; {words.en} |" for name, words in SOURCE_WORDS.items())
    yield ""
    yield from (f"- {one.zh}: {one.en}." for one in _GRADES_FROM)


def _indicators() -> Iterator[str]:
    yield "## Indicators"
    for subject in Subject:
        yield ""
        yield f"### {SUBJECT_WORDS[subject].zh} ({SUBJECT_WORDS[subject].en})"
        yield ""
        yield "| Id | Name | Formula | Left out, told beside | Unit | Better | Sample | Source |"
        yield "|---|---|---|---|---|---|---|---|"
        yield from _rows(one for one in INDICATORS.values() if one.subject is subject)
    noted = [one for one in INDICATORS.values() if one.note is not None]
    yield ""
    yield from (f"- {one.names.zh}: {one.note.zh} ({one.note.en})." for one in noted if one.note is not None)


def _rows(indicators: Iterable[Indicator]) -> Iterator[str]:
    for one in indicators:
        cells = (
            f"`{one.id}`", f"{one.names.zh}, {one.names.en}", _formula(one), _excluded(one), one.unit, one.better,
            str(one.minimum_sample), f"{one.source} [{one.confidence}]",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _formula(one: Indicator) -> str:
    match one.formula:
        case Ratio(numerator, denominator):
            return f"{_named(numerator)} / {_named(denominator)}"
        case Duration(field, counter) as duration:
            said = _duration(duration)
            return f"{said.zh} ({said.en}; `{field}` over `{counter}`); beside it the ages of the open"
        case Spread(of, by):
            return f"highest minus lowest `{of}` by {by}"
        case Measured(_, hits, total, groups):
            apart = f"; by {', '.join(groups)}" if groups else ""
            return f"{hits.zh} / {total.zh} ({hits.en} / {total.en}{apart})"
        case Unrecorded(needs):
            return f"`null`; it needs {needs.en} ({needs.zh})"


def _excluded(one: Indicator) -> str:
    match one.formula:
        case Ratio(excluded=excluded) | Duration(excluded=excluded):
            return ", ".join(_named(name) for name in excluded)
        case _:
            return ""


def _named(counter: str) -> str:
    return f"{COUNTERS[counter].names.zh} `{counter}`"


def _counter(name: str, language: Language) -> str:
    return COUNTERS[name].names.say(language)


_PERSONS_HEAD = """## Persons

Some figures can be told apart by the person who took the step (`kpi ID --by FIELD`, `group_by=FIELD`; over HTTP for
operators, leaders and supervisors). Where a step is taken twice, the one counts whose time the figure counts. What a
rule, a box or a partner did, and what nobody has done yet, is in the group without a name."""
_ONLY = {"reported_by": "who entered what they saw themselves, of a collector's report"}


def _persons() -> Iterator[str]:
    yield _PERSONS_HEAD
    yield ""
    yield "| Field | Name | Which step counts | Figures and counters |"
    yield "|---|---|---|---|"
    for field, judged in JUDGED.items():
        words = FIELD_WORDS[field]
        is_first = field.removesuffix("_by") in FIRST_COUNTS
        which = _ONLY.get(field, "the first" if is_first else "the last, until it is taken back")
        yield f"| `{field}` | {words.zh}, {words.en} | {which} | {', '.join(f'`{name}`' for name in judged)} |"


def _counters() -> Iterator[str]:
    yield "## Counters"
    for cohort in Cohort:
        yield ""
        words = FIELD_WORDS[cohort]
        yield f"### Of the cases for which {words.en} ({words.zh}) lies in the period"
        yield ""
        yield "| Id | Name | Counted when |"
        yield "|---|---|---|"
        mine = [one for one in COUNTERS.values() if one.cohort is cohort]
        for one in mine:
            yield f"| `{one.id}` | {one.names.zh}, {one.names.en} | {told(one.condition, Language.ENGLISH)} |"
        yield ""
        yield from (f"- {one.names.zh}: {one.note.zh} ({one.note.en})." for one in mine if one.note is not None)


_COMPOSITES_HEAD = """## Composite scores

A rate counts times 100; one that is better lower counts by what is left to 100. A count has the points of the last step
that it reaches. A score is exact; where one of its parts lacks there is none, and the part is named. What is shown is
cut to two places, never rounded up. The persons of a post are scored each by what they did themselves; a part that
judges nobody ([Persons](#persons)) is of the post as a whole, and leaves a person without a score.

A city's own tables are YAML, read by `central.core.kpis.composites.tables_in`: `tables`, each with `id`, `names`,
`subject` (`region`, `department`, `post`), `source`, `parts` (`indicator` or `counter` with `steps`, and `weight`) and,
if wanted, `bands` (`grade`, `at_least`, `colour`) and a `note`; weights sum to exactly 1."""


def _composites() -> Iterator[str]:
    yield _COMPOSITES_HEAD
    yield ""
    yield "| Id | Name | Whom | Parts | Source |"
    yield "|---|---|---|---|---|"
    for one in SHIPPED.values():
        parts = "; ".join(_part(part) for part in one.parts)
        yield f"| `{one.id}` | {one.names.zh}, {one.names.en} | {one.subject} | {parts} | {_source(one)} |"
    yield ""
    yield from (f"- {one.names.zh}: {one.note.zh} ({one.note.en})." for one in SHIPPED.values() if one.note is not None)
    yield ""
    grades = ", ".join(f"{band.grade} {band.colour.zh} ({band.colour.en}) from {band.at_least}" for band in BANDS)
    yield f"Grades: {grades} ([where they come from](#where-definitions-come-from))."


def _part(part: Part) -> str:
    named = f"{weight_text(part.weight)} {part.of.names.zh} `{part.of.id}`"
    if isinstance(part.of, Share):
        return named
    return f"{named} ({', '.join(f'from {step.at_least}: {step.points}' for step in part.of.steps)})"


def _source(table: CompositeTable) -> str:
    return f"{table.source} [{table.confidence}]"
