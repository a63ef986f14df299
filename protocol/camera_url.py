"""A camera's address that cannot betray its password."""

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from protocol.plain_text import is_plain
from protocol.texts import BadValue, Words

SCHEMES = ("rtsp", "rtsps", "file")
URL_LENGTH_MAX = 2048
_ESCAPES = Words(
    "用户名和密码中 @ 写作 %40，# 写作 %23，/ 写作 %2F，? 写作 %3F",
    "in user and password @ is %40, # is %23, / is %2F, ? is %3F",
)
_BLANK = Words(
    "摄像机地址含有空格或看不见的字符；空格写作 %20",
    "the camera address holds a blank or a sign that cannot be seen; a blank is written %20",
)
_NO_SCHEME = Words("摄像机地址须以 {known} 之一开头", "a camera address starts with one of {known}")
_NO_HOST = Words(
    "摄像机地址没有主机；请写 rtsp://HOST[:PORT]/PATH", "the camera address has no host; write rtsp://HOST[:PORT]/PATH"
)
_CUT = Words(
    "摄像机地址被一个没有转义的字符截断；{escapes}",
    "the camera address is cut by a sign that is not escaped; {escapes}",
)
_NO_URL = Words(
    "摄像机地址不是 URL；请写 rtsp://HOST[:PORT]/PATH；{escapes}",
    "the camera address is not a URL; write rtsp://HOST[:PORT]/PATH; {escapes}",
)
_URL = re.compile(r"(?<![a-z0-9+.-])(?P<scheme>[a-z0-9+.-]+://)(?P<rest>\S+)", re.IGNORECASE)
_UP_TO_LAST_AT = re.compile(r"^.*@")
_NAMED_SECRET = re.compile(r"(?P<name>passw(?:or)?d|passwd|pass|pwd|psw|token|secret|auth|key)=[^&\s]*", re.IGNORECASE)


def redact(text: str) -> str:
    """`text` with user, password and parameters like `password=` of every URL in it replaced by `***`.

    Masks up to the last `@`: a password in which `/`, `#` or `@` were forgotten to be escaped stays secret too.
    """
    return _URL.sub(_masked, text)


def _masked(url: re.Match[str]) -> str:
    rest = _UP_TO_LAST_AT.sub("***@", url["rest"])
    return url["scheme"] + _NAMED_SECRET.sub(r"\g<name>=***", rest)


class CameraUrl:
    """`str()` and `repr()` mask user and password; `reveal()` gives the real address to the one who connects."""

    __slots__ = ("_url",)

    def __init__(self, url: str) -> None:
        parts = _split(url)
        if not is_plain(url) or (parts.scheme != "file" and any(map(str.isspace, url))):
            raise BadValue(_BLANK)
        if parts.scheme not in SCHEMES:
            raise BadValue(_NO_SCHEME, known=", ".join(s + "://" for s in SCHEMES))
        if parts.scheme != "file" and not parts.hostname:
            raise BadValue(_NO_HOST)
        if parts.scheme != "file" and ("#" in url or ("@" in url and "@" not in parts.netloc)):
            raise BadValue(_CUT, escapes=_ESCAPES)
        self._url = url

    def reveal(self) -> str:
        """The address with its password."""
        return self._url

    @property
    def host(self) -> str:
        """Host name or address; empty for a file."""
        return _split(self._url).hostname or ""

    @property
    def port(self) -> int:
        """TCP port; 554 (RTSP, RFC 7826) unless the address names one."""
        return _split(self._url).port or 554

    def __str__(self) -> str:
        return redact(self._url)

    def __repr__(self) -> str:
        return f"CameraUrl({redact(self._url)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CameraUrl) and self._url == other._url

    def __hash__(self) -> int:
        return hash(self._url)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate from text; serialise masked."""
        from_text = core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(min_length=1, max_length=URL_LENGTH_MAX)
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A plain string for schema readers."""
        return {"type": "string", "maxLength": URL_LENGTH_MAX, "format": "uri"}


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BadValue(_NO_URL, escapes=_ESCAPES) from None
    return parts
