"""What a `series_url` says."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from protocol.texts import BadValue, Words

FORM = Words(
    "influxdb+http://HOST:PORT/BUCKET（或 influxdb+https），需要时加 ?org=、?hours= 和 ?drop=",
    "influxdb+http://HOST:PORT/BUCKET (or influxdb+https), with ?org=, ?hours= and ?drop= where needed",
)
_NO_ADDRESS = Words("不是地址；请写 {form}", "is no address; write {form}")
_OTHER_FORM = Words("应为空，或 {form}", "should be empty, or {form}")
_NO_SECRET = Words(
    "不能带用户名和密码；请把令牌写入文件：series_token_file",
    "takes no user and no password; put the token into a file: series_token_file",
)
_UNKNOWN = Words(
    "只认识 ?org=、?hours= 和 ?drop=，不认识 {names}；请写 {form}",
    "knows ?org=, ?hours= and ?drop=, not {names}; write {form}",
)
_DROP = Words(
    "drop 应为 central（由指挥中心删除过旧的数据）或 server（由服务器的存储桶删除）",
    "drop should be central (central deletes what is too old) or server (its buckets do)",
)
_DROP_HOURS = Words(
    "drop=server 需要 hours=BUCKET：一个存储桶只有一个保存期，而小时数据保存得更久",
    "drop=server needs hours=BUCKET: a bucket has one retention, and hours are kept longer",
)
_NO_BUCKET = Words(
    "没有写存储桶：字母、数字、空格和 _ . -，最多一个 /；请写 {form}",
    "names no bucket: letters, digits, space and _ . - with one / at most; write {form}",
)
BUFFER_POINTS_MAX = 2_000_000
_BUCKET = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_. -]*(/[0-9A-Za-z_][0-9A-Za-z_. -]*)?")
_DROPPED_BY = {"central": True, "server": False}


class SeriesBackEnd(StrEnum):
    """What keeps series where the database does not; its value is the name of the extra that installs its client."""

    INFLUXDB = "influxdb"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where points lie: an InfluxQL database and its retention policy ("": the default one)."""

    database: str
    policy: str = ""

    @property
    def name(self) -> str:
        """As the v2 write API names it."""
        return f"{self.database}/{self.policy}" if self.policy else self.database


@dataclass(frozen=True, slots=True)
class SeriesAddress:
    """A server, its buckets for points and for hours, and who deletes what is too old: central, or the server."""

    server: str
    points: Bucket
    hours: Bucket
    org: str = ""
    central_drops: bool = True
    token: str = field(default="", repr=False)
    buffer_points_max: int = BUFFER_POINTS_MAX
    back_end: SeriesBackEnd = SeriesBackEnd.INFLUXDB


def parse_series_url(url: str) -> SeriesAddress:
    """Read an address, which has no token in it. Raises `BadValue` that says what to write, without the address."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BadValue(_NO_ADDRESS, form=FORM) from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise BadValue(_OTHER_FORM, form=FORM)
    if parts.username or parts.password:
        raise BadValue(_NO_SECRET)
    read, transport = _SCHEMES[parts.scheme]
    return read(parts, transport)


def _influxdb(parts: SplitResult, transport: str) -> SeriesAddress:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"org", "hours", "drop"})
    if unknown or parts.fragment:
        raise BadValue(_UNKNOWN, names=", ".join(unknown) or "#", form=FORM)
    if options.get("drop", "central") not in _DROPPED_BY:
        raise BadValue(_DROP)
    points = _bucket(unquote(parts.path.removeprefix("/")))
    hours = _bucket(options["hours"]) if "hours" in options else points
    central_drops = _DROPPED_BY[options.get("drop", "central")]
    if not central_drops and hours == points:
        raise BadValue(_DROP_HOURS)
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    server = f"{transport}://{host}:{parts.port or 8086}"
    return SeriesAddress(server, points, hours, options.get("org", ""), central_drops)


def _bucket(name: str) -> Bucket:
    if not _BUCKET.fullmatch(name):
        raise BadValue(_NO_BUCKET, form=FORM)
    database, _, policy = name.partition("/")
    return Bucket(database, policy)


_SCHEMES: Mapping[str, tuple[Callable[[SplitResult, str], SeriesAddress], str]] = {
    "influxdb+http": (_influxdb, "http"),
    "influxdb+https": (_influxdb, "https"),
}
"""Who reads an address, and what the server speaks."""
