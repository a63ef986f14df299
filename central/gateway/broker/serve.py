"""`gridwarden central broker`: this process becomes the embedded broker."""

import asyncio
import ctypes
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from central.gateway.broker.credentials import ensure_credentials
from central.gateway.broker.lock import take_lock
from central.gateway.broker.mosquitto import become_mosquitto, find_mosquitto
from central.settings import CentralSettings
from protocol.texts import Told, Words

PR_SET_PDEATHSIG = 1
INTERRUPTED = 130

log = logging.getLogger(__name__)


_NOT_INSTALLED = Words(
    "broker.kind 是 mosquitto，但没有安装：apt install mosquitto",
    "broker.kind is mosquitto, but it is not installed: apt install mosquitto",
)
_CANNOT_LISTEN = Words(
    "消息代理无法在 {host}:{port} 上监听：{why}；请结束占用它的程序，或修改 broker.port",
    "the broker cannot listen on {host}:{port}: {why}; end what uses it, or change broker.port",
)


class BrokerCannotStart(Told):
    """The environment lacks something; the text says what to do."""


def serve(settings: CentralSettings, random_bytes: bytes, parent: int | None) -> int:
    """Take the lock of the broker's folder and run the broker until it is told to end; the exit code.

    With `parent`, it ends when that process does. Does not return when mosquitto takes this process over.
    Raises `RunsAlready` and `BrokerCannotStart`.
    """
    folder, host, port = settings.broker_dir, settings.broker.host, settings.broker.port
    if parent is not None:
        _end_with(parent)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # "read your files again" may come before the broker listens
    program = find_mosquitto() if settings.broker.kind != "amqtt" else None
    if settings.broker.kind == "mosquitto" and program is None:
        raise BrokerCannotStart(_NOT_INSTALLED)
    ensure_credentials(folder, random_bytes)
    take_lock(folder, is_ours=parent is not None)
    require_free_port(host, port)
    if program is not None:
        become_mosquitto(program, folder, host, port)
    log.warning("no mosquitto is used: amqtt carries small sites only and keeps nothing across a restart")
    return _serve_amqtt(folder, host, port)


def require_free_port(host: str, port: int) -> None:
    """Raise `BrokerCannotStart` when somebody else listens there, or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise BrokerCannotStart(_CANNOT_LISTEN, host=host, port=port, why=reason) from None


def _end_with(parent: int) -> None:
    """Ask the kernel to end this process (SIGTERM) when `parent` ends, also after `exec`."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)


def _serve_amqtt(folder: Path, host: str, port: int) -> int:
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    return asyncio.run(_run_amqtt(folder, host, port))


async def _run_amqtt(folder: Path, host: str, port: int) -> int:
    from central.gateway.broker.hardened.access import FileAccess  # noqa: PLC0415 - only where it is used
    from central.gateway.broker.hardened.broker import GuardedBroker  # noqa: PLC0415

    access = FileAccess(folder)
    access.refresh()
    broker = GuardedBroker(access, host, port)
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()
    reloads: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(broker.cut_strangers())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    loop.add_signal_handler(signal.SIGHUP, reload)
    loop.add_signal_handler(signal.SIGTERM, end, 0)
    loop.add_signal_handler(signal.SIGINT, end, INTERRUPTED)
    await broker.start()
    code = await ended
    await broker.shutdown()
    return code
