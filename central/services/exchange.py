"""Tells partners what has changed, and anybody who asks with a token."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr

from central.core.access import SECRET_BYTES, new_secret
from central.core.exchange import (
    Backlog,
    BadTarget,
    Change,
    Delivery,
    DeliveryPolicy,
    Partner,
    Party,
    Target,
    Wants,
    partner_name,
    target_of,
)
from central.core.exchange.delivery import after_answer, after_refusal, after_silence, after_success
from central.core.exchange.signing import SECRET_PREFIX
from central.core.exchange.transfers import Transfer
from central.core.values import PAGE_LIMIT_MAX, Actor, Page, RandomBytes
from central.stores.ports import PageRequest, Stores

NUMBERED_AT_ONCE = 1_000
BATCH = 50
NOT_IN_TIME = "not delivered in time"


class PartnerUnknown(LookupError):
    """There is no partner of this name."""


class PartnerRefused(ValueError):
    """A partner cannot be added like this; the text says why."""


class ChangesGone(LookupError):
    """What is asked for is no longer kept; `first` is the first change that is."""

    def __init__(self, first: int) -> None:
        super().__init__(f"changes before {first} are no longer kept; read the cases themselves, then go on from there")
        self.first = first


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes by number; `last` is the newest number there is."""

    items: tuple[Change, ...]
    next: int
    last: int


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner with what it has not got. `origin` is all of its address that may be shown."""

    partner: Partner
    origin: str
    backlog: Backlog


class Exchange:
    """Thread-safe; sending itself is the work of one `Deliverer`."""

    def __init__(self, stores: Stores, plain_hosts: Collection[str] = (), policy: DeliveryPolicy | None = None) -> None:
        self._stores = stores
        self._plain_hosts = frozenset(plain_hosts)
        self._policy = policy or DeliveryPolicy()

    def add_partner(  # noqa: PLR0913 - a partner is all of this
        self,
        name: str,
        party: Party,
        url: str,
        wants: Wants,
        *,
        actor: Actor,
        now: datetime,
        random: RandomBytes,
    ) -> SecretStr:
        """Register a partner and return its secret; it is told only here. Raises `PartnerRefused`."""
        try:
            partner = Partner(partner_name(name), party, url, wants, now, actor.name, now)
            if url:
                target_of(url, self._plain_hosts)
        except ValueError as error:
            raise PartnerRefused(str(error)) from None
        secret = _new_secret(random)
        with self._stores.writing() as unit:
            if unit.partners.get(name) is not None:
                raise PartnerRefused(
                    f"there is a partner called {name} already; remove it first, or choose another name"
                )
            unit.partners.add(partner, secret)
        return secret

    def renew_secret(self, name: str, random: RandomBytes) -> SecretStr:
        """Sign with another secret from now on; it is told only here. Raises `PartnerUnknown`."""
        secret = _new_secret(random)
        with self._stores.writing() as unit:
            if unit.partners.get(name) is None:
                raise PartnerUnknown(f"there is no partner called {name}")
            unit.partners.set_secret(name, secret)
        return secret

    def remove_partner(self, name: str) -> None:
        """Send a partner nothing more; what it has not got is dropped. Raises `PartnerUnknown`."""
        with self._stores.writing() as unit:
            if unit.partners.get(name) is None:
                raise PartnerUnknown(f"there is no partner called {name}")
            unit.partners.remove(name)

    def revive(self, name: str, now: datetime) -> int:
        """Send a partner's dead deliveries again, at once; how many. Raises `PartnerUnknown`."""
        with self._stores.writing() as unit:
            partner = unit.partners.get(name)
            if partner is None:
                raise PartnerUnknown(f"there is no partner called {name}")
            unit.partners.save(after_answer(partner, now))
            return unit.deliveries.revive(name, now)

    def partners(self) -> tuple[PartnerView, ...]:
        """All partners, by name."""
        with self._stores.reading() as unit:
            known = unit.partners.all()
            behind = {backlog.partner: backlog for backlog in unit.deliveries.backlog()}
        return tuple(PartnerView(one, self._origin(one.url), behind.get(one.name, Backlog(one.name))) for one in known)

    def names(self) -> tuple[str, ...]:
        """What partners are called, in order."""
        with self._stores.reading() as unit:
            return tuple(one.name for one in unit.partners.all())

    def changes(self, after: int, limit: int) -> ChangePage:
        """Changes behind number `after`, without gaps. Raises `ChangesGone`."""
        self.number()
        with self._stores.reading() as unit:
            first, last = unit.changes.range()
            if after + 1 < first:
                raise ChangesGone(first)
            items = tuple(unit.changes.after(after, min(limit, PAGE_LIMIT_MAX)))
        return ChangePage(items, items[-1].seq or after if items else after, last)

    def transfers(self, page: PageRequest, *, unanswered: bool) -> Page[Transfer]:
        """Cases that were transferred, oldest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.transfers.find(page, unanswered=unanswered)

    def number(self) -> int:
        """Give numbers to everything that has been committed; how many."""
        with self._stores.reading() as unit:
            if not unit.changes.has_unnumbered():
                return 0
        total = 0
        while True:
            with self._stores.writing() as unit:
                given = unit.changes.number(NUMBERED_AT_ONCE)
            total += given
            if given < NUMBERED_AT_ONCE:
                return total

    def callable_partners(self, now: datetime) -> Sequence[Partner]:
        """Those that something waits for and that are not left alone now."""
        with self._stores.reading() as unit:
            waited_for = {backlog.partner for backlog in unit.deliveries.backlog() if backlog.waiting}
            return [one for one in unit.partners.all() if one.name in waited_for and one.next_attempt_at <= now]

    def target(self, partner: Partner) -> Target:
        """Where it is to be sent, by the settings of now. Raises `BadTarget`."""
        return target_of(partner.url, self._plain_hosts)

    def secret(self, partner: Partner) -> SecretStr:
        """What it is signed with; `KeyError` when it was removed."""
        with self._stores.reading() as unit:
            return unit.partners.secret(partner.name)

    def due(self, partner: Partner, now: datetime) -> Sequence[Delivery]:
        """The next deliveries, oldest first."""
        with self._stores.reading() as unit:
            return unit.deliveries.due(partner.name, now, BATCH)

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        """The partner has it."""
        self._note(delivery.partner, lambda partner: after_answer(partner, now), after_success(delivery, now))

    def refused(self, delivery: Delivery, error: str, now: datetime) -> None:
        """The partner does not want this one (`error` must be free of secrets)."""
        after = after_refusal(delivery, error, now, self._policy)
        self._note(delivery.partner, lambda partner: replace(after_answer(partner, now), error=after.error), after)

    def silent(self, partner: Partner, error: str, now: datetime) -> None:
        """The partner is not there (`error` must be free of secrets)."""
        self._note(partner.name, lambda known: after_silence(known, error, now, self._policy), None)

    def give_up(self, now: datetime) -> int:
        """Let die what has waited too long; how many."""
        with self._stores.writing() as unit:
            return unit.deliveries.give_up(now - self._policy.give_up_after, NOT_IN_TIME)

    def _note(self, name: str, change: Callable[[Partner], Partner], delivery: Delivery | None) -> None:
        """Write what became of a delivery and of its partner together; nothing where the partner was removed."""
        with self._stores.writing() as unit:
            known = unit.partners.get(name)
            if known is None:
                return
            after = change(known)
            if replace(after, next_attempt_at=known.next_attempt_at) != known:
                unit.partners.save(after)
            if delivery is not None:
                unit.deliveries.save(delivery)

    def _origin(self, url: str) -> str:
        try:
            return target_of(url, self._plain_hosts).origin if url else ""
        except BadTarget:
            return "not allowed by exchange.plain_hosts any more"


def _new_secret(random: RandomBytes) -> SecretStr:
    return SecretStr(SECRET_PREFIX + new_secret(random(SECRET_BYTES)))
