"""Builds the agent, runs it, and ends it in order. The only reader of the clock and the only source of chance."""

import os
import random
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import partial
from pathlib import Path
from types import FrameType

import structlog

from edge_agent.core.clock import Clock
from edge_agent.core.outbox_policy import PATIENCE, Patience
from edge_agent.core.rules import RulesRefused
from edge_agent.inference.detector import ModelRefused
from edge_agent.link.commands import CommandDesk
from edge_agent.link.connection import ConnectionRefused, read_connection
from edge_agent.link.envelopes import Envelopes
from edge_agent.link.evidence import EVIDENCE_FOLDER, EvidenceShelf
from edge_agent.link.evidence_upload import EvidenceUpload
from edge_agent.link.outbox import Outbox
from edge_agent.link.recorder import Recorder
from edge_agent.link.store import EdgeStore, StoreFull, StoreHeld
from edge_agent.link.uplink import BoxWords, Uplink, Waiting
from edge_agent.settings import ConfigRefused, LoadedConfig, load_config
from edge_agent.supervisor.box_words import BoxVoice, local_day
from edge_agent.supervisor.cameras import Cameras
from edge_agent.supervisor.process_log import configure_log
from edge_agent.supervisor.reports import ModelFiles
from edge_agent.supervisor.supervisor import Supervisor
from protocol.joining import Connection
from protocol.plain_text import shown
from protocol.texts import Language, Told, Words

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_MISTAKE = 2
EXIT_ENVIRONMENT = 3
EXIT_INTERRUPTED = 130
LOCK_FILE = "agent.lock"
EPOCH_BYTES = 8
PRIVATE = 0o077
"""What the agent writes (reports, pictures) is for its own user alone, whoever made the folder."""

_NO_MODEL = Words(
    "{file}：没有这个模型文件；请改正 {path} 中的 `model`",
    "{file}: there is no such model file; correct `model` in {path}",
)
_NO_LABELS = Words(
    "{file}：没有这个类别名称文件；请改正 {path} 中 `model` 的 `labels`",
    "{file}: there is no such labels file; correct `labels` of `model` in {path}",
)
_DISK_FULL = Words(
    "{path}：`data_dir` 所在的磁盘已满；请腾出几兆字节",
    "{path}: the disk under `data_dir` is full; free some megabytes there",
)
_UNUSABLE = Words("{folder}：不能用作 `data_dir`：{why}", "{folder}: cannot be used as `data_dir`: {why}")
_IN_USE = Words(
    "{folder}：另一个代理（进程 {holder}）正在使用这个 `data_dir`",
    "{folder}: another agent (process {holder}) uses this `data_dir`",
)
_UNKNOWN = Words("不明", "unknown")

_log = structlog.get_logger(__name__)


class DataDirBusy(Told):
    """Another agent uses the folder, or nobody may."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for, checked as far as it can be before anything starts."""

    loaded: LoadedConfig
    connection: Connection
    data_dir: Path
    model: ModelFiles | None


def run_agent(
    config_path: Path,
    cameras: Cameras | None = None,
    patience: Patience = PATIENCE,
    language: Language = Language.ENGLISH,
) -> int:
    """Run until SIGTERM (returns 0) or Ctrl-C (130); 2 with a sentence for a mistake, before anything has started.

    `cameras` takes the place of real cameras in delivery tests, which may also have less `patience` with central.
    """
    os.umask(PRIVATE)
    configure_log()
    try:
        wishes = _read_wishes(config_path)
        with _locked(wishes.data_dir):
            return _run(wishes, cameras, patience)
    except (ConfigRefused, ConnectionRefused, ModelRefused, RulesRefused, DataDirBusy) as mistake:
        sys.stderr.write(f"{shown(mistake.say(language))}\n")
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except StoreFull:
        sys.stderr.write(f"{_DISK_FULL.say(language, path=config_path)}\n")
        return EXIT_ENVIRONMENT


