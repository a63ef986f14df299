"""The embedded broker as `central run` sees it: there already, started by us, or to be waited for."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from central.core.access import BrokerCredential
from central.gateway.broker.credentials import central_secret, ensure_credentials, write_credentials
from central.gateway.broker.lock import holder, send_signal

FIRST_GRACE_S = 1.0
"""At our start: whoever starts the broker beside us may be a moment slower."""

RETURN_GRACE_S = 10.0
"""A broker that somebody else ran is given this long to come back before we run one."""

RESTART_S_MIN = 1.0
RESTART_S_MAX = 30.0
STEADY_S = 60.0
"""A broker that ran for so long is started again at once; one that ends early is given growing pauses."""

STOP_S = 10.0

log = structlog.get_logger(__name__)


class BrokerKeeper:
    """Keeps one broker running for `folder`.

    `step` is called every second or so, by the main thread: the kernel ends the broker with the thread that started it.
    """

    def __init__(self, folder: Path, command: Sequence[str], mono_s: float) -> None:
        self._folder = folder
        self._command = tuple(command)
        self._child: subprocess.Popen[bytes] | None = None
        self._start_at_s = mono_s + FIRST_GRACE_S
        self._started_at_s = mono_s
        self._pause_s = RESTART_S_MIN

    def step(self, mono_s: float) -> None:
        """Start a broker when there is none and nobody else is about to start it."""
        if self._child is not None and self._child.poll() is not None:
            self._ended(mono_s, self._child.returncode)
        elif self._child is None and (held := holder(self._folder)) is not None:
            self._start_at_s = mono_s + (RESTART_S_MIN if held.is_ours else RETURN_GRACE_S)
        elif self._child is None and mono_s >= self._start_at_s:
            self._start(mono_s)

    def _ended(self, mono_s: float, code: int) -> None:
        steady = mono_s - self._started_at_s >= STEADY_S
        self._pause_s = RESTART_S_MIN if steady else min(RESTART_S_MAX, self._pause_s * 2)
        log.warning("the broker ended; starting it again", exit_code=code, pause_s=self._pause_s)
        self._child = None
        self._start_at_s = mono_s + self._pause_s

    def _start(self, mono_s: float) -> None:
        """In a session of its own: Ctrl-C in a terminal is for central, who says goodbye before the broker ends."""
        self._started_at_s = mono_s
        try:
            self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own command
        except OSError as error:
            log.warning("the broker cannot be started", reason=error.strerror)
            self._start_at_s = mono_s + RETURN_GRACE_S

    def stop(self) -> None:
        """End the broker if it is ours."""
        if self._child is None or self._child.poll() is not None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(STOP_S)


class CredentialFiles:
    """The broker's password and permission files, kept like central's database has them."""

    def __init__(self, folder: Path, random_bytes: bytes) -> None:
        ensure_credentials(folder, random_bytes)
        self._folder = folder
        self.secret = central_secret(folder, random_bytes)
        """Central's own password at the embedded broker."""

    def update(self, credentials: Sequence[BrokerCredential]) -> bool:
        """Bring the files up to date and tell a running broker; whether anything changed."""
        changed = write_credentials(self._folder, self.secret, credentials)
        if changed:
            send_signal(self._folder, signal.SIGHUP)
        return changed


def broker_command(config: Path, parent: int) -> tuple[str, ...]:
    """The command line that runs the embedded broker of `config` until process `parent` ends."""
    code = "from central.cli import app; app(prog_name='gridwarden central')"
    return (sys.executable, "-c", code, "broker", "--config", str(config), "--parent", str(parent))
