"""Put a box into service: exchange the join code for the box's connection and keep that where only its owner reads.

The code is spent by the exchange, so everything that can fail on this machine is tried before it.
"""

import os
import re
import secrets
import socket
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import urllib3
from pydantic import ValidationError
from ruamel.yaml import YAML
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Timeout, Url, parse_url

from protocol.joining import CODE_PATTERN, CONNECTION_FILE, JOIN_PATH, Connection, JoinGrant, JoinRequest
from provisioning.join_texts import Fault

CONNECT_S = 5.0
ANSWER_S = 20.0
ANSWER_BYTES_MAX = 65_536
NAME_LENGTH_MAX = 200
HEADER = "Written by `gridwarden provision join`. It holds the box's secret: do not copy, mail or commit it.\n"
_GROUPS = re.compile("[A-Z2-7]{4}")
_CODE_CHARACTERS = 20
_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})
_CREATED, _FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 201, 403, 429, 500
_UNREADABLE = frozenset({400, 422})


class JoinFailed(Exception):
    """Joining did not succeed; `fault` says whose fault it is and what to do, `values` fill its sentence."""

    def __init__(self, fault: Fault, **values: object) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.values = values


def join(central: str, code: str, folder: Path, *, force: bool = False) -> Connection:
    """Spend `code` at `central` and write `connection.yaml` into `folder` (mode 0600, whole or not at all).

    Raises `JoinFailed`; an existing file is replaced only with `force`.
    """
    address = central_address(central)
    request = JoinRequest(
        code=typed_code(code), hostname=socket.gethostname()[:NAME_LENGTH_MAX], version=version("gridwarden")
    )
    with _new_file(folder / CONNECTION_FILE, force=force) as descriptor:
        connection = _exchange(address, request)
        _write(descriptor, yaml_text(connection))
    return connection


def typed_code(text: str) -> str:
    """The join code that somebody meant who typed `text`; raises `JoinFailed` for what cannot be one.

    Lower case, full-width letters, spaces and missing dashes are forgiven, and so are 0, 1 and 8, which no code has.
    """
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper().translate(_READ_AS)
    code = "-".join(_GROUPS.findall(letters))
    if len(letters) != _CODE_CHARACTERS or not re.fullmatch(CODE_PATTERN, code):
        raise JoinFailed(Fault.NO_CODE, count=len(letters))
    return code


def central_address(text: str) -> str:
    """`http(s)://HOST[:PORT][/PATH]` without a slash at its end; raises `JoinFailed`."""
    with_scheme = text if "://" in text else f"http://{text}"
    try:
        parts = parse_url(with_scheme)
    except LocationParseError:
        raise JoinFailed(Fault.BAD_ADDRESS) from None
    if parts.scheme not in {"http", "https"} or not parts.host or parts.auth:
        raise JoinFailed(Fault.BAD_ADDRESS)
    return Url(parts.scheme, None, parts.host, parts.port, (parts.path or "").rstrip("/")).url


def yaml_text(connection: Connection) -> str:
    """Content of `connection.yaml`."""
    text = StringIO()
    YAML(typ="safe", pure=True).dump(connection.model_dump(mode="json"), text)
    return f"# {HEADER}{text.getvalue()}"


def _exchange(address: str, request: JoinRequest) -> Connection:
    try:
        status, media_type, body = _post(address + JOIN_PATH, request.model_dump_json().encode())
    except HTTPError as error:
        raise _unreachable(error, address) from None
    if status == _CREATED:
        return _granted(body, address)
    raise _refused(status, media_type, address)


def _post(url: str, body: bytes) -> tuple[int, str, bytes]:
    """Status, media type and the first bytes of the answer; a redirect is an answer too."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    with urllib3.PoolManager(timeout=Timeout(connect=CONNECT_S, read=ANSWER_S), retries=False) as pool:
        answer = pool.request("POST", url, body=body, headers=headers, preload_content=False)
        try:
            media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip()
            return answer.status, media_type, answer.read(ANSWER_BYTES_MAX)
        finally:
            answer.close()


def _unreachable(error: HTTPError, address: str) -> JoinFailed:
    match error:
        case NameResolutionError():
            fault = Fault.NAME_UNKNOWN
        case NewConnectionError():
            fault = Fault.REFUSED
        case ConnectTimeoutError():
            fault = Fault.NO_ANSWER
        case SSLError():
            fault = Fault.TLS
        case ReadTimeoutError():
            fault = Fault.SLOW_ANSWER
        case _:
            fault = Fault.NOT_GRIDWARDEN
    return JoinFailed(fault, address=address)


def _granted(body: bytes, address: str) -> Connection:
    try:
        return JoinGrant.model_validate_json(body).connection
    except ValidationError:
        # Its text would quote the secret.
        raise JoinFailed(Fault.GRANT_UNREADABLE, address=address) from None


def _refused(status: int, media_type: str, address: str) -> JoinFailed:
    if status == _TOO_MANY:
        fault = Fault.TOO_MANY_TRIES
    elif status >= _SERVER_ERROR:
        fault = Fault.CENTRAL_IN_TROUBLE
    elif media_type != "application/problem+json":
        fault = Fault.NOT_GRIDWARDEN
    elif status == _FORBIDDEN:
        fault = Fault.CODE_REFUSED
    elif status in _UNREADABLE:
        fault = Fault.REQUEST_UNREADABLE
    else:
        fault = Fault.NOT_GRIDWARDEN
    return JoinFailed(fault, address=address, status=status)


@contextmanager
def _new_file(path: Path, *, force: bool) -> Iterator[int]:
    """An open, empty file (0600) that takes the place of `path` when the block succeeds and vanishes when not."""
    if path.exists() and not force:
        raise JoinFailed(Fault.ALREADY_JOINED, path=path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise JoinFailed(Fault.CANNOT_WRITE, path=path, why=error.strerror) from None
    try:
        yield descriptor
        draft.replace(path)
        _sync_folder(path.parent)
    finally:
        os.close(descriptor)
        with suppress(FileNotFoundError):
            draft.unlink()


def _write(descriptor: int, text: str) -> None:
    with os.fdopen(descriptor, "w", encoding="utf-8", closefd=False) as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