def _read_wishes(config_path: Path) -> Wishes:
    loaded = load_config(config_path)
    config = loaded.config
    connection = read_connection(loaded.resolve(config.connection), config)
    model = None
    if config.model is not None:
        labels = loaded.resolve(config.model.labels) if config.model.labels else None
        path = loaded.resolve(config.model.path)
        for file, words in ((path, _NO_MODEL), (labels, _NO_LABELS)):
            if file is not None and not file.is_file():
                raise ModelRefused(words, file=file, path=config_path)
        model = ModelFiles(path, labels, config.model.layout, config.model.threshold, config.model.sha256)
    return Wishes(loaded, connection, loaded.resolve(config.data_dir), model)


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Hold `data_dir` alone; raises `DataDirBusy`."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / LOCK_FILE).open("a+")
    except OSError as error:
        raise DataDirBusy(_UNUSABLE, folder=data_dir, why=error.strerror) from None
    with file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip() or _UNKNOWN
            raise DataDirBusy(_IN_USE, folder=data_dir, holder=holder) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _run(wishes: Wishes, cameras: Cameras | None, patience: Patience) -> int:
    clock = Clock(partial(datetime.now, UTC), time.monotonic)
    draw = random.SystemRandom().random
    if cameras is None:
        evidence_folder = wishes.data_dir / EVIDENCE_FOLDER
        supervisor = Supervisor(wishes.loaded.config, evidence_folder, wishes.model, clock, draw)
        supervisor.prepare()
        cameras = supervisor
    try:
        agent = Agent(wishes, cameras, clock, patience)
    except (OSError, sqlite3.Error, StoreHeld) as error:
        raise DataDirBusy(_UNUSABLE, folder=wishes.data_dir, why=error) from None
    try:
        return agent.run()
    finally:
        agent.close()


class Agent:
    """All parts of the main process, wired."""

    def __init__(self, wishes: Wishes, cameras: Cameras, clock: Clock, patience: Patience) -> None:
        config, connection = wishes.loaded.config, wishes.connection
        draw = random.SystemRandom().random
        self._cameras = cameras
        self._store = EdgeStore(wishes.data_dir, os.urandom(EPOCH_BYTES).hex())
        self._warn_of_damage()
        envelopes = Envelopes(config.site, config.box, self._store.boot, clock, clock.mono_s(), os.urandom)
        outbox = Outbox(self._store, envelopes)
        self._shelf = EvidenceShelf(
            self._store, partial(local_day, config, clock), config.uplink.evidence_bytes_per_day
        )
        self._uplink = Uplink(connection, outbox, self._shelf, envelopes, Waiting(draw, patience))
        self._recorder = Recorder(self._store, outbox, envelopes, config.outbox, self._wake)
        names = frozenset(camera.id for camera in config.cameras)
        self._desk = CommandDesk(self._store, self._shelf, names, clock, self._uplink.answer)
        self._upload = EvidenceUpload(connection, self._shelf, config, draw, self._desk.uploaded)
        self._voice = BoxVoice(wishes.loaded, self._store, outbox, cameras, clock)
        self._voice.lost_untold = lambda: self._recorder.lost_untold
        self._stop = threading.Event()
        self._exit_code = EXIT_DONE

    def run(self) -> int:
        """Run until a signal, or until a part fails; the exit code."""
        with self._signals():
            _log.info("started", process=os.getpid(), boot=self._store.boot, epoch=self._store.epoch)
            self._shelf.sweep_orphans()
            self._uplink.start(self._desk, BoxWords(self._voice.birth, self._voice.heartbeat, self._cameras.obey))
            self._upload.start()
            self._cameras.run(self._recorder, self._desk, self._stop)
            self._uplink.stop()
            self._upload.stop()
            _log.info("stopped", exit_code=self._exit_code)
        return self._exit_code

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _wake(self) -> None:
        self._uplink.wake()
        self._shelf.pending.set()

    def _warn_of_damage(self) -> None:
        if self._store.set_aside is not None:
            _log.error("store_damaged", set_aside=str(self._store.set_aside), epoch=self._store.epoch)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Signals and failing threads end the agent in order, once."""
        threading.excepthook = self._thread_failed
        before = {number: signal.signal(number, self._told) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            threading.excepthook = threading.__excepthook__
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told(self, number: int, _frame: FrameType | None) -> None:
        self._exit_code = EXIT_INTERRUPTED if number == signal.SIGINT else EXIT_DONE
        self._stop.set()

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        name = failure.thread.name if failure.thread else "?"
        _log.error("thread_failed", thread=name, error=f"{failure.exc_type.__name__}: {failure.exc_value}")
        self._exit_code = EXIT_FAILED
        self._stop.set()
