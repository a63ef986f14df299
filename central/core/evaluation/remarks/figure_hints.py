"""Remarks about figures of the platform that gave points although they are not sure."""

from collections.abc import Iterator

from central.core.evaluation.decimals import shown
from central.core.evaluation.lines import Assessed, Quantitative
from central.core.evaluation.remarks.hint import Hint
from central.core.evaluation.remarks.hint_words import FIGURE_FEW, FIGURE_INCOMPLETE, FIGURE_TRIAL, FIGURE_UNKNOWN
from central.core.evaluation.scoring import Outcome, Score
from central.core.evaluation.sources import Sources, target_of
from central.core.kpis.caveats import bounds, is_unsure
from central.core.kpis.figures import Figure
from central.core.kpis.phases import Note
from central.core.kpis.registry.indicators import INDICATORS

NOTED = {
    Note.INCOMPLETE_FACTS: ("figure_incomplete", FIGURE_INCOMPLETE),
    Note.TRIAL_OPERATION: ("figure_in_trial", FIGURE_TRIAL),
}


def unsure_figures(outcome: Outcome, sources: Sources) -> Iterator[Hint]:
    """Small samples and unknown time line by line, what is noted of the whole period once."""
    scored = list(_scored(outcome, sources))
    for score, figure in scored:
        where, name = f"index_tree.{score.line.id}", score.line.path[-1]
        told = {"name": name, "kpi": figure.indicator, "minimum": INDICATORS[figure.indicator].minimum_sample}
        if figure.is_below_minimum:
            points = {"score": shown(score.score), "points": shown(score.line.points)}
            yield Hint("figure_of_few", where, FIGURE_FEW, told | points)
        if is_unsure(figure):
            target = target_of(score.line) if isinstance(score.line, Quantitative) else None
            yield Hint("figure_partly_unknown", where, FIGURE_UNKNOWN, told | {"bounds": bounds(figure, target)})
    for note, (kind, words) in NOTED.items():
        names = [score.line.path[-1] for score, figure in scored if note in figure.notes]
        if names:
            days = {"first": sources.first, "last": sources.last}
            yield Hint(kind, "index_tree", words, {"names": "、".join(names), **days})


def _scored(outcome: Outcome, sources: Sources) -> Iterator[tuple[Score, Figure]]:
    for score in outcome.scores:
        found = sources.computed.get(score.line.id)
        if found is not None and _is_taken(score.line) and found.value is not None:
            yield score, found.figure


def _is_taken(line: Assessed | Quantitative) -> bool:
    """Whether a figure stands for the value of the line, which the file leaves out."""
    return isinstance(line, Quantitative) and line.actual is None and line.record is None
