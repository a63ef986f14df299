"""Fixtures of all tests: real peers that are stopped whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.fake_rtsp import Behaviour, FakeRtspServer
from tests.support.mosquitto import Mosquitto, StartMosquitto, mosquitto_starter
from tests.support.processes import Processes, processes_in
from tests.support.rtsp_server import RtspServer, StartRtspServer, rtsp_server_starter
from tests.support.scratch import write_in_memory

# A machine's speed is no property of the code: no example is too slow.
settings.register_profile("gridwarden", deadline=None, print_blob=True)
settings.load_profile("gridwarden")


def pytest_configure() -> None:
    """Before any test asks for a folder."""
    write_in_memory()


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[Processes]:
    """Return `start_process(*command, name=, env=, cwd=) -> Process`; all are stopped after the test."""
    with processes_in(tmp_path / "processes") as processes:
        yield processes


@pytest.fixture
def start_mosquitto(start_process: Processes) -> StartMosquitto:
    """Return `start_mosquitto(config=...) -> Mosquitto` on a free port."""
    return mosquitto_starter(start_process)


@pytest.fixture
def mosquitto(start_mosquitto: StartMosquitto) -> Mosquitto:
    """Return a running Mosquitto that lets everybody in."""
    return start_mosquitto()


@pytest.fixture
def start_rtsp_server(start_process: Processes) -> StartRtspServer:
    """Return `start_rtsp_server(streams=None, credentials=None) -> RtspServer`."""
    return rtsp_server_starter(start_process)


@pytest.fixture
def rtsp_server(start_rtsp_server: StartRtspServer) -> RtspServer:
    """Return a running camera: one open stream at `/stream`, 640x360 at 15 frames a second."""
    return start_rtsp_server()


@pytest.fixture
def fake_rtsp() -> Iterator[Callable[[Behaviour], FakeRtspServer]]:
    """Return `fake_rtsp(behaviour) -> FakeRtspServer`; all are closed after the test."""
    with ExitStack() as servers:
        yield lambda behaviour: servers.enter_context(FakeRtspServer(behaviour))
