"""Sends what partners are waiting for: numbered, signed, in order of each case, one partner after the other."""

import threading

import structlog

from central.core.clock import Clock
from central.core.exchange import BadTarget, Delivery, Partner, body_of
from central.core.exchange.signing import headers_of
from central.notify.channel import Permanent, Retryable
from central.notify.webhook import Sender
from central.services.exchange import Exchange

PARTNER_S_MAX = 20.0
"""So long one partner is served before it is the next one's turn."""

log = structlog.get_logger(__name__)


class Deliverer:
    """`step` is a regular job in a thread of its own: a partner may take seconds."""

    def __init__(self, exchange: Exchange, sender: Sender, clock: Clock) -> None:
        self._exchange = exchange
        self._sender = sender
        self._clock = clock
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Begin nothing any more."""
        self._stopping.set()

    def step(self) -> None:
        """Number what was committed, send what is due, give up what nobody took in time."""
        self._exchange.number()
        for partner in self._exchange.callable_partners(self._clock.now()):
            self._serve(partner)
        given_up = self._exchange.give_up(self._clock.now())
        if given_up:
            log.warning("deliveries given up", count=given_up)

    def _serve(self, partner: Partner) -> None:
        end_s = self._clock.mono_s() + PARTNER_S_MAX
        held_up: set[str] = set()
        while True:
            due = [one for one in self._exchange.due(partner, self._clock.now()) if one.change.subject not in held_up]
            for delivery in due:
                if self._stopping.is_set() or self._clock.mono_s() >= end_s:
                    return
                if delivery.change.subject not in held_up and not self._send(partner, delivery, held_up):
                    return
            if not due:
                return

    def _send(self, partner: Partner, delivery: Delivery, held_up: set[str]) -> bool:
        """Send one; whether the partner is there for more."""
        body = body_of(delivery.change)
        try:
            target = self._exchange.target(partner)
            secret = self._exchange.secret(partner).get_secret_value()
            self._sender.send(target, headers_of(secret, int(self._clock.now().timestamp()), body), body)
        except KeyError:
            return False
        except Permanent as error:
            log.warning("a partner refuses a delivery", partner=partner.name, reason=str(error))
            self._exchange.refused(delivery, str(error), self._clock.now())
            held_up.add(delivery.change.subject)
            return True
        except (Retryable, BadTarget) as error:
            log.warning("a partner does not answer", partner=partner.name, reason=str(error))
            self._exchange.silent(partner, str(error), self._clock.now())
            return False
        self._exchange.delivered(delivery, self._clock.now())
        return True
