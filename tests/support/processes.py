"""Start a program in a process group of its own, capture what it prints, and be sure that it is gone afterwards."""

import os
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGINT, SIGKILL, SIGSTOP, SIGTERM, Signals
from types import TracebackType
from typing import Self

from tests.support.until import until

STOP_S = 10.0
KILL_S = 5.0
MARK = "TEST_PROCESS_MARK"
ENGLISH = {"LC_ALL": "en_US.UTF-8"}
"""The environment of commands whose words a test reads."""


class Process:
    """One running program.

    Its standard output and error go to files, so that a slow reader never blocks it. It leads a process group of its
    own, and its environment carries a mark that all its descendants inherit: `survivors` finds them, `stop` ends them.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        *,
        name: str = "process",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Start `command`; `env` is added to this environment, output goes to `name`.out and .err in `folder`."""
        self.name = name
        self._mark = uuid.uuid4().hex
        self._out_path = folder / f"{name}.out"
        self._err_path = folder / f"{name}.err"
        with self._out_path.open("ab") as out, self._err_path.open("ab") as err:
            self._popen = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, **(env or {}), MARK: self._mark},
                cwd=cwd,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id, also the id of its process group."""
        return self._popen.pid

    @property
    def out(self) -> str:
        """Everything printed to standard output so far."""
        return self._out_path.read_text(errors="replace")

    @property
    def err(self) -> str:
        """Everything printed to standard error so far."""
        return self._err_path.read_text(errors="replace")

    @property
    def exit_code(self) -> int | None:
        """The exit code (negative: ended by that signal), None while running."""
        return self._popen.poll()

    def running(self) -> bool:
        """Tell whether the program itself still runs."""
        return self.exit_code is None

    def wait(self, within_s: float = STOP_S) -> int:
        """Wait for the end and return the exit code; AssertionError with the output after the deadline."""
        try:
            return self._popen.wait(within_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {within_s:g} s\n{self.report()}") from None

    def wait_for(self, text: str, within_s: float = STOP_S) -> str:
        """Wait until `text` stands in standard output or error; return the output. Fails at once when it ends early."""

        def seen() -> str | None:
            ended = not self.running()
            printed = self.out + self.err
            if text in printed:
                return printed
            assert not ended, f"{self.name} ended ({self.exit_code}) before it printed {text!r}\n{self.report()}"
            return None

        return until(seen, within_s=within_s, what=lambda: f"{self.name} printing {text!r}\n{self.report()}")

    def signal(self, number: Signals) -> None:
        """Send a signal to the program alone; nothing happens when it has ended."""
        self._popen.send_signal(number)

    def interrupt(self) -> None:
        """Do what Ctrl-C in a terminal does: SIGINT to the whole group."""
        self._signal_group(SIGINT)

    def freeze(self) -> None:
        """Stop it without closing anything (SIGSTOP): sockets stay open, nothing answers."""
        self.signal(SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen program go on (SIGCONT)."""
        self.signal(SIGCONT)

    def kill(self) -> None:
        """End the program alone at once (SIGKILL), as a power cut would; its children are left as they are."""
        self.signal(SIGKILL)
        self._popen.wait(KILL_S)

    def survivors(self) -> tuple[int, ...]:
        """Return the ids of its living descendants, zombies apart, the program itself included while it runs."""
        return tuple(pid for pid in _process_ids() if _carries(pid, f"{MARK}={self._mark}"))

    def stop(self, within_s: float = STOP_S) -> int:
        """End it politely, then by force, and all its descendants; return its exit code. May be called twice."""
        if self.running():
            self.thaw()
            self.signal(SIGTERM)
            try:
                self._popen.wait(within_s)
            except subprocess.TimeoutExpired:
                self.kill()
        for pid in self.survivors():
            _kill(pid)
        return self._popen.wait(KILL_S)

    def report(self, characters_max: int = 4000) -> str:
        """Return the ends of both outputs, for the message of a failed test."""
        return f"--- {self.name} out\n{self.out[-characters_max:]}\n--- {self.name} err\n{self.err[-characters_max:]}"

    def _signal_group(self, number: Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return


class Processes:
    """Starts programs and stops them all, newest first: what the fixture `start_process` hands out."""

    def __init__(self, folder: Path) -> None:
        """Keep the outputs of all programs in `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._started: list[Process] = []

    def __call__(
        self,
        *command: str | Path,
        name: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Process:
        """Start a program; see `Process`."""
        label = name or f"{len(self._started):02d}-{Path(command[0]).name}"
        process = Process(command, self.folder, name=label, env=env, cwd=cwd)
        self._started.append(process)
        return process

    def stop(self) -> None:
        """Stop every program that was started here."""
        for process in reversed(self._started):
            process.stop()


@contextmanager
def processes_in(folder: Path) -> Iterator[Processes]:
    """Hand out a starter of programs, and stop them all at the end."""
    processes = Processes(folder)
    try:
        yield processes
    finally:
        processes.stop()


def _process_ids() -> tuple[int, ...]:
    return tuple(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())


def _carries(pid: int, assignment: str) -> bool:
    """Tell whether a living process was started with `NAME=value` in its environment."""
    try:
        environment = Path("/proc", str(pid), "environ").read_bytes()
    except OSError:
        return False
    return assignment.encode() in environment.split(b"\0")


def _kill(pid: int) -> None:
    try:
        os.kill(pid, SIGKILL)
    except ProcessLookupError:
        return
