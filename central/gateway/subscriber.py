"""The ingest thread: batches from the inbox into one transaction each, acknowledged only when that is committed."""

import threading
from collections.abc import Callable, Sequence

import structlog

from central.core.clock import Clock
from central.core.values import ReceptionReport
from central.gateway.inbox import Inbox, Incoming
from central.gateway.mqtt_client import MqttClient
from central.gateway.publisher import WATERMARK_EVERY_S, WatermarkSender
from central.services.reception import BATCH_MAX, Reception
from central.stores.ports import StoreUnavailable
from protocol.camera_url import redact

IDLE_S = 0.5
FILL_S = 0.02
RETRY_S_MIN = 0.2
RETRY_S_MAX = 5.0
DOUBLINGS_MAX = 10
REDELIVERY_PAUSE_S = 5.0

log = structlog.get_logger(__name__)


def retry_pause_s(attempt: int, draw: float) -> float:
    """Pause before try `attempt` (from 1): doubling, half of it by lot (`draw` in 0..1), `RETRY_S_MAX` at most."""
    ceiling_s = min(RETRY_S_MAX, RETRY_S_MIN * 2.0 ** min(attempt, DOUBLINGS_MAX))
    return ceiling_s / 2 + ceiling_s / 2 * draw


class Subscriber:
    """`run` is the thread's body; `step` is one round of it. `draw` gives 0..1 by lot."""

    def __init__(  # noqa: PLR0913 - where messages come from and go to, time, and lots
        self,
        reception: Reception,
        client: MqttClient,
        inbox: Inbox,
        watermarks: WatermarkSender,
        clock: Clock,
        *,
        draw: Callable[[], float],
    ) -> None:
        self._reception = reception
        self._client = client
        self._inbox = inbox
        self._watermarks = watermarks
        self._clock = clock
        self._draw = draw
        self._stopping = threading.Event()
        self.defects = 0
        """Batches that a defect of ours kept from being written."""

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping.is_set():
            self.step()

    def stop(self) -> None:
        """Let `run` end after the batch in hand."""
        self._stopping.set()

    def step(self) -> None:
        """Take, commit, acknowledge, tell the boxes."""
        idle_s = WATERMARK_EVERY_S if self._watermarks.waiting else IDLE_S
        batch = self._inbox.take(BATCH_MAX, idle_s, FILL_S, self._clock.mono_s)
        if batch:
            self._reception.connected(batch[-1].connection, self._clock.mono_s())
        report = self._commit(batch) if batch else None
        if report is not None:
            for incoming in batch:
                self._client.acknowledge(incoming)
            self._watermarks.offer(report.watermarks)
        self._watermarks.flush(self._clock.mono_s())

    def _commit(self, batch: Sequence[Incoming]) -> ReceptionReport | None:
        """The report once the batch is committed; None when it will be delivered again."""
        deliveries = [incoming.delivery for incoming in batch]
        attempt = 0
        while not self._stopping.is_set():
            try:
                return self._reception.receive(deliveries, self._clock.now(), self._clock.mono_s())
            except StoreUnavailable as error:
                attempt += 1
                pause_s = retry_pause_s(attempt, self._draw())
                log.warning(
                    "the database takes nothing; boxes keep their reports", reason=str(error), retry_s=round(pause_s, 1)
                )
                self._stopping.wait(pause_s)
            except Exception as error:  # noqa: BLE001 - the one border that must outlive a defect: nothing is lost meanwhile
                self._give_back(error)
                return None
        return None

    def _give_back(self, error: Exception) -> None:
        """Leave the batch to the broker and get it again after a pause."""
        self.defects += 1
        log.error(
            "a defect keeps messages from being stored", error=type(error).__name__, detail=redact(str(error))[:300]
        )
        self._client.drop_connection()
        self._inbox.clear()
        self._stopping.wait(REDELIVERY_PAUSE_S)
        self._inbox.clear()
