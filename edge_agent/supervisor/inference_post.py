"""The inference process as the main process sees it: asked, answered, and replaced when it hangs or dies."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import structlog

from edge_agent.core import backoff
from edge_agent.core.clock import Clock
from edge_agent.core.turns import Request
from edge_agent.core.values import ModelIdentity
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.preprocess import Fitting
from edge_agent.link.machine import rss_bytes
from edge_agent.supervisor.bonds import end_process
from edge_agent.supervisor.reports import (
    Crashed,
    Detect,
    Detected,
    DetectionWanted,
    FromInference,
    LookRefused,
    Ready,
    Refused,
    Seen,
    TurnLost,
)

LOAD_S_MAX = 30.0
ANSWER_S_MAX = 10.0
RSS_BYTES_MAX = 2_000_000_000
"""The largest models that are read (512 MB) need less; a process that leaks is replaced."""
RSS_LOOK_S = 10.0
REFUSED_TOLD_S = 60.0
HELD_S = 30.0
"""A process that answered for this long was a good one: the next is started at once."""

_log = structlog.get_logger(__name__)


class InferencePost:
    """`start` begins a process, `ask` and `heard` relay, `tick` watches. Lost requests are answered as lost."""

    def __init__(
        self,
        start: Callable[[], tuple[BaseProcess, Connection]],
        clock: Clock,
        draw: Callable[[], float],
        answer: Callable[[int, Detected | TurnLost], None],
        rss_bytes_max: int = RSS_BYTES_MAX,
    ) -> None:
        self.pipe: Connection | None = None
        self.process_id: int | None = None
        """Of the running process; other threads read it, so it is gone before the process is."""
        self.identity: ModelIdentity | None = None
        self.fitting: Fitting | None = None
        self.refusal: ModelRefused | None = None
        self.restarts = 0
        self._start = start
        self._clock = clock
        self._draw = draw
        self._answer = answer
        self._rss_bytes_max = rss_bytes_max
        self._rss_look_s = 0.0
        self._process: BaseProcess | None = None
        self._ready = False
        self._started_s = 0.0
        self._backoff = backoff.at_start(clock.mono_s())
        self._asked: dict[int, int] = {}
        self._refused_looks, self._refused_told_s = 0, -REFUSED_TOLD_S
        self._answered_s = 0.0
        """When it last answered, or was asked while it had nothing to do."""

    def start(self) -> None:
        """Begin a process; it says `Ready` when the model is loaded."""
        self._process, self.pipe = self._start()
        self.process_id = self._process.pid
        self._ready, self._started_s = False, self._clock.mono_s()

    def ask(self, place: int, wanted: DetectionWanted) -> None:
        """Let the detector look at the slot of camera `place`; an answer comes, at worst that the turn is lost.

        A camera has one open request at most: a second one means that it stopped waiting for the first.
        """
        if not self._ready or self.pipe is None:
            self._answer(place, TurnLost(wanted.seq))
            return
        if not self._asked:
            self._answered_s = self._clock.mono_s()
        self._asked[place] = wanted.seq
        try:
            self.pipe.send(Detect(Request(place, wanted.seq, wanted.due_s, wanted.latency_s)))
        except OSError:
            self.gone()

    def heard(self, report: FromInference) -> None:
        """The process said something."""
        match report:
            case Ready(identity=identity) if self.identity not in {None, identity}:
                advice = "restart the agent to watch with the new model, or put the old file back"
                _log.error("model_changed", loaded=str(self.identity), found=str(identity), advice=advice)
                self.gone()
            case Ready(identity=identity, fitting=fitting):
                self._ready, self.identity, self.fitting = True, identity, fitting
                _log.info("model_loaded", name=identity.name, sha256=identity.sha256)
            case Refused(texts=texts):
                self.refusal = ModelRefused.from_texts(texts)
                _log.error("model_refused", detail=str(self.refusal))
            case Seen(place=place, asked=asked, seq=seq, detections=detections):
                self._answered_s = self._clock.mono_s()
                if self._asked.get(place) == asked:
                    del self._asked[place]
                self._answer(place, TurnLost(asked) if detections is None else Detected(asked, seq, detections))
            case LookRefused(detail=detail):
                self._refused_looks += 1
                self._tell_refused(detail, self._clock.mono_s())
            case Crashed(detail=detail):
                _log.error("inference_failed", detail=detail)

    def _tell_refused(self, detail: str, mono_s: float) -> None:
        """Say now and then that the model is blind: no rule sees anything at such looks."""
        if mono_s - self._refused_told_s >= REFUSED_TOLD_S:
            _log.error("looks_refused", looks=self._refused_looks, detail=detail)
            self._refused_looks, self._refused_told_s = 0, mono_s

    def gone(self) -> None:
        """The process ended, or must end: forget it, answer what is open, plan the next one."""
        mono_s = self._clock.mono_s()
        self.end()
        self.restarts += 1
        if self._ready and mono_s - self._started_s >= HELD_S:
            self._backoff = backoff.after_held(self._backoff)
        self._backoff = backoff.after_failure(self._backoff, mono_s, self._draw())
        self._ready = False
        _log.error("inference_gone", restarts=self.restarts, again_in_s=round(self._backoff.due_s - mono_s, 1))
        for place, asked in list(self._asked.items()):
            self._answer(place, TurnLost(asked))
        self._asked.clear()

    def tick(self, mono_s: float) -> None:
        """Kill what hangs or leaks, start what is due."""
        if self._process is None:
            if mono_s >= self._backoff.due_s:
                self.start()
            return
        loading_hangs = not self._ready and mono_s - self._started_s > LOAD_S_MAX
        answer_hangs = bool(self._asked) and mono_s - self._answered_s > ANSWER_S_MAX
        if loading_hangs or answer_hangs:
            _log.error("inference_hung")
            self.gone()
        elif mono_s >= self._rss_look_s and self.process_id is not None:
            self._rss_look_s = mono_s + RSS_LOOK_S
            used = rss_bytes((self.process_id,))
            if used > self._rss_bytes_max:
                _log.error("inference_too_large", rss_bytes=used)
                self.gone()

    def end(self) -> None:
        """Kill the process; it holds nothing that could be lost."""
        self.process_id = None
        end_process(self._process, self.pipe)
        self._process = self.pipe = None
