"""What a `series_url` says."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

FORM = "influxdb+http://HOST:PORT/BUCKET (or influxdb+https), with ?org=, ?hours= and ?drop= where needed"
BUFFER_POINTS_MAX = 2_000_000
_SCHEMES = {"influxdb+http": "http", "influxdb+https": "https"}
_BUCKET = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_. -]*(/[0-9A-Za-z_][0-9A-Za-z_. -]*)?")
_DROPPED_BY = {"central": True, "server": False}


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


def parse_series_url(url: str) -> SeriesAddress:
    """Read an address, which has no token in it. Raises `ValueError` that says what to write, without the address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"is no address; write {FORM}") from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError(f"should be empty, or {FORM}")
    if parts.username or parts.password:
        raise ValueError("takes no user and no password; put the token into a file: series_token_file")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"org", "hours", "drop"})
    if unknown or parts.fragment:
        raise ValueError(f"knows ?org=, ?hours= and ?drop=, not {', '.join(unknown) or '#'}; write {FORM}")
    if options.get("drop", "central") not in _DROPPED_BY:
        raise ValueError("drop should be central (central deletes what is too old) or server (its buckets do)")
    points = _bucket(unquote(parts.path.removeprefix("/")))
    hours = _bucket(options["hours"]) if "hours" in options else points
    central_drops = _DROPPED_BY[options.get("drop", "central")]
    if not central_drops and hours == points:
        raise ValueError("drop=server needs hours=BUCKET: a bucket has one retention, and hours are kept longer")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    server = f"{_SCHEMES[parts.scheme]}://{host}:{port or 8086}"
    return SeriesAddress(server, points, hours, options.get("org", ""), central_drops)


def _bucket(name: str) -> Bucket:
    if not _BUCKET.fullmatch(name):
        raise ValueError(f"names no bucket: letters, digits, space and _ . - with one / at most; write {FORM}")
    database, _, policy = name.partition("/")
    return Bucket(database, policy)
