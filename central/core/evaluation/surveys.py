"""What a survey says, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from central.core.evaluation.records import Asked, Round, Survey

ANSWERS_MIN = 30
"""Below this many answers a share is shown and called not significant; it never scores."""
Z_95 = 1.96


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
    low, high = _wilson(float(share), effective)
    return Satisfaction(survey, share, low, high, answers)


def of(surveys: Sequence[Survey], asked: Asked, when: Round) -> Satisfaction | None:
    """The latest survey of this kind."""
    mine = [one for one in surveys if one.asked is asked and one.round is when]
    return satisfaction(max(mine, key=lambda one: one.on)) if mine else None


def _spread(share: float) -> float:
    return share * (1 - share)


def _wilson(share: float, number: float) -> tuple[float, float]:
    square = Z_95 * Z_95
    middle = (share + square / (2 * number)) / (1 + square / number)
    half = Z_95 * sqrt(_spread(share) / number + square / (4 * number * number)) / (1 + square / number)
    return max(0.0, middle - half), min(1.0, middle + half)
