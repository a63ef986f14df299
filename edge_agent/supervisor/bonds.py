"""How the agent's processes hang together: started by a lean fork server, gone when the main process is gone."""

import fcntl
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from types import ModuleType

PRELOADED = (
    "av",
    "cv2",
    "numpy",
    "pydantic",
    "protocol.configuration",
    "protocol.messages",
    "edge_agent.supervisor.camera_worker",
)
"""Loaded once and shared by all camera processes. ONNX Runtime is not among them: inference loads it alone."""
_F_SETSIG = 10
"""Linux: which signal tells that a watched descriptor has something new; Python 3.11 has no name for it."""


def start_fork_server(preloaded: Sequence[str] = PRELOADED) -> ForkServerContext:
    """Start the server that forks all other processes, with these modules already loaded.

    It and its children ignore Ctrl-C and SIGTERM, which a terminal or systemd sends to all of them: only the main
    process obeys and ends the others in order. It takes modules from where this process does, never from the working
    directory: whatever lies there is nobody's program.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preloaded))
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path)), PYTHONSAFEPATH="1"):
            forkserver.ensure_running()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return context


def start_process(
    context: ForkServerContext, name: str, target: Callable[..., None], *arguments: object
) -> tuple[BaseProcess, Connection]:
    """Start `target(pipe, *arguments)` in a process of its own; returns it and our end of the pipe."""
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *arguments), name=name, daemon=True)
    with _without_main_module():
        process.start()
    theirs.close()
    return process, ours


def end_process(process: BaseProcess | None, pipe: Connection | None) -> None:
    """Kill a process, wait for its end, and close our end of its pipe."""
    if process is not None:
        process.kill()
        process.join()
        process.close()
    if pipe is not None:
        pipe.close()


def die_with_main() -> None:
    """Called first in each process: the kernel kills it as soon as the main process is gone, whatever it does then.

    The main process holds the other end of the sentinel pipe; its closing raises SIGKILL here, also while this
    process hangs in a library or is stopped.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel
    fcntl.fcntl(sentinel, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():
        os._exit(1)


@contextmanager
def _environment(**wanted: str) -> Iterator[None]:
    """What is started meanwhile has these variables."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Keep the child from importing the program that started us: it needs none of it, and pays for it in memory."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
