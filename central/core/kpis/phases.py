"""Trial and formal operation: by the moment that brings a case into a period, and the day formal operation began.

A fact keeps no phase. One period lies in trial operation, in formal operation, or is cut in two at that day; so the
parts add up to the whole, in Python and in SQL, and another day in the settings needs no recount.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from central.core.kpis.periods import Period
from protocol.texts import Words

PHASE = "phase"
"""By this figures are told apart too, beside the fields of a fact."""


class Phase(StrEnum):
    """Of operation."""

    TRIAL = "trial"
    FORMAL = "formal"


class Note(StrEnum):
    """What a reader of a figure has to know beside it."""

    INCOMPLETE_FACTS = "incomplete_facts"
    TRIAL_OPERATION = "trial_operation"


PHASE_WORDS: Mapping[str, Words] = {
    Phase.TRIAL: Words(zh="试运行", en="trial operation"),
    Phase.FORMAL: Words(zh="正式运行", en="formal operation"),
}
NOTE_WORDS: Mapping[Note, Words] = {
    Note.INCOMPLETE_FACTS: Words(
        zh="旧案件尚未全部计入（中心运行时在后台补算），数值可能偏低",
        en="cases of earlier releases are still being counted in while central runs: the figure may be too low",
    ),
    Note.TRIAL_OPERATION: Words(
        zh="本期包含试运行时段（可分段查询；按案件计算的指标可用 group_by=phase 分开）",
        en="the period reaches into trial operation (ask for parts of it; group_by=phase tells figures of cases apart)",
    ),
}


def phase_of(moment: datetime, formal_since: datetime | None) -> Phase:
    """In which phase a moment lies; all is formal operation where no day was given."""
    return Phase.TRIAL if formal_since is not None and moment < formal_since else Phase.FORMAL


def phases_of(period: Period, formal_since: datetime | None) -> Mapping[Phase, Period]:
    """The parts of a period by phase, in order of time."""
    if formal_since is None or formal_since <= period.begin:
        return {Phase.FORMAL: period}
    if formal_since >= period.end:
        return {Phase.TRIAL: period}
    return {
        Phase.TRIAL: Period(period.begin, formal_since, period.zone),
        Phase.FORMAL: Period(formal_since, period.end, period.zone),
    }


def notes_of(period: Period, formal_since: datetime | None, *, facts_complete: bool) -> tuple[Note, ...]:
    """What stands beside each figure of a period."""
    noted = {
        Note.INCOMPLETE_FACTS: not facts_complete,
        Note.TRIAL_OPERATION: Phase.TRIAL in phases_of(period, formal_since),
    }
    return tuple(note for note, holds in noted.items() if holds)
