"""How many have to be asked in each of two surveys until a difference of their shares can be seen."""

from math import ceil, sqrt

from central.core.kpis.figures import Z_95
from protocol.texts import Told, Words

Z_POWER_80 = 0.8416212335729143
ASKED_MAX = 10_000_000
NO_CHANGE = Words(
    zh="从 {share} 变化 {change}：两个比例都应在 0 到 1 之间，并且不同",
    en="from {share} by {change}: both shares lie in 0 to 1, and differ",
)


class ChangeRefused(Told, ValueError):
    """No two surveys could differ so."""


def answers_needed(share: float, change: float) -> int:
    """Answers of each of two surveys, until a share that changes by `change` is told from chance.

    At 95 % two-sided and a power of 80 %. Raises `ChangeRefused` where a share leaves 0 to 1, or nothing changes.
    """
    other = share + change
    if change == 0 or not (0 <= share <= 1 and 0 <= other <= 1):
        raise ChangeRefused(NO_CHANGE, share=share, change=change)
    middle = (share + other) / 2
    spread = Z_95 * sqrt(2 * middle * (1 - middle)) + Z_POWER_80 * sqrt(share * (1 - share) + other * (1 - other))
    return min(ASKED_MAX, ceil((spread / change) ** 2))
