"""Figures as clients read them."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from pydantic import Field

from central.api.answers.answer import Answer
from central.core.case_machine import CaseStatus
from central.core.kpis import (
    COUNTERS,
    NOTE_WORDS,
    Beside,
    Better,
    Comparison,
    Confidence,
    Duration,
    Factor,
    Figure,
    Indicator,
    Note,
    Part,
    PartKind,
    Phase,
    Ratio,
    Target,
    Times,
    Unit,
    whole_seconds,
)
from central.core.kpis.page import formula_text
from central.core.kpis.registry.indicators import made_of
from central.core.kpis.registry.subjects import Subject
from central.core.values import CaseSource
from central.services.figures.kpis import KpiRow, told_apart_by
from central.services.figures.planning.changes import Explained
from protocol.texts import Language


class TimesAnswer(Answer):
    """Durations in seconds; null where there are no cases."""

    count: int
    mean_s: float | None
    p50_s: float | None
    p90_s: float | None
    within_2h: float | None = Field(description="Share that took two hours at most")


class BoundsAnswer(Answer):
    """Unknown as no hit, unknown left out, unknown as a hit."""

    lower: float
    upper: float | None
    ceiling: float


class NoteAnswer(Answer):
    """What a reader of a figure has to know."""

    id: Note
    text: str


class FigureAnswer(Answer):
    """One figure of a period."""

    id: str
    group: str = Field(description="Whose; empty for the whole city")
    value: float | None
    reason: str | None = Field(description="Why there is no value")
    hits: int = Field(description="Numerator: cases; of a measured figure what its formula names, times in seconds")
    total: int = Field(description="Denominator, likewise")
    interval: tuple[float, float] | None = Field(description="Wilson's interval at 95 %, of a share")
    below_minimum_sample: bool
    excluded: dict[str, int] = Field(description="Cases in neither number, by counter")
    times: TimesAnswer | None
    open: TimesAnswer | None = Field(description="Ages of the period's open cases, beside a duration")
    bounds: BoundsAnswer | None = Field(description="Of what is partly unknown; `value` is `lower`")
    notes: list[NoteAnswer] = Field(description="`incomplete_facts`: it may be too low yet; `trial_operation`: in part")


class ComparisonAnswer(Answer):
    """What stands beside a figure."""

    beside: str
    value: float | None
    change: float | None
    better: bool | None
    basis: str | None = Field(description="Who says the other value, and why; null for what is counted")


class TargetAnswer(Answer):
    """What a figure should reach, by whose word."""

    indicator: str
    group: str = Field(description="Whose, as `field=value`; empty for the whole city")
    value: float
    owner: str
    since: date = Field(description="The first day it holds")
    reason: str
    said_by: str
    said_at: datetime | None


class KpiAnswer(Answer):
    """A definition; `figure` where a period was asked for."""

    id: str
    name: str
    subject: Subject = Field(description="What it is about")
    formula: str
    numerator: str | None = Field(description="Id of the counter")
    denominator: str | None = Field(description="Id of the counter")
    excluded: list[str]
    groups: list[str] = Field(description="What `group_by` may be; `…_by` names persons")
    unit: Unit
    better: Better
    minimum_sample: int
    source: str
    confidence: Confidence
    note: str | None
    counter_notes: dict[str, str] = Field(
        description="By id of a counter: what the trade leaves open, how it counts here"
    )
    figure: FigureAnswer | None = None
    target: TargetAnswer | None = Field(None, description="Holds today, or on the first day of the period")


class KpiFigureAnswer(Answer):
    """A figure with what stands beside it, or told apart by groups."""

    kpi: KpiAnswer
    begin: datetime
    end: datetime
    as_of: datetime
    figures: list[FigureAnswer]
    targets: list[TargetAnswer] = Field(description="Of these figures, those that hold on the period's first day")
    beside: list[ComparisonAnswer] = Field(description="Last period, last year, time before the project, plan")


class EffectAnswer(Answer):
    """What one class, department or stage makes of a change."""

    factor: Factor
    of: str = Field(description="Code of the class, id of the department, or stage; empty where a case has none")
    seconds: int = Field(description="Whole seconds; all of them sum to `change_s`")
    exact_s: str = Field(description="The same as a fraction; all of them sum to `exact_change_s`")


class FactorsAnswer(Answer):
    """Why a mean changed from another period to this one; null throughout, with a reason, where one has no cases."""

    id: str
    beside: Beside
    begin: datetime
    end: datetime
    other_begin: datetime
    other_end: datetime
    before_s: float | None
    after_s: float | None
    change_s: int | None
    exact_change_s: str | None
    reason: str | None
    effects: list[EffectAnswer]
    notes: list[NoteAnswer] = Field(description="`incomplete_facts`: older cases are still being counted in")


class KpiRowAnswer(Answer):
    """A case behind a figure."""

    case: str
    number: str
    hit: bool = Field(description="It is in the numerator too")
    phase: Phase = Field(description="Of operation, by the moment that brings the case into the period")
    source: CaseSource
    status: CaseStatus
    opened_at: datetime
    reported_at: datetime | None
    registered_at: datetime | None
    dispatched_at: datetime | None
    handled_at: datetime | None
    handle_due_at: datetime | None
    closed_at: datetime | None
    unit: str
    grid: str
    scene: str
    camera: str


class KpiPartAnswer(Answer):
    """A row behind a figure that is not counted from cases: what it gives to both numbers."""

    kind: PartKind
    id: str
    group: str
    hits: float
    total: float
    unknown: float = Field(description="Of `total`, what may still become a hit")
    begin: datetime | None
    end: datetime | None
    note: str


def show_kpi(
    one: Indicator, language: Language, figure: Figure | None = None, target: Target | None = None
) -> KpiAnswer:
    """A definition in one language."""
    ratio = one.formula if isinstance(one.formula, Ratio) else None
    excluded = one.formula.excluded if isinstance(one.formula, Ratio | Duration) else ()
    return KpiAnswer(
        id=one.id,
        name=one.names.say(language),
        subject=one.subject,
        formula=formula_text(one.formula, language),
        numerator=ratio.numerator if ratio is not None else None,
        denominator=ratio.denominator if ratio is not None else None,
        excluded=[COUNTERS[name].names.say(language) for name in excluded],
        groups=list(told_apart_by(one)),
        unit=one.unit,
        better=one.better,
        minimum_sample=one.minimum_sample,
        source=one.source,
        confidence=one.confidence,
        note=one.note.say(language) if one.note is not None else None,
        counter_notes={counter.id: counter.note.say(language) for counter in made_of(one) if counter.note is not None},
        figure=show_figure(figure, language) if figure is not None else None,
        target=show_target(target) if target is not None else None,
    )


def show_figure(one: Figure, language: Language) -> FigureAnswer:
    """A figure in one language."""
    return FigureAnswer(
        id=one.indicator,
        group=one.group,
        value=one.value,
        reason=one.reason.say(language) if one.reason is not None else None,
        hits=one.hits,
        total=one.total,
        interval=one.interval,
        below_minimum_sample=one.is_below_minimum,
        excluded=dict(one.excluded),
        times=_times(one.times),
        open=_times(one.open),
        bounds=BoundsAnswer(**one.bounds._asdict()) if one.bounds is not None else None,
        notes=show_notes(one.notes, language),
    )


def show_comparison(one: Comparison, language: Language) -> ComparisonAnswer:
    """What stands beside a figure."""
    basis = one.basis.say(language) if one.basis is not None else None
    return ComparisonAnswer(beside=one.beside, value=one.other, change=one.change, better=one.is_better, basis=basis)


def show_notes(notes: Sequence[Note], language: Language) -> list[NoteAnswer]:
    """What has to be known beside a figure, in one language."""
    return [NoteAnswer(id=note, text=NOTE_WORDS[note].say(language)) for note in notes]


def show_factors(found: Explained, language: Language) -> FactorsAnswer:
    """A change with its effects."""
    change = found.change
    whole = whole_seconds(change.effects)
    return FactorsAnswer(
        id=found.indicator.id,
        beside=found.beside,
        begin=found.period.begin,
        end=found.period.end,
        other_begin=found.other.begin,
        other_end=found.other.end,
        before_s=None if change.before is None else float(change.before),
        after_s=None if change.after is None else float(change.after),
        change_s=None if change.seconds is None else sum(whole),
        exact_change_s=None if change.seconds is None else str(change.seconds),
        reason=change.reason.say(language) if change.reason is not None else None,
        effects=[
            EffectAnswer(factor=one.factor, of=one.of, seconds=seconds, exact_s=str(one.seconds))
            for one, seconds in zip(change.effects, whole, strict=True)
        ],
        notes=show_notes(found.notes, language),
    )


def show_target(one: Target) -> TargetAnswer:
    """One word about one figure."""
    return TargetAnswer(**{name: getattr(one, name) for name in TargetAnswer.model_fields})


def show_row(row: KpiRow) -> KpiRowAnswer:
    """A case behind a figure."""
    fact = row.fact
    told = {name: getattr(fact, name) for name in KpiRowAnswer.model_fields if name not in {"hit", "phase"}}
    return KpiRowAnswer(**told, hit=row.hit, phase=row.phase)


def show_part(part: Part, *, naming: bool) -> KpiPartAnswer:
    """A row that is no case; `naming`: with the person of a shift."""
    is_shown = naming or part.kind is not PartKind.SHIFT
    return KpiPartAnswer(**asdict(part if is_shown else replace(part, note="")))


def _times(times: Times | None) -> TimesAnswer | None:
    if times is None:
        return None
    return TimesAnswer(
        count=times.count, mean_s=times.mean_s, p50_s=times.p50_s, p90_s=times.p90_s, within_2h=times.quick
    )
