"""A real Mosquitto on a free loopback port, which tests may kill, freeze and start again."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.support.need import need_program
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Process, Processes
from tests.support.until import until

OPEN_TO_ALL = "allow_anonymous true\n"
START_S = 10.0


class Mosquitto:
    """A running broker. `process` changes with every `start`; host and port stay."""

    host = LOOPBACK

    def __init__(self, start_process: Processes, config: str) -> None:
        """Start a broker with `config` (mosquitto.conf lines; the listener is added) and wait until it accepts."""
        self.port = free_port()
        self._program = need_program("mosquitto")
        self._start_process = start_process
        self.config_path = start_process.folder / f"mosquitto-{self.port}.conf"
        self.config_path.write_text(f"{_user_line()}listener {self.port} {LOOPBACK}\n{config}")
        self.process = self.start()

    @property
    def url(self) -> str:
        """The address as settings take it: `mqtt://127.0.0.1:PORT`."""
        return f"mqtt://{self.host}:{self.port}"

    def start(self) -> Process:
        """Start it, also after `process.kill()` or `process.stop()`, on the same port."""
        self.process = self._start_process(self._program, "-v", "-c", self.config_path, name=f"mosquitto-{self.port}")
        until(self._accepts, within_s=START_S, what=lambda: f"mosquitto accepting\n{self.process.report()}")
        return self.process

    def _accepts(self) -> bool:
        assert self.process.running(), f"mosquitto ended: {self.process.report()}"
        return accepts(self.port)


StartMosquitto = Callable[..., Mosquitto]


def mosquitto_starter(start_process: Processes) -> StartMosquitto:
    """Return the starter that the fixture `start_mosquitto` hands out; `config` replaces anonymous access."""

    def start(config: str = OPEN_TO_ALL) -> Mosquitto:
        return Mosquitto(start_process, config)

    return start


def write_for_broker(path: Path, text: str) -> Path:
    """Write a password or ACL file as Mosquitto wants it (0600, or a warning) and return its path."""
    path.write_text(text)
    path.chmod(0o600)
    return path


def _user_line() -> str:
    """Keep root's broker root: else it becomes `mosquitto`, who cannot read a test's temporary folder."""
    return "user root\n" if os.geteuid() == 0 else ""
