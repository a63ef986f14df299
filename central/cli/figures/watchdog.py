"""A witness outside: asks central's health over HTTP, and keeps what it saw in a file of its own.

A line is a run: from when to when this process saw central up, or down. The last line is written over in place at each
look, and lines have one length, so the file grows by a line at each change, and no write can harm a line before it.
"""

import json
import secrets
import sys
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import IO, Annotated

import urllib3
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from central.core.availability.witnesses import TICK_S, Look, WitnessRun, after_look
from central.core.clock import Clock
from protocol.file_faults import why_not
from protocol.identifiers import is_id
from protocol.model_faults import expected
from protocol.texts import Told, Words

HEALTH_PATH = "/api/v1/health"
ANSWER_S = 10.0
ANSWER_BYTES_MAX = 65_536
LINE_BYTES = 320
LINES_MAX = 200_000
FUTURE_S_MAX = 300.0
PREFIX = "probe:"
OK = 200


class RunLine(BaseModel):
    """A line of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    witness: Annotated[str, Field(pattern=r"^probe:[a-z0-9-]{1,32}$")]
    instance: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    started_at: AwareDatetime
    ended_at: AwareDatetime
    is_up: bool
    clock_set: bool
    looks: Annotated[int, Field(ge=1, lt=10**9)]


_NO_ADDRESS = Words(
    "--url：“{url}”不是地址；请写 https://HOST 或 http://HOST:PORT",
    "--url: '{url}' is no address; write https://HOST or http://HOST:PORT",
)
_NO_NAME = Words("--name：1 到 32 个 a-z、0-9 和 -（不在两端）", "--name: 1 to 32 of a-z, 0-9 and - (not at its ends)")
_CANNOT_WRITE = Words("{file}：{why}；请给出可写的文件", "{file}: {why}; name a file that can be written")
_TOO_LONG = Words("{file}：超过 {most} 行；请分几次导入", "{file}: more than {most} lines; import it in parts")
_CANNOT_READ = Words(
    "{file}：{why}；请给出 gridwarden central watchdog 写的文件",
    "{file}: {why}; name what `gridwarden central watchdog` wrote",
)
_BAD_LINE = Words(
    "{file} 第 {line} 行：{fault}；请按探针写的原样导入",
    "{file}, line {line}: {fault}; import the file as the watchdog wrote it",
)
_BACKWARD = Words("结束早于开始", "it ends before it starts")
_AHEAD = Words(
    "{file} 第 {line} 行：时间在将来；请核对两台机器的时钟",
    "{file}, line {line}: it lies in the future; look at the clocks of both machines",
)


class ProbeRefused(Told, ValueError):
    """A probe that cannot work, or a file that none wrote; the text says what to do."""


def watch(url: str, out: Path, name: str, looks: int, clock: Clock) -> None:
    """Look each `TICK_S` until `looks` are done (0: for ever). Raises `ProbeRefused` for what cannot work."""
    if not url.startswith(("http://", "https://")):
        raise ProbeRefused(_NO_ADDRESS, url=url[:80])
    if not is_id(name):
        raise ProbeRefused(_NO_NAME)
    pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=ANSWER_S))
    try:
        out.open("ab").close()
        with out.open("r+b") as file:
            series = _Series(file, PREFIX + name, secrets.token_hex(8))
            done, never = 0, Event()
            while True:
                began_s = clock.mono_s()
                is_up = serves(pool, url.rstrip("/") + HEALTH_PATH)
                series.put(Look(clock.now(), clock.mono_s(), is_up))
                done += 1
                if done == looks:
                    return
                never.wait(max(0.0, TICK_S - (clock.mono_s() - began_s)))
    except OSError as error:
        raise ProbeRefused(_CANNOT_WRITE, file=out, why=why_not(error)) from None


def serves(pool: urllib3.PoolManager, address: str) -> bool:
    """Whether central answers there that it does its work; if not, standard error says why."""
    try:
        answer = pool.request("GET", address, redirect=False, preload_content=False)
        body = answer.read(ANSWER_BYTES_MAX)
        answer.release_conn()
        if answer.status == OK and isinstance(json.loads(body), dict):
            return True
        sys.stderr.write(f"{address}: answered {answer.status}\n")
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        sys.stderr.write(f"{address}: {type(error).__name__}\n")
    return False


def read_runs(file: Path, now: datetime) -> list[WitnessRun]:
    """The runs of a probe's file; a last line that was cut off is left out. Raises `ProbeRefused` with the line."""
    try:
        if file.stat().st_size > LINES_MAX * LINE_BYTES:
            raise ProbeRefused(_TOO_LONG, file=file, most=LINES_MAX)
        content = file.read_bytes()
    except OSError as error:
        raise ProbeRefused(_CANNOT_READ, file=file, why=why_not(error)) from None
    return [_run(file, number, line, now) for number, line in enumerate(content.split(b"\n")[:-1], 1)]


class _Series:
    """The file, and where its last line begins; a line that was cut off is written over."""

    def __init__(self, file: IO[bytes], witness: str, instance: str) -> None:
        self._file, self._witness, self._instance = file, witness, instance
        self._run: WitnessRun | None = None
        self._before: Look | None = None
        self._line = file.seek(0, 2) // LINE_BYTES - 1

    def put(self, look: Look) -> None:
        """Write a look down, before anything else happens."""
        run = after_look(self._run, self._before, look, self._witness, self._instance)
        if self._run is None or run.started_at != self._run.started_at:
            self._line += 1
        self._file.seek(self._line * LINE_BYTES)
        self._file.write(_line(run))
        self._file.flush()
        self._run, self._before = run, look


def _line(run: WitnessRun) -> bytes:
    told = RunLine(**{name: getattr(run, name) for name in RunLine.model_fields})
    return told.model_dump_json().encode().ljust(LINE_BYTES - 1) + b"\n"


def _run(file: Path, number: int, line: bytes, now: datetime) -> WitnessRun:
    place: dict[str, object] = {"file": file, "line": number}
    try:
        told = RunLine.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        fault = Words("{where} {what}", "{where} {what}").filled(where=where, what=expected(first))
        raise ProbeRefused(_BAD_LINE, fault=fault, **place) from None
    if told.started_at > told.ended_at:
        raise ProbeRefused(_BAD_LINE, fault=_BACKWARD, **place)
    if told.ended_at > now + timedelta(seconds=FUTURE_S_MAX):
        raise ProbeRefused(_AHEAD, **place)
    return WitnessRun(**told.model_dump())
