"""What a survey says, and how sure that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from central.core.evaluation.records import Asked, Round, Survey
from central.core.kpis.figures import wilson_of
from central.core.kpis.registry.indicators import INDICATORS

ANSWERS_MIN = INDICATORS["satisfaction"].minimum_sample
"""Below this many answers a share is shown and called not significant; it never scores."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Share of the satisfied, weighted by the sizes of the strata, with its 95 % Wilson interval (0..1)."""

    survey: Survey
    share: Decimal | None
    low: float
    high: float
    answers: int

    @property
    def significant(self) -> bool:
        """Whether there are enough answers to judge by."""
        return self.answers >= ANSWERS_MIN


def satisfaction(survey: Survey) -> Satisfaction:
    """The result of one survey; `share` is None where nobody answered."""
    strata = [one for one in survey.strata if one.answered]
    answers = sum(one.answered for one in strata)
    if not strata:
        return Satisfaction(survey, None, 0.0, 1.0, 0)
    people = sum(one.population for one in strata)
    share = sum(
        (Decimal(one.population) / people * Decimal(one.satisfied) / one.answered for one in strata), Decimal(0)
    )
    variance = sum(
        (one.population / people) ** 2 * _spread(one.satisfied / one.answered) / one.answered for one in strata
    )
    effective = _spread(float(share)) / variance if variance > 0 else float(answers)
    low, high = wilson_of(float(share), effective)
    return Satisfaction(survey, share, low, high, answers)


def latest(surveys: Iterable[Survey], asked: Asked, when: Round) -> Survey | None:
    """The latest survey of this kind; of two on one day that with the greater id."""
    mine = [one for one in surveys if one.asked is asked and one.round is when]
    return max(mine, key=lambda one: (one.on, one.id), default=None)


def of(surveys: Sequence[Survey], asked: Asked, when: Round) -> Satisfaction | None:
    """What the latest survey of this kind says."""
    found = latest(surveys, asked, when)
    return satisfaction(found) if found is not None else None


def _spread(share: float) -> float:
    return share * (1 - share)
