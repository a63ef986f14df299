"""What of the outbox goes out now: live reports first, backlog at its pace, everything again when central is silent."""

from collections.abc import Callable

import structlog

from edge_agent.core import outbox_policy as policy
from edge_agent.core.outbox_policy import Run
from edge_agent.link.outbox import Outbox, Row
from protocol.messages import GapReason, SeqRange, Watermark

_log = structlog.get_logger(__name__)


class Sender:
    """One connection's view of the outbox; `publish` sends one row."""

    def __init__(
        self,
        outbox: Outbox,
        publish: Callable[[Row], None],
        presence: policy.CentralPresence,
        mono_s: float,
        patience: policy.Patience = policy.PATIENCE,
    ) -> None:
        """Everything that is on disk now is backlog; what comes later is live."""
        self._outbox = outbox
        self._publish = publish
        self._patience = patience
        self._flight: policy.Flight = {}
        self._missed: dict[int, int] = {}
        self._told_missing: tuple[SeqRange, ...] = ()
        self._forgotten_since_s: float | None = None
        self._pace = policy.full_pace(mono_s)
        self._progress = policy.progressed(mono_s)
        self._presence = presence
        self._upto = 0
        self._gaps_after = 0
        self._backlog_after = 0
        self._live_after = outbox.last_seq()
        self._boundary = self._live_after

    @property
    def waiting_for_pace(self) -> bool:
        """Whether backlog is left that may go soon."""
        return self._backlog_after < self._boundary

    def central_there(self, presence: policy.CentralPresence) -> None:
        """Central's presence is known anew."""
        self._presence = presence

    @property
    def presence(self) -> policy.CentralPresence:
        """Central's presence as known now."""
        return self._presence

    def step(self, mono_s: float, draw: float) -> None:
        """Send what may go now."""
        self._send_live(mono_s)
        if not policy.is_there(self._presence, mono_s):
            return
        if not self._flight:
            self._progress = policy.Progress(mono_s, self._progress.wait_s)
        elif policy.resend_due(self._progress, mono_s):
            self._begin_again(mono_s)
        self._send_gaps(mono_s)
        self._send_backlog(mono_s, draw)

    def commit(self, watermark: Watermark, mono_s: float) -> None:
        """Central says how far it has come."""
        self._presence = policy.central_spoke(mono_s)
        if not self._outbox.acknowledge(watermark.epoch, watermark.upto):
            return
        if watermark.upto > self._upto:
            self._upto = watermark.upto
            self._flight = policy.committed(self._flight, watermark.upto)
            self._progress = policy.progressed(mono_s)
        self._told_missing = watermark.missing
        self._cover_forgotten(watermark, mono_s)
        for seq in self._judge_missing(mono_s):
            for row in self._outbox.rows(seq - 1, seq, 1):
                self._publish(row)

    def _send_gaps(self, mono_s: float) -> None:
        """Gap records overtake everything, full window or not.

        The watermark waits at what they cover: behind a full window they would never be sent, and it would never move.
        """
        for row in self._outbox.gap_rows(self._gaps_after, policy.GAPS_AT_ONCE_MAX):
            self._send(row, mono_s)
            self._gaps_after = row.seq

    def _send_live(self, mono_s: float) -> None:
        rows = self._outbox.rows(self._live_after, policy.SEQ_ANY, policy.room(self._flight, live=True))
        for row in rows:
            self._send(row, mono_s)
            self._live_after = row.seq

    def _send_backlog(self, mono_s: float, draw: float) -> None:
        if not self.waiting_for_pace:
            return
        wanted = policy.room(self._flight, live=False)
        self._pace, granted = policy.take(self._pace, wanted, mono_s, draw)
        rows = self._outbox.rows(self._backlog_after, self._boundary, granted)
        for row in rows:
            self._send(row, mono_s)
            self._backlog_after = row.seq
        if len(rows) < granted:
            self._backlog_after = self._boundary

    def _begin_again(self, mono_s: float) -> None:
        """Send all that is in flight once more; what central misses has had one more chance."""
        _log.info("reports_sent_again", in_flight=len(self._flight), waited_s=self._progress.wait_s)
        self._judge_missing(mono_s)
        self._missed = {seq: sent.resends for seq, sent in self._flight.items() if sent.resends}
        self._flight = {}
        self._gaps_after = self._backlog_after = self._upto
        self._boundary = self._live_after
        self._progress = policy.after_resend(self._progress, mono_s)

    def _judge_missing(self, mono_s: float) -> tuple[int, ...]:
        """Give up what central refuses; the rest of what it misses is to be sent again."""
        verdict = policy.judge_missing(self._flight, self._told_missing, mono_s, self._patience)
        self._flight = verdict.flight
        if verdict.give_up:
            _log.error("reports_refused_by_central", seqs=list(verdict.give_up))
            runs = [Run(seq, seq, 1, 0) for seq in verdict.give_up]
            self._outbox.give_up(runs, GapReason.REFUSED_BY_CENTRAL)
        return verdict.resend

    def _cover_forgotten(self, watermark: Watermark, mono_s: float) -> None:
        """Tell a central that lost its memory what will never come again, so that its watermark can pass."""
        kept_first = self._outbox.first_kept()
        missed = policy.missed(watermark, kept_first)
        below = any(part.first < kept_first for part in missed)
        parts = policy.forgotten(missed, kept_first, self._outbox.gap_ranges()) if below else ()
        if not parts:
            self._forgotten_since_s = None
        elif self._forgotten_since_s is None:
            self._forgotten_since_s = mono_s
        elif mono_s - self._forgotten_since_s >= policy.FORGOTTEN_S:
            _log.error("reports_forgotten_by_central", ranges=[(part.first, part.last) for part in parts])
            runs = [Run(part.first, part.last, part.last - part.first + 1, 0) for part in parts]
            self._outbox.give_up(runs, GapReason.FORGOTTEN_BY_CENTRAL)
            self._forgotten_since_s = None

    def _send(self, row: Row, mono_s: float) -> None:
        if row.seq in self._flight:
            return
        self._publish(row)
        self._flight = {**self._flight, row.seq: policy.Sent(mono_s, self._missed.get(row.seq, 0))}
