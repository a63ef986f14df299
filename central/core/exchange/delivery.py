"""What becomes of a delivery: sent again after a growing pause, given up after a while, never forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from central.core.exchange.changes import Change
from central.core.exchange.partners import Partner

ERROR_LENGTH_MAX = 300
_DOUBLINGS_MAX = 30


class DeliveryState(StrEnum):
    """How far a delivery has come; a `dead` one is not tried again by itself."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One change for one partner. `attempts` counts refusals of this very change."""

    partner: str
    change: Change
    state: DeliveryState
    waiting_since: datetime
    next_attempt_at: datetime
    attempts: int = 0
    delivered_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """A pause grows from `retry_s_min` to `retry_s_max`; a change that is refused `refusals_max` times is dead.

    So is one that has waited for `give_up_after`.
    """

    retry_s_min: float = 5.0
    retry_s_max: float = 300.0
    refusals_max: int = 10
    give_up_after: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a partner has not got: how many wait and since when the oldest does, how many are dead."""

    partner: str
    waiting: int = 0
    dead: int = 0
    oldest_at: datetime | None = None


def together(backlogs: Iterable[Backlog]) -> Backlog:
    """What all partners have not got; its `partner` is empty."""
    found = list(backlogs)
    oldest = min((one.oldest_at for one in found if one.oldest_at is not None), default=None)
    return Backlog("", sum(one.waiting for one in found), sum(one.dead for one in found), oldest)


def after_success(delivery: Delivery, now: datetime) -> Delivery:
    """The partner has taken it."""
    return replace(delivery, state=DeliveryState.DELIVERED, delivered_at=now, error="")


def after_refusal(delivery: Delivery, error: str, now: datetime, policy: DeliveryPolicy) -> Delivery:
    """The partner answered that it does not want this one; later changes of the same case wait behind it."""
    attempts = delivery.attempts + 1
    return replace(
        delivery,
        attempts=attempts,
        error=error[:ERROR_LENGTH_MAX],
        next_attempt_at=now + _pause(delivery.attempts, policy),
        state=DeliveryState.DEAD if attempts >= policy.refusals_max else DeliveryState.WAITING,
    )


def after_silence(partner: Partner, error: str, now: datetime, policy: DeliveryPolicy) -> Partner:
    """The partner did not answer, or not now: everything for it waits."""
    return replace(
        partner,
        failures=partner.failures + 1,
        error=error[:ERROR_LENGTH_MAX],
        next_attempt_at=now + _pause(partner.failures, policy),
    )


def after_answer(partner: Partner, now: datetime) -> Partner:
    """The partner is there."""
    return replace(partner, failures=0, error="", next_attempt_at=now)


def _pause(failures: int, policy: DeliveryPolicy) -> timedelta:
    return timedelta(seconds=min(policy.retry_s_max, policy.retry_s_min * 2 ** min(failures, _DOUBLINGS_MAX)))
