"""Composite scores as clients read them."""

from datetime import datetime

from pydantic import Field

from central.api.answers.answer import Answer
from central.api.answers.kpis import FigureAnswer, NoteAnswer, show_figure, show_notes
from central.core.kpis import judges
from central.core.kpis.composites import CompositeTable, PartScore, Subject, shown
from central.services.figures.planning.scores import Scored, ScoreList
from protocol.texts import Language


class GradeAnswer(Answer):
    """A grade, by the name that the table gives it."""

    grade: str
    at_least: float
    colour: str


class PartAnswer(Answer):
    """A part of a score, with the figure or the count that it was computed from."""

    id: str = Field(description="Id of the indicator or counter")
    name: str
    weight: float
    points: float | None = Field(description="Before its weight, 0 to 100; null where the part lacks")
    reason: str | None
    below_minimum_sample: bool
    figure: FigureAnswer | None
    count: int | None = Field(description="Cases, of a part that scores a count")
    group_by: str = Field(description="Field that names the person whom it judges; empty where none does")


class ScoreAnswer(Answer):
    """The score of one region, department, person or post; null with the reason where a part lacks."""

    group: str = Field(description="Value of `group_by`, a name where that is person; empty for a post as a whole")
    points: float | None = Field(description="Cut to two places, never rounded up")
    grade: GradeAnswer | None
    reason: str | None
    below_minimum_sample: bool
    parts: list[PartAnswer]


class ScoreListAnswer(Answer):
    """Scores of a period, best first; each part's cases are the rows of its figure in the same group."""

    table: str
    name: str
    subject: Subject
    source: str
    note: str | None
    group_by: str = Field(description="As `/kpis/{id}/rows` takes it; or person, by `group_by` of each part; or empty")
    begin: datetime
    end: datetime
    as_of: datetime
    grades: list[GradeAnswer]
    scores: list[ScoreAnswer]
    whole: ScoreAnswer | None = Field(description="Beside persons: the post, with what nobody or no person did")
    total: int = Field(description="How many there are; more than 2,000 are not listed")
    notes: list[NoteAnswer] = Field(description="`incomplete_facts`: older cases are still being counted in")


def show_scores(found: ScoreList, language: Language) -> ScoreListAnswer:
    """The scores of a table in one language."""
    table = found.table
    return ScoreListAnswer(
        table=table.id,
        name=table.names.say(language),
        subject=table.subject,
        source=table.source,
        note=table.note.say(language) if table.note is not None else None,
        group_by=found.group_by,
        begin=found.period.begin,
        end=found.period.end,
        as_of=found.as_of,
        grades=_grades(table, language),
        scores=[_score(one, language) for one in found.scores],
        whole=None if found.whole is None else _score(found.whole, language),
        total=found.total,
        notes=show_notes(found.notes, language),
    )


def _grades(table: CompositeTable, language: Language) -> list[GradeAnswer]:
    return [
        GradeAnswer(grade=band.grade, at_least=float(band.at_least), colour=band.colour.say(language))
        for band in table.bands
    ]


def _score(one: Scored, language: Language) -> ScoreAnswer:
    made = one.composite
    named = {grade.grade: grade for grade in _grades(made.table, language)}
    return ScoreAnswer(
        group=made.group,
        points=None if made.points is None else float(shown(made.points)),
        grade=None if made.band is None else named[made.band.grade],
        reason=made.reason.say(language) if made.reason is not None else None,
        below_minimum_sample=made.is_below_minimum,
        parts=[_part(part, one, language) for part in made.parts],
    )


def _part(part: PartScore, one: Scored, language: Language) -> PartAnswer:
    of = part.part.of
    figure = one.figures.get(of.id)
    return PartAnswer(
        id=of.id,
        name=of.names.say(language),
        weight=float(part.part.weight),
        points=None if part.points is None else float(shown(part.points)),
        reason=part.reason.say(language) if part.reason is not None else None,
        below_minimum_sample=part.is_below_minimum,
        figure=None if figure is None else show_figure(figure, language),
        count=one.counts.get(of.id),
        group_by=judges(of.id),
    )
