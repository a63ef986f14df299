"""Between the MQTT network thread and the ingest thread: bounded, so that a slow database slows the broker down."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from central.core.values import Delivery

WAITING_MAX = 400
"""Twice a batch: one is being written, one waits; the rest stays at the broker."""

OFFER_S = 0.2


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message with what its acknowledgement needs: `mid` is valid within its `connection` only."""

    delivery: Delivery
    mid: int
    qos: int
    connection: int


class Inbox:
    """`put` is called by the network thread, `take` by the ingest thread."""

    def __init__(self, waiting_max: int = WAITING_MAX) -> None:
        self._queue: queue.Queue[Incoming] = queue.Queue(waiting_max)
        self._closed = threading.Event()
        self.shed = 0
        """Heartbeats and other QoS 0 messages that found no room."""

    def put(self, incoming: Incoming) -> None:
        """Add a message. Without room, QoS 0 is shed and QoS 1 blocks: TCP then holds the broker back."""
        while not self._closed.is_set():
            try:
                self._queue.put(incoming, block=incoming.qos > 0, timeout=OFFER_S)
            except queue.Full:
                if incoming.qos == 0:
                    self.shed += 1
                    return
            else:
                return

    def take(self, messages_max: int, idle_s: float, fill_s: float, mono_s: Callable[[], float]) -> list[Incoming]:
        """Up to `messages_max` messages: waits `idle_s` for the first, then `fill_s` at most for the others."""
        try:
            batch = [self._queue.get(timeout=idle_s)]
        except queue.Empty:
            return []
        until_s = mono_s() + fill_s
        while len(batch) < messages_max:
            try:
                batch.append(self._queue.get(timeout=max(0.0, until_s - mono_s())))
            except queue.Empty:
                break
        return batch

    def clear(self) -> None:
        """Forget what waits: it will be redelivered, for it was not acknowledged."""
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                return

    def close(self) -> None:
        """Let a blocked `put` return; nothing is taken in any more."""
        self._closed.set()
