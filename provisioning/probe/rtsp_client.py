"""As much RTSP as tells a wrong path from a wrong password: OPTIONS and DESCRIBE over one TCP connection."""

import base64
import hashlib
import re
import secrets
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

from protocol.camera_url import CameraUrl

ANSWER_S = 5.0
HEAD_BYTES_MAX = 16_384
BODY_BYTES_MAX = 65_536
USER_AGENT = "gridwarden-probe"
SECURE_SCHEME = "rtsps"
UNAUTHORIZED: Final = 401
_STATUS_LINE = re.compile(rb"RTSP/\d\.\d (\d{3})")
_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}


class NoRtsp(Exception):
    """Bytes came that are no RTSP answer."""


class SchemeUnknown(Exception):
    """The server asks for a password in a way that this client does not know; the text names it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An RTSP response; header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header."""
        return tuple(value for key, value in self.headers if key == name)

    def first(self, name: str) -> str:
        """First value of a header, or empty."""
        return next(iter(self.all(name)), "")


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password as the camera knows them (not percent-encoded)."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(***)"


def credentials_of(url: CameraUrl) -> Credentials | None:
    """User and password in the address."""
    parts = urlsplit(url.reveal())
    return None if parts.username is None else Credentials(unquote(parts.username), unquote(parts.password or ""))


def bare_address(url: CameraUrl) -> str:
    """The address without user and password: what goes over the wire."""
    parts = urlsplit(url.reveal())
    return SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, "").geturl()


class RtspClient:
    """One connection. Every method raises `OSError` (`TimeoutError` after `ANSWER_S`), `EOFError` or `NoRtsp`."""

    def __init__(self, url: CameraUrl, address: str) -> None:
        """Connect to `address` (an IP of the URL's host)."""
        self._url = bare_address(url)
        self._peer = (address, url.port)
        self._secure = self._url.startswith(SECURE_SCHEME)
        self._host = url.host
        self._sequence = 0
        self._socket = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def options(self) -> Answer:
        """Ask what the server can do."""
        return self._ask("OPTIONS", ())

    def describe(self, authorization: str | None = None) -> Answer:
        """Ask for the stream's description; connects again where the server closed after its challenge."""
        extra = (("Accept", "application/sdp"),)
        if authorization is None:
            return self._ask("DESCRIBE", extra)
        with_password = (*extra, ("Authorization", authorization))
        try:
            return self._ask("DESCRIBE", with_password)
        except (EOFError, ConnectionError):
            self._socket.close()
            self._socket = self._connect()
            return self._ask("DESCRIBE", with_password)

    def authorization(self, challenge: Answer, credentials: Credentials) -> tuple[str, str]:
        """Scheme and `Authorization` value that answer a 401; raises `SchemeUnknown`."""
        challenges = {value.partition(" ")[0].lower(): value for value in reversed(challenge.all("www-authenticate"))}
        if "digest" in challenges:
            return "digest", _digest(challenges["digest"], credentials, "DESCRIBE", self._url)
        if "basic" in challenges:
            pair = f"{credentials.user}:{credentials.password}".encode()
            return "basic", f"Basic {base64.b64encode(pair).decode()}"
        raise SchemeUnknown(", ".join(sorted(challenges))[:80] or "?")

    def _connect(self) -> socket.socket:
        plain = socket.create_connection(self._peer, timeout=ANSWER_S)
        if not self._secure:
            return plain
        try:
            return _trusting_context().wrap_socket(plain, server_hostname=self._host)
        except OSError:
            plain.close()
            raise

    def _ask(self, method: str, extra: tuple[tuple[str, str], ...]) -> Answer:
        self._sequence += 1
        headers = (("CSeq", str(self._sequence)), ("User-Agent", USER_AGENT), *extra)
        lines = [f"{method} {self._url} RTSP/1.0", *(f"{name}: {value}" for name, value in headers), "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        return self._read()

    def _read(self) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            if len(received) > HEAD_BYTES_MAX or not b"RTSP/".startswith(received[:5]):
                raise NoRtsp
            received += self._receive()
        head, _, rest = received.partition(b"\r\n\r\n")
        match = _STATUS_LINE.match(head)
        if match is None:
            raise NoRtsp
        headers = _headers(head.decode(errors="replace"))
        answer = Answer(int(match[1]), headers, "")
        length = _length(answer)
        while len(rest) < length:
            rest += self._receive()
        return Answer(answer.status, headers, rest[:length].decode(errors="replace"))

    def _receive(self) -> bytes:
        chunk = self._socket.recv(HEAD_BYTES_MAX)
        if not chunk:
            raise EOFError
        return chunk


def _trusting_context() -> ssl.SSLContext:
    """Cameras sign their certificates themselves: encrypt, as the decoder does, without asking who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _headers(head: str) -> tuple[tuple[str, str], ...]:
    pairs = (line.partition(":") for line in head.split("\r\n")[1:])
    return tuple((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon)


def _length(answer: Answer) -> int:
    text = answer.first("content-length") or "0"
    if not text.isdecimal() or int(text) > BODY_BYTES_MAX:
        raise NoRtsp
    return int(text)


def _digest(challenge: str, credentials: Credentials, method: str, uri: str) -> str:
    """RFC 7616 (and its elder 2617, which most cameras speak)."""
    asked = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(challenge)}
    algorithm = asked.get("algorithm", "MD5").upper()
    if algorithm not in _ALGORITHMS:
        raise SchemeUnknown(f"digest {algorithm}"[:80])

    def digest(*parts: str) -> str:
        return hashlib.new(_ALGORITHMS[algorithm], ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
    secret = digest(credentials.user, realm, credentials.password)
    request = digest(method, uri)
    given = {"username": credentials.user, "realm": realm, "nonce": nonce, "uri": uri}
    counted = ""
    if "auth" in [quality.strip() for quality in asked.get("qop", "").split(",")]:
        own = secrets.token_hex(8)
        counted = f', qop=auth, nc=00000001, cnonce="{own}"'
        response = digest(secret, nonce, "00000001", own, "auth", request)
    else:
        response = digest(secret, nonce, request)
    if "opaque" in asked:
        given["opaque"] = asked["opaque"]
    quoted = ", ".join(f'{name}="{value}"' for name, value in {**given, "response": response}.items())
    named = f", algorithm={algorithm}" if "algorithm" in asked else ""
    return f"Digest {quoted}{named}{counted}"
