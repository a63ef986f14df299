"""Whose turn it is at a case."""

from datetime import datetime

from central.core.cases.leases import Lease, LeaseHeld, keeps_out
from central.core.values import Actor, ActorKind
from central.stores.ports import Unit


def held(unit: Unit, case: str, actor: Actor, now: datetime) -> Lease | None:
    """The lease of another person that keeps `actor` out; boxes and rules are not held up."""
    if actor.kind is not ActorKind.PERSON:
        return None
    return keeps_out(next(iter(unit.leases.get([case])), None), actor.name, now)


def keep_out(unit: Unit, case: str, actor: Actor, now: datetime) -> None:
    """Raises `LeaseHeld` where another person works on the case."""
    lease = held(unit, case, actor, now)
    if lease is not None:
        raise LeaseHeld(lease)
