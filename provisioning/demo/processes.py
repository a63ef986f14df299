"""Real child processes that end with the demo, whatever happens to it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

GRIDWARDEN: Final = (sys.executable, "-P", "-m", "provisioning.main")
ENDING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG: Final = 1
STOP_S = 12.0
KILLED_S = 5.0
TAIL_BYTES = 4_000
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Child:
    """One command of `gridwarden` in a session of its own, so that Ctrl-C in the terminal reaches the demo alone.

    Its outputs go to a log file. `expected_end` is true from the moment that somebody here ended it.
    """

    def __init__(self, name: str, words: Sequence[str | Path], log: Path, folder: Path) -> None:
        """Prepare `gridwarden WORDS`; nothing runs before `start`. `folder` is where it works."""
        self.name = name
        self.expected_end = True
        self._command = [*GRIDWARDEN, *(str(word) for word in words)]
        self._log = log
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the last start."""
        return self._running().pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._running().poll()

    def start(self) -> None:
        """Start it, also again."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_dies_with(os.getpid()),  # noqa: PLW1509 - two system calls, no lock is taken
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self.expected_end = False

    def kill(self) -> None:
        """End it at once (SIGKILL), as a power cut would; its own children have to notice by themselves."""
        self.expected_end = True
        self._running().kill()
        self._running().wait(KILLED_S)

    def ask_to_end(self) -> None:
        """Send SIGTERM, if it runs."""
        self.expected_end = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_ended(self, within_s: float = STOP_S) -> None:
        """Wait for the end, force it after the deadline, and end whatever it left in its session."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within_s)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(KILLED_S)

    def tail(self) -> str:
        """The end of its log."""
        try:
            with self._log.open("rb") as log:
                log.seek(max(0, self._log.stat().st_size - TAIL_BYTES))
                return log.read().decode(errors="replace")
        except OSError:
            return ""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process


def answer_of(words: Sequence[str | Path], folder: Path, within_s: float) -> str:
    """Run a short command to its end and return what it printed; raises `CommandFailed` with what it complained."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [*GRIDWARDEN, *(str(word) for word in words)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise CommandFailed(f"gridwarden {words[0]} {words[1]}: no end after {within_s:g} s") from None
    if done.returncode:
        raise CommandFailed(f"gridwarden {words[0]} {words[1]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


class Interrupted(Exception):
    """A signal asked for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Interruption:
    """The signal that asked this process for its end.

    A handler only notes it, and `check` raises: what a handler raises itself gets lost inside destructors and
    callbacks, and could cut an orderly stop short.
    """

    def __init__(self) -> None:
        self._number: int | None = None

    def check(self) -> None:
        """Raise `Interrupted` when a signal came."""
        if self._number is not None:
            raise Interrupted(self._number)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note the signals that ask for the end, instead of ending."""
        self._number = None
        before = {number: signal.signal(number, self._note) for number in ENDING_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._number = None

    def _note(self, number: int, _: FrameType | None) -> None:
        self._number = self._number or number


INTERRUPTION: Final = Interruption()
"""Signals belong to the process, and so does this."""


class CommandFailed(Exception):
    """A command that prepares the demo did not do its work."""


def _dies_with(parent: int) -> Callable[[], None]:
    """Let the kernel kill the child when the demo ends without a word (`kill -9`); mosquitto keeps this over `exec`."""

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare
