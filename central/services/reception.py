"""Takes what boxes send: exactly once in effect, in one transaction per batch, whatever the order."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from central.core.cases.intake import IntakePolicy
from central.core.fleet.admission import Admitted, Refused, admit, refuse
from central.core.values import DeadLetterReason, Delivery, ReceptionReport
from central.services.desks.liveness import Liveness
from central.services.desks.round import Outcome, Round
from central.stores.ports import Stores, StoreUnavailable

BATCH_MAX = 200
"""Deliveries that one transaction should hold at most; the caller cuts."""


class Reception:
    """Give it batches in any order; it never raises for bad messages."""

    def __init__(self, stores: Stores, policy: IntakePolicy, liveness: Liveness) -> None:
        self._stores = stores
        self._policy = policy
        self._liveness = liveness

    def connected(self, connection: int, mono_s: float) -> None:
        """Note by which connection to the broker messages come."""
        self._liveness.connected(connection, mono_s)

    def receive(self, deliveries: Sequence[Delivery], now: datetime, mono_s: float) -> ReceptionReport:
        """Commit a batch; acknowledge all of it to the broker when this returns.

        Raises `StoreUnavailable` when nothing could be written: acknowledge nothing, try the same batch again later.
        Bad messages are kept as counted dead letters. Boxes must be registered (`Fleet.add_box`).
        """
        outcomes = self._receive([admit(delivery, now) for delivery in deliveries], now, mono_s)
        for outcome in outcomes:
            with suppress(StoreUnavailable):  # figures may have holes, facts may not
                self._stores.series.write(outcome.points)
        latest = {(due.box, due.watermark.epoch): due for outcome in outcomes for due in outcome.watermarks}
        return ReceptionReport(
            committed=sum(outcome.committed for outcome in outcomes),
            duplicates=sum(outcome.duplicates for outcome in outcomes),
            dead=sum(outcome.dead for outcome in outcomes),
            watermarks=tuple(latest.values()),
        )

    def _receive(self, letters: Sequence[Admitted | Refused], now: datetime, mono_s: float) -> list[Outcome]:
        if not letters:
            return []
        try:
            return [self._commit(letters, now, mono_s)]
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the border: one message that breaks a batch must not block the rest
            if len(letters) == 1:
                return [self._commit([_given_up(letters[0], error)], now, mono_s)]
        return [outcome for letter in letters for outcome in self._receive([letter], now, mono_s)]

    def _commit(self, letters: Sequence[Admitted | Refused], now: datetime, mono_s: float) -> Outcome:
        with self._stores.writing() as unit:
            outcome = Round(unit, self._policy, now, self._liveness.was_heard).run(letters)
            # Before the commit, so that a sweep that waits for this transaction already knows.
            for box in outcome.alive:
                self._liveness.heard(box, mono_s)
            return outcome


def _given_up(letter: Admitted | Refused, error: Exception) -> Refused:
    if isinstance(letter, Refused):
        raise error
    return refuse(
        letter.delivery, letter.topic, letter.message, DeadLetterReason.UNPROCESSABLE, f"broke {type(error).__name__}"
    )
