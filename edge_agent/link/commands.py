"""The desk where commands arrive: done once, answered again from the disk."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

import structlog
from pydantic import ValidationError

from edge_agent.core.clock import Clock
from edge_agent.core.commands import RESULTS_MAX, Answer, Obey, receive
from edge_agent.core.evidence.daily_budget import Rank
from edge_agent.core.feedback import SpotMask
from edge_agent.link.evidence import EvidenceShelf
from edge_agent.link.judgements import Judgements
from edge_agent.link.store import EdgeStore, StoreFull
from protocol.messages import Command, CommandName, CommandResult, CommandStatus, EvidenceRef, LookFinding

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A command in work until monotonic `deadline_s`; `pictures` are taken, `missing` of them wait for their upload."""

    deadline_s: float
    pictures: tuple[EvidenceRef, ...] = ()
    missing: frozenset[str] = frozenset()
    finding: LookFinding | None = None


class CommandDesk:
    """Takes commands, tells the cameras, and hands results to `answer`. Safe to use from several threads."""

    def __init__(
        self,
        store: EdgeStore,
        evidence: EvidenceShelf,
        cameras: frozenset[str],
        clock: Clock,
        answer: Callable[[CommandResult], None],
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._cameras = cameras
        self._clock = clock
        self._answer = answer
        self._running: dict[str, Running] = {}
        self._judgements = Judgements(store)
        self._lock = Lock()

    def take(self, command: Command) -> Obey | None:
        """A command arrived; what the cameras must do, None when it is answered already."""
        with self._lock:
            now = self._clock.now()
            known = self._known(command.command)
            decision = receive(command, now, known=known, running=self._running, cameras=self._cameras)
            match decision:
                case Answer():
                    self._answer_finally(decision.result) if decision.keep else self._answer(decision.result)
                    return None
                case Obey() if command.name is CommandName.JUDGED:
                    self._judgements.note(command, now)
                    self._answer_finally(CommandResult(command=command.command, status=CommandStatus.DONE))
                    return decision
                case Obey():
                    self._running[command.command] = Running(self._clock.mono_s() + decision.within_s)
                    self._answer(CommandResult(command=command.command, status=CommandStatus.ACCEPTED))
                    return decision

    def spot_masks(self, camera: str) -> tuple[SpotMask, ...]:
        """What people rejected in front of a camera and is masked now."""
        return self._judgements.masks(camera, self._clock.now())

    def pictures_taken(self, command: str, refs: tuple[EvidenceRef, ...], finding: LookFinding | None = None) -> None:
        """The camera gave its answer; it is `done` only when central has the pictures."""
        with self._lock:
            running = self._running.get(command)
            if running is None:
                return
            missing = frozenset(ref.sha256 for ref in refs)
            self._running[command] = Running(running.deadline_s, refs, missing, finding)
            if not refs:
                self._finish(command, CommandStatus.DONE, "")
        try:
            for ref in refs:
                self._evidence.add(ref, Rank.ASKED)
        except StoreFull as error:
            _log.warning("pictures_not_kept", command=command, reason=str(error))
            self.failed(command, "this box cannot keep the picture: its store takes nothing now")

    def failed(self, command: str, detail: str) -> None:
        """The camera cannot give the picture."""
        with self._lock:
            self._finish(command, CommandStatus.FAILED, detail)

    def uploaded(self, sha256: str) -> None:
        """Central has a picture: the commands that asked for it are done."""
        with self._lock:
            for command, running in list(self._running.items()):
                if sha256 not in running.missing:
                    continue
                left = running.missing - {sha256}
                self._running[command] = replace(running, missing=left)
                if not left:
                    self._finish(command, CommandStatus.DONE, "")

    def sweep(self) -> None:
        """Give up what has passed its deadline."""
        mono_s = self._clock.mono_s()
        with self._lock:
            for command, running in list(self._running.items()):
                if mono_s >= running.deadline_s:
                    late = "central did not take the picture in time" if running.pictures else "no picture in time"
                    self._finish(command, CommandStatus.FAILED, late)

    def _finish(self, command: str, status: CommandStatus, detail: str) -> None:
        running = self._running.pop(command, None)
        if running is None:
            return
        shown = running.pictures if status is CommandStatus.DONE else ()
        result = CommandResult(
            command=command,
            status=status,
            detail=detail,
            evidence=shown[0] if shown else None,
            finding=running.finding,
            pictures=shown,
        )
        self._answer_finally(result)

    def _answer_finally(self, result: CommandResult) -> None:
        try:
            self._remember(result)
        except StoreFull:
            _log.warning("result_not_kept", command=result.command, reason="disk full")
        self._answer(result)

    def _remember(self, result: CommandResult) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO commands SELECT ?, COALESCE(MAX(added), 0) + 1, ? FROM commands WHERE true "
                "ON CONFLICT (command) DO NOTHING",
                (result.command, result.model_dump_json()),
            )
            connection.execute(
                "DELETE FROM commands WHERE added <= (SELECT MAX(added) FROM commands) - ?", (RESULTS_MAX,)
            )

    def _known(self, command: str) -> CommandResult | None:
        for (result,) in self._store.read("SELECT result FROM commands WHERE command = ?", command):
            try:
                return CommandResult.model_validate_json(str(result))
            except ValidationError:
                _log.warning("result_not_read", command=command)
        return None
