"""Opens what central runs on: database, calendars, files, addresses. Each fault says whose it is and what to do."""

import os
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from central.core.case_machine.stages import Clockwork
from central.core.kpis import Baseline
from central.core.kpis.composites import CompositeTable
from central.core.values import RandomBytes
from central.gateway.broker.keeper import CredentialFiles
from central.gateway.broker.lock import RunsAlready, holder, take_lock
from central.gateway.broker.serve import BrokerCannotStart, require_free_port
from central.gateway.mqtt_client import Endpoint
from central.notify.channel import Channel, Permanent
from central.notify.log_channel import LogChannel
from central.settings import CentralSettings, SettingsError, notify_target, series_address
from central.settings.calendar_file import load_clockwork
from central.settings.figure_files import load_baseline, load_score_tables
from central.stores.open_stores import open_database_copy, open_stores
from central.stores.ports import DatabaseCopy, Stores, StoreUnavailable
from protocol.texts import BadValue, Told, Words

BACKLOG = 128
SECRET_BYTES = 32
DONE, FAILED, USER_MISTAKE, ENVIRONMENT_MISSING, INTERRUPTED = 0, 1, 2, 3, 130


_NO_DATABASE = Words("无法使用数据库：{why}", "the database cannot be used: {why}")
_OF_KEY = Words("{key}：{why}", "{key}: {why}")
_RUNS_ALREADY = Words(
    "已有另一个指挥中心在用 {folder} 中的数据运行", "another central runs already with the data in {folder}"
)
_NO_FOLDER = Words("{folder}：{why}；指挥中心的数据存放在此", "{folder}: {why}; central keeps its data there")
_CANNOT_LISTEN = Words(
    "无法在 {host}:{port} 上监听：{why}；请结束占用它的程序，或修改 listen",
    "cannot listen on {host}:{port}: {why}; end what uses it, or change listen",
)
_NO_SUCH_ADDRESS = Words("没有这个地址", "no such address")
_MISSING_SYSTEMS = Words(
    "立案标准按 {names} 计时，而没有文件写有它们；请重新列入原来写有它们的文件",
    "the standards count by {names}, which no file has; list the file that had it again",
)
_UNREADABLE = Words("{key}：无法读取 {path}", "{key}: cannot read {path}")


class CannotStart(Told):
    """Central cannot run; the text tells the user why, `exit_code` whose fault it is."""

    def __init__(self, exit_code: int, words: Words | str, **values: object) -> None:
        super().__init__(words, **values)
        self.exit_code = exit_code


def opened_stores(settings: CentralSettings, stack: ExitStack) -> Stores:
    """Open database, evidence and series; `stack` closes them. Raises `CannotStart`."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        stores = open_stores(
            database_url=settings.database, evidence_dir=settings.evidence_dir, series=series_address(settings)
        )
    except OSError as error:
        raise _no_folder(settings.data_dir, error) from None
    except SettingsError as error:
        raise CannotStart(USER_MISTAKE, error.words) from None
    except StoreUnavailable as error:
        raise CannotStart(ENVIRONMENT_MISSING, _NO_DATABASE, why=error) from None
    except BadValue as error:
        raise CannotStart(USER_MISTAKE, _OF_KEY, key="database_url", why=error.words) from None
    stack.callback(stores.close)
    return stores


def be_the_only_one(settings: CentralSettings) -> int:
    """Lock out a second central, which would take our messages; the lock ends with this process, or closed.

    Raises `CannotStart`.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        return take_lock(settings.data_dir, is_ours=True)
    except RunsAlready:
        raise CannotStart(USER_MISTAKE, _RUNS_ALREADY, folder=settings.data_dir) from None
    except OSError as error:
        raise _no_folder(settings.data_dir, error) from None


def _no_folder(folder: Path, error: OSError) -> CannotStart:
    return CannotStart(ENVIRONMENT_MISSING, _NO_FOLDER, folder=folder, why=error.strerror)


