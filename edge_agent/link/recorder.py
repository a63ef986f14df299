"""Where facts enter: on disk first, then the sender is woken."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

import structlog

from edge_agent.core.outbox_policy import EVICT_SHARE, choose_victims
from edge_agent.link.envelopes import Envelopes, Report
from edge_agent.link.outbox import Outbox
from edge_agent.link.store import EdgeStore, StoreFull, StoreHeld
from protocol.configuration import OutboxConfig
from protocol.messages import CameraTransition, EndReason, GapReason, SceneEvent, ScenePhase

LOST_UNTOLD_MAX = 1_000_000

_log = structlog.get_logger(__name__)


class Recorder:
    """Writes reports within the limits of `OutboxConfig`; never raises because a disk is full, but counts."""

    def __init__(
        self, store: EdgeStore, outbox: Outbox, envelopes: Envelopes, limits: OutboxConfig, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._envelopes = envelopes
        self._limits = limits
        self._wake = wake
        self._lock = Lock()
        self._lost = 0

    @property
    def lost_untold(self) -> int:
        """Reports that could not be written and are not yet in a gap record."""
        return self._lost

    def scene(self, event: SceneEvent) -> bool:
        """Keep a scene report; False when it was known already or is lost."""
        return self._keep(self._envelopes.scene(event))

    def camera(self, transition: CameraTransition) -> bool:
        """Keep a camera's change of state."""
        return self._keep(self._envelopes.camera(transition))

    def knows(self, identity: str) -> bool:
        """Whether the report of this id is on disk or was."""
        return self._outbox.knows(identity)

    def interrupt_episodes(self, camera: str | None = None) -> int:
        """End what is open, of one camera or of all, because nobody looks any more; how many."""
        open_episodes = self._outbox.open_episodes(camera)
        for event in open_episodes:
            self.scene(interrupted(event, event.last_seen_at))
        return len(open_episodes)

    def _keep(self, report: Report) -> bool:
        with self._lock:
            kept = self._write(report)
        self._wake()
        return kept

    def _write(self, report: Report) -> bool:
        try:
            self._tell_lost()
            written = self._outbox.append(report) is not None
        except StoreHeld as error:
            return self._lose(report, str(error))
        except StoreFull:
            written = self._write_after_making_room(report)
        self._keep_within_bytes()
        return written

    def _write_after_making_room(self, report: Report) -> bool:
        self._store.spend_ballast()
        try:
            self._evict(int(self._outbox.bytes * EVICT_SHARE) + 1, GapReason.DISK_FULL)
            return self._outbox.append(report) is not None
        except StoreFull:
            return self._lose(report, "disk full")

    def _lose(self, report: Report, reason: str) -> bool:
        self._lost = min(self._lost + 1, LOST_UNTOLD_MAX)
        _log.error("report_lost", reason=reason, type=report.type, lost=self._lost)
        return False

    def _tell_lost(self) -> None:
        if self._lost:
            self._outbox.append_lost(self._lost)
            self._lost = 0
            self._store.keep_ballast()

    def _keep_within_bytes(self) -> None:
        excess = self._outbox.bytes - self._limits.bytes_max
        if excess <= 0:
            return
        try:
            self._evict(excess + int(self._limits.bytes_max * EVICT_SHARE), GapReason.BYTES_MAX)
        except StoreFull:
            _log.warning("eviction_failed", reason="disk full")

    def _evict(self, free_bytes: int, reason: GapReason) -> None:
        runs = choose_victims(self._outbox.stored(), free_bytes)
        if runs:
            self._outbox.give_up(runs, reason)
            _log.warning("reports_given_up", reason=reason, count=sum(run.count for run in runs))


def interrupted(event: SceneEvent, ended_at: datetime) -> SceneEvent:
    """The end of an episode that nobody watches any more; nothing is claimed about its cause."""
    ending = {
        "update": event.update + 1,
        "phase": ScenePhase.ENDED,
        "ended_at": ended_at,
        "end_reason": EndReason.INTERRUPTED,
        "evidence": (),
    }
    return event.model_copy(update=ending)
