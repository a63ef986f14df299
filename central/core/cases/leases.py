"""Who works on a case now. A lease ends by itself; whoever else wants the case takes it over, and that is told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LEASE_S = 90.0
RENEW_S = 30.0
"""A page that shows a case renews its lease when it is so old."""


@dataclass(frozen=True, slots=True)
class Lease:
    """`holder` works on `case` from `since` until `until`; `taken_from` had it before, if it was taken over."""

    case: str
    holder: str
    since: datetime
    until: datetime
    taken_from: str = ""


class LeaseHeld(Exception):
    """Somebody else works on the case."""

    def __init__(self, lease: Lease) -> None:
        until = lease.until.isoformat(timespec="seconds")
        super().__init__(f"{lease.holder} works on this case until {until}; take it over first, or wait")
        self.lease = lease


def taken(before: Lease | None, case: str, holder: str, now: datetime, *, take_over: bool = False) -> Lease:
    """The lease once `holder` has taken or renewed it. Raises `LeaseHeld` where it is another's and not taken over."""
    until = now + timedelta(seconds=LEASE_S)
    if before is None or before.until <= now:
        return Lease(case, holder, now, until)
    if before.holder == holder:
        return replace(before, until=until)
    if not take_over:
        raise LeaseHeld(before)
    return Lease(case, holder, now, until, taken_from=before.holder)


def keeps_out(lease: Lease | None, person: str, now: datetime) -> Lease | None:
    """The lease, if it runs and is another's than `person`'s."""
    return lease if lease is not None and lease.until > now and lease.holder != person else None


def needs_renewal(lease: Lease | None, person: str, now: datetime) -> bool:
    """Whether `person` has to take the case, or to renew it: an old lease that is their own, an ended one, or none."""
    if lease is None or lease.until <= now:
        return True
    return lease.holder == person and lease.until - now <= timedelta(seconds=LEASE_S - RENEW_S)