def listen(settings: CentralSettings) -> socket.socket:
    """The socket that HTTP is served on. Raises `CannotStart`."""
    host, port = settings.listen.host, settings.listen.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else _NO_SUCH_ADDRESS
        raise CannotStart(ENVIRONMENT_MISSING, _CANNOT_LISTEN, host=host, port=port, why=reason) from None


def figure_files(settings: CentralSettings) -> tuple[Baseline | None, Mapping[str, CompositeTable]]:
    """The time before the project, and all tables of scores. Raises `CannotStart`."""
    path = settings.baseline_file
    try:
        before = None if path is None else load_baseline(path, ZoneInfo(settings.timezone))
    except SettingsError as error:
        raise CannotStart(USER_MISTAKE, _OF_KEY, key="baseline_file", why=error.words) from None
    try:
        return before, load_score_tables(settings.score_table_files)
    except SettingsError as error:
        raise CannotStart(USER_MISTAKE, _OF_KEY, key="score_table_files", why=error.words) from None


def clockwork_of(settings: CentralSettings, stores: Stores) -> Clockwork:
    """Working hours and calendars; every time system that the standards, and so the cases under them, count by.

    Raises `CannotStart`.
    """
    try:
        clockwork = load_clockwork(settings.calendar_files)
    except SettingsError as error:
        raise CannotStart(USER_MISTAKE, _OF_KEY, key="calendar_files", why=error.words) from None
    with stores.reading() as unit:
        missing = sorted(unit.standards.systems() - clockwork.systems.keys())
    if missing:
        told = _MISSING_SYSTEMS.filled(names=", ".join(missing))
        raise CannotStart(USER_MISTAKE, _OF_KEY, key="calendar_files", why=told)
    return replace(clockwork, sending=settings.sending.limits)


def channel_of(settings: CentralSettings) -> Channel:
    """Where notices go. Raises `CannotStart`."""
    try:
        target = notify_target(settings)
        if target is None:
            return LogChannel()
        from central.notify.apprise_channel import AppriseChannel  # noqa: PLC0415 - only where it is used

        return AppriseChannel(target)
    except SettingsError as error:
        raise CannotStart(USER_MISTAKE, error.words) from None
    except Permanent as error:
        raise CannotStart(USER_MISTAKE, str(error)) from None


def credential_files(settings: CentralSettings, random: RandomBytes) -> CredentialFiles | None:
    """Users of the embedded broker; None where another broker is used. Raises `CannotStart` where its port is taken."""
    if not settings.embedded:
        return None
    try:
        if holder(settings.broker_dir) is None:
            require_free_port(settings.broker.host, settings.broker.port)
        return CredentialFiles(settings.broker_dir, random(SECRET_BYTES))
    except BrokerCannotStart as error:
        raise CannotStart(ENVIRONMENT_MISSING, error.words) from None


def endpoint_of(settings: CentralSettings, files: CredentialFiles | None) -> Endpoint:
    """Where the broker is and who central is there; with `files`, the embedded one. Raises `CannotStart`."""
    host, port, tls = settings.mqtt
    if files is not None:
        return Endpoint(host, port, "central", SecretStr(files.secret))
    if settings.broker_password_file is None:
        return Endpoint(host, port, settings.broker_user, SecretStr(""), tls)
    try:
        password = settings.broker_password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        path = settings.broker_password_file
        raise CannotStart(USER_MISTAKE, _UNREADABLE, key="broker_password_file", path=path) from None
    return Endpoint(host, port, settings.broker_user, SecretStr(password), tls)


def database_copy(settings: CentralSettings) -> DatabaseCopy:
    """The database as it is backed up and restored. Raises `CannotStart`."""
    try:
        return open_database_copy(settings.database)
    except BadValue as error:
        raise CannotStart(USER_MISTAKE, _OF_KEY, key="database_url", why=error.words) from None
