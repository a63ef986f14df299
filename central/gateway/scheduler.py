"""What happens by the clock: one thread, jobs of different rhythms, none of which can stop the others."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from central.stores.ports import StoreUnavailable
from protocol.camera_url import redact

TICK_S_MAX = 0.5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every `every_s` seconds, first at once."""

    name: str
    every_s: float
    action: Callable[[], object]


class Scheduler:
    """`run` is the thread's body; `step` does what is due."""

    def __init__(self, jobs: Sequence[Job], mono_s: Callable[[], float]) -> None:
        self._jobs = tuple(jobs)
        self._mono_s = mono_s
        self._due_at_s = {job.name: mono_s() for job in jobs}
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping.is_set():
            self._stopping.wait(self.step())

    def stop(self) -> None:
        """Let `run` end after the job in hand."""
        self._stopping.set()

    def step(self) -> float:
        """Do what is due; seconds until the next job."""
        for job in self._jobs:
            if self._mono_s() >= self._due_at_s[job.name]:
                self._do(job)
                self._due_at_s[job.name] = self._mono_s() + job.every_s
        return max(0.0, min(TICK_S_MAX, min(self._due_at_s.values()) - self._mono_s()))

    def _do(self, job: Job) -> None:
        try:
            job.action()
        except StoreUnavailable as error:
            log.warning("the database does not answer", job=job.name, reason=str(error))
        except Exception as error:  # noqa: BLE001 - a border: one job's defect must not stop the others
            log.error(  # noqa: TRY400 - a trace back would repeat the error's text unmasked
                "a defect in a regular job", job=job.name, error=type(error).__name__, detail=redact(str(error))[:300]
            )
