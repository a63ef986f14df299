"""满意度 of a survey: how sure it is, and how many have to be asked until a difference can be seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

from central.core.kpis.figures import Z_95, wilson

SCORES = {0: 0, 1: 100, 2: 80, 3: 50, 4: 0, 5: -100}
"""Points of the answers' codes."""
CONTENT = frozenset({1, 2})
"""Codes of those who are content."""
Z_POWER_80 = 0.8416212335729143
ANSWERS_MIN = 30
ASKED_MAX = 10_000_000


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`points`: the mean score; `content`: share of the content with its interval; None without an answer."""

    answers: int
    points: float | None = None
    content: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def is_significant(self) -> bool:
        """Whether there are enough answers to rely on."""
        return self.answers >= ANSWERS_MIN


def satisfaction_of(answers: Mapping[int, int]) -> Satisfaction:
    """From how often each code was given. Raises `ValueError` for a code that is none, or a count below 0."""
    wrong = [code for code, count in answers.items() if code not in SCORES or count < 0]
    if wrong:
        raise ValueError(f"codes are {', '.join(map(str, SCORES))}, counts not below 0; wrong: {wrong[0]}")
    total = sum(answers.values())
    if total == 0:
        return Satisfaction(0)
    content = sum(count for code, count in answers.items() if code in CONTENT)
    points = sum(SCORES[code] * count for code, count in answers.items()) / total
    return Satisfaction(total, points, content / total, wilson(content, total))


def answers_needed(share: float, change: float) -> int:
    """Answers of each of two surveys, until a share that changes by `change` is told from chance.

    At 95 % two-sided and a power of 80 %. Raises `ValueError` where a share leaves 0 to 1, or nothing changes.
    """
    other = share + change
    if change == 0 or not (0 <= share <= 1 and 0 <= other <= 1):
        raise ValueError(f"from {share} by {change}: both shares lie in 0 to 1, and differ")
    middle = (share + other) / 2
    spread = Z_95 * sqrt(2 * middle * (1 - middle)) + Z_POWER_80 * sqrt(share * (1 - share) + other * (1 - other))
    return min(ASKED_MAX, ceil((spread / change) ** 2))
