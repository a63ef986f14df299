"""A real RTSP server (Debian's GStreamer) in a process of its own, which tests may freeze, kill and start again."""

import functools
import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from tests.support.fake_rtsp import rtsp_url
from tests.support.need import missing
from tests.support.ports import free_port
from tests.support.processes import Process, Processes

SYSTEM_PYTHON = Path("/usr/bin/python3")
SERVER = Path(__file__).with_name("gst_rtsp_main.py")
PACKAGES = (
    "gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good "
    "gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly python3-gi"
)
PROBE = """
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
wanted = "videotestsrc x264enc h264parse rtph264pay qtdemux".split()
raise SystemExit(" ".join(name for name in wanted if Gst.ElementFactory.find(name) is None) or 0)
"""
PROBE_S = 60.0
START_S = 20.0
STREAM = "/stream"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may watch, and how the server asks."""

    user: str
    password: str
    scheme: Literal["basic", "digest"] = "digest"


def pattern_stream(
    pattern: str = "ball", *, width: int = 640, height: int = 360, fps: int = 15, gop_s: float = 1.0
) -> str:
    """Return the launch line of an endless live H.264 picture; `pattern` is one of videotestsrc (ball, black, snow)."""
    return (
        f"( videotestsrc is-live=true pattern={pattern} "
        f"! video/x-raw,format=I420,width={width},height={height},framerate={fps}/1 "
        f"! x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 threads=1 key-int-max={round(fps * gop_s)} "
        "! video/x-h264,profile=baseline ! rtph264pay name=pay0 pt=96 config-interval=1 )"
    )


def file_stream(path: Path) -> str:
    """Return the launch line that plays an MP4 with H.264 once, from its start for each client, in real time."""
    return f'( filesrc location="{path}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1 )'


class RtspServer:
    """A running server. `process` changes with every `start`; port and streams stay."""

    def __init__(self, start_process: Processes, streams: Mapping[str, str], credentials: Credentials | None) -> None:
        """Serve `streams` (path -> launch line) on a free loopback port, over TCP only, and wait until it listens."""
        need_gstreamer()
        self.port = free_port()
        self.credentials = credentials
        self._start_process = start_process
        self._config = {
            "port": self.port,
            "streams": dict(streams),
            "scheme": credentials.scheme if credentials else None,
            "user": credentials.user if credentials else "",
            "password": credentials.password if credentials else "",
        }
        self._starts = 0
        self.process = self.start()

    def url(self, path: str = STREAM, *, password: str | None = None) -> str:
        """Return the address with the server's credentials, or with another `password`."""
        if self.credentials is None:
            return rtsp_url(self.port, path, None, "")
        given = self.credentials.password if password is None else password
        return rtsp_url(self.port, path, quote(self.credentials.user, safe=""), quote(given, safe=""))

    def start(self) -> Process:
        """Start it, also after `process.kill()`, on the same port."""
        self._starts += 1
        name = f"rtsp-server-{self.port}-{self._starts}"
        self.process = self._start_process(SYSTEM_PYTHON, SERVER, json.dumps(self._config), name=name)
        self.process.wait_for("READY", START_S)
        return self.process

    def freeze(self) -> None:
        """Stop sending while every socket stays open (SIGSTOP)."""
        self.process.freeze()

    def thaw(self) -> None:
        """Go on after `freeze`."""
        self.process.thaw()

    def kill(self) -> None:
        """End it at once (SIGKILL): clients see their sockets close, new ones are refused."""
        self.process.kill()


StartRtspServer = Callable[..., RtspServer]


def rtsp_server_starter(start_process: Processes) -> StartRtspServer:
    """Return the starter that the fixture `start_rtsp_server` hands out; without streams it serves one test pattern."""

    def start(streams: Mapping[str, str] | None = None, credentials: Credentials | None = None) -> RtspServer:
        return RtspServer(start_process, streams or {STREAM: pattern_stream()}, credentials)

    return start


def need_gstreamer() -> None:
    """End the test unless the system's Python can serve RTSP with GStreamer."""
    lacking = _lacking()
    if lacking:
        missing(f"GStreamer's RTSP server is not installed ({lacking}): apt install {PACKAGES}")


@functools.cache
def _lacking() -> str:
    """Return in one line what the server lacks, empty when nothing."""
    if not SYSTEM_PYTHON.exists():
        return f"no {SYSTEM_PYTHON}"
    probe = subprocess.run([SYSTEM_PYTHON, "-c", PROBE], capture_output=True, text=True, timeout=PROBE_S, check=False)
    return "" if probe.returncode == 0 else (probe.stderr.strip().splitlines() or ["unknown"])[-1]
