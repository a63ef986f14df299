"""What `central.yaml` may say: frozen, strict about names and kinds, relative paths taken from the file's folder."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    Strict,
    ValidationInfo,
    model_validator,
)

from central.core.access import POSTS
from central.core.camera_check import CheckPolicy, CheckTerms
from central.core.case_machine import Post, Stage, StageLimit
from central.core.case_machine.words import OF_SYSTEMS
from central.core.cases.intake import DAY_S, RADIUS_M_MAX, Nearness
from central.core.clocks import Limit, LimitUnit
from central.core.fleet.series import SeriesRetention
from central.core.kpis.publishing import PublishingTerms
from central.core.kpis.publishing.terms import DAY, HOUR, REVISE_MONTHS
from central.core.retention import RetentionPolicy
from central.core.values import Role
from central.settings.series_address import BUFFER_POINTS_MAX, parse_series_url
from protocol.identifiers import SceneId
from protocol.texts import BadValue, Words

TIMEZONE = "Asia/Shanghai"
FOLDER = "folder"
"""Key of the validation context: the folder that relative paths start at."""

BROKER_EMBEDDED = "embedded"
MQTT_PORT = 1883
MQTTS_PORT = 8883

_NO_ZONE = Words("应为时区名称，如 Asia/Shanghai", "should be the name of a time zone, like Asia/Shanghai")
_NO_PATH = Words("应为文件或文件夹的路径", "must be the path of a file or folder")
_FORMS = Words("应为 {zh}", "should be {en}")
_NO_SECRET = Words(
    "不能带用户名和密码：日志和页面会显示这个地址", "takes no user and no password: logs and pages show this address"
)
_NO_POST = Words("不是由人担任的岗位", "is no post that a person fills")
_NO_ROLE = Words("这个角色的人不办理案件", "is no role whose persons work on cases")
_SAME = Words(
    "notify_url 与 notify_url_file 说的是同一件事；请只留一个",
    "notify_url and notify_url_file say the same thing; keep one of them",
)


def _absolute(value: object, info: ValidationInfo) -> object:
    if isinstance(value, Path):
        return value
    folder: Path = (info.context or {}).get(FOLDER, Path())
    if not isinstance(value, str) or not value:
        raise BadValue(_NO_PATH)
    try:
        return (folder / value).resolve()
    except (ValueError, OSError, RuntimeError):  # a sign that no file name holds; links that lead in a circle
        raise BadValue(_NO_PATH) from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadValue(_NO_ZONE) from None
    return name


def _address(*schemes: str, words: tuple[str, ...] = ()) -> AfterValidator:
    """Accept `SCHEME://HOST[:PORT]` without user and password, or one of `words`."""
    forms = [*words, *(f"{scheme}://HOST:PORT" for scheme in schemes)]

    def check(url: str) -> str:
        if url in words or not url:
            return url
        parts = _split(url)
        if parts.scheme not in schemes or not parts.hostname:
            raise BadValue(_FORMS, zh=" 或 ".join(forms), en=" or ".join(forms))
        if parts.username or parts.password:
            raise BadValue(_NO_SECRET)
        return url

    return AfterValidator(check)


def _series_address(url: str) -> str:
    if url:
        parse_series_url(url)
    return url


FilePath = Annotated[Path, BeforeValidator(_absolute)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[0-9A-Za-z.:-]+$")]
Seconds = Annotated[float, Field(ge=0, le=365 * DAY_S)]
Bytes = Annotated[int, Field(ge=0, le=10**15)]
Url = Annotated[str, Field(max_length=512)]
BrokerUrl = Annotated[Url, Field(min_length=1), _address("mqtt", "mqtts", words=(BROKER_EMBEDDED,))]
SecretUrl = Annotated[str, Field(max_length=1024, repr=False)]


class Section(BaseModel):
    """Base: frozen, no conversion of kinds, and a name that does not exist is an error."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)


class Listen(Section):
    """Where pages and API are served."""

    host: Host = "127.0.0.1"
    port: Port = 8080


class EvidenceSettings(Section):
    """The picture store: below `quota_bytes` and above `disk_free_bytes_min`, else uploads are refused (507)."""

    dir: FilePath | None = None
    quota_bytes: Bytes = 200_000_000_000
    disk_free_bytes_min: Bytes = 1_000_000_000


class BrokerSettings(Section):
    """The embedded broker; `auto` takes mosquitto where it is installed, else amqtt."""

    host: Host = "127.0.0.1"
    port: Port = MQTT_PORT
    kind: Literal["auto", "mosquitto", "amqtt"] = "auto"


class RetentionSettings(Section):
    """How long what only grows is kept: by age, null for ever; messages that could not be taken by number."""

    cases_days: Annotated[int, Field(ge=30, le=36_500)] | None = None
    events_days: Annotated[int, Field(ge=30, le=36_500)] | None = None
    series_days: Annotated[int, Field(ge=1, le=3650)] = 90
    series_hours_machine_days: Annotated[int, Field(ge=1, le=36_500)] = 400
    series_hours_picture_days: Annotated[int, Field(ge=1, le=36_500)] = 1_100
    notices_days: Annotated[int, Field(ge=1, le=3650)] = 90
    witness_days: Annotated[int, Field(ge=400, le=36_500)] = 1_100
    dead_letters_rows: Annotated[int, Field(ge=0, le=10_000_000)] = 10_000
    changes_days: Annotated[int, Field(ge=4, le=3650)] = 90

    @property
    def policy(self) -> RetentionPolicy:
        """All but series, as the core takes it."""
        return RetentionPolicy(
            cases_days=self.cases_days,
            events_days=self.events_days,
            notices_days=self.notices_days,
            witness_days=self.witness_days,
            dead_letters_rows=self.dead_letters_rows,
            changes_days=self.changes_days,
        )

    @property
    def series(self) -> SeriesRetention:
        """That of series."""
        return SeriesRetention(self.series_days, self.series_hours_machine_days, self.series_hours_picture_days)


class PublishingSettings(Section):
    """Months of figures: the cut-off is `hour` o'clock of the `day` after the month, by the city's clocks."""

    automatic: bool = True
    day: Annotated[int, Field(ge=1, le=28)] = DAY
    hour: Annotated[int, Field(ge=0, le=23)] = HOUR
    revise_months: Annotated[int, Field(ge=1, le=60)] = REVISE_MONTHS

    def terms(self, zone: ZoneInfo) -> PublishingTerms:
        """As the core takes them."""
        return PublishingTerms(zone, self.automatic, self.day, self.hour, self.revise_months)


class ExchangeSettings(Section):
    """Partners: `plain_hosts` may be reached by plain HTTP, or on this machine; all others by HTTPS alone."""

    plain_hosts: Annotated[tuple[Host, ...], Strict(strict=False), Field(max_length=100)] = ()


class SendingSettings(Section):
    """How soon tasks of collectors are sent out, in minutes of every hour of the day: 发核实, 发核查."""

    verify_min: Annotated[int, Field(ge=1, le=7 * 24 * 60)] = 30
    check_min: Annotated[int, Field(ge=1, le=7 * 24 * 60)] = 30

    @property
    def limits(self) -> dict[Stage, StageLimit]:
        """As the core takes them."""
        told = {Stage.VERIFYING: self.verify_min, Stage.CHECKING: self.check_min}
        return {
            stage: StageLimit(Limit(Decimal(minutes) / 60, LimitUnit.URGENT_HOURS)) for stage, minutes in told.items()
        }


class CheckTermsSettings(Section):
    """What a camera's word must rest on; see `CheckTerms`."""

    within_min: Annotated[float, Field(gt=0, le=24 * 60)] = 10.0
    clear_min: Annotated[float, Field(gt=0, le=60)] = 2.0
    frames_min: Annotated[int, Field(ge=1, le=100_000)] = 20
    light_min: Annotated[float, Field(ge=0, le=255)] = 35.0
    observed_share_min: Annotated[float, Field(ge=0.5, le=1)] = 0.7
    look_s: Annotated[float, Field(ge=5, le=600)] = 60.0
    every_s: Annotated[float, Field(ge=5, le=3600)] = 30.0
    closes: bool = False

    @property
    def terms(self) -> CheckTerms:
        """As the core takes them."""
        given = self.model_dump(include=set(CheckTerms.__dataclass_fields__))
        return CheckTerms(within_s=60 * self.within_min, clear_s=60 * self.clear_min, **given)


class CameraCheckSettings(CheckTermsSettings):
    """Camera-verified closing; `scenes`: other terms for some scenes, where what they leave out is as delivered."""

    enabled: bool = True
    scenes: Annotated[dict[SceneId, CheckTermsSettings], Field(max_length=64)] = {}

    @property
    def policy(self) -> CheckPolicy:
        """As the core takes it."""
        return CheckPolicy(self.enabled, self.terms, {scene: own.terms for scene, own in self.scenes.items()})


def _of_people(post: Post) -> Post:
    if post in OF_SYSTEMS:
        raise BadValue(_NO_POST)
    return post


def _of_cases(role: Role) -> Role:
    if role not in POSTS:
        raise BadValue(_NO_ROLE)
    return role


CaseRole = Annotated[Role, Strict(strict=False), AfterValidator(_of_cases)]
PersonPost = Annotated[Post, Strict(strict=False), AfterValidator(_of_people)]
PersonPosts = Annotated[frozenset[PersonPost], Strict(strict=False)]


def _with_delivered(roles: dict[CaseRole, PersonPosts]) -> dict[CaseRole, PersonPosts]:
    """A role that the file leaves out keeps the posts that it has as delivered."""
    return {**POSTS, **roles}


class CentralSettings(Section):
    """Everything that central needs to know to start."""

    data_dir: Annotated[FilePath, Field(default="data")]
    language: Literal["zh-CN", "en"] = "zh-CN"
    timezone: Annotated[str, AfterValidator(_zone)] = TIMEZONE
    listen: Listen = Listen()
    public_url: Annotated[Url, _address("http", "https")] = ""
    database_url: SecretUrl = ""
    series_url: Annotated[SecretUrl, AfterValidator(_series_address)] = ""
    series_token_file: FilePath | None = None
    series_buffer_points_max: Annotated[int, Field(ge=1_000, le=100_000_000)] = BUFFER_POINTS_MAX
    evidence: EvidenceSettings = EvidenceSettings()
    retention: RetentionSettings = RetentionSettings()
    exchange: ExchangeSettings = ExchangeSettings()
    broker_url: BrokerUrl = BROKER_EMBEDDED
    broker_user: Annotated[str, Field(max_length=64)] = "central"
    broker_password_file: FilePath | None = None
    broker: BrokerSettings = BrokerSettings()
    public_mqtt_url: Annotated[Url, _address("mqtt", "mqtts")] = ""
    notify_url: SecretStr = SecretStr("")
    notify_url_file: FilePath | None = None
    calendar_files: Annotated[tuple[FilePath, ...], Strict(strict=False), Field(max_length=50)] = ()
    sending: SendingSettings = SendingSettings()
    merge_window_s: Seconds = DAY_S
    merge_radius_m: Annotated[float, Field(ge=0, le=RADIUS_M_MAX)] = 50.0
    reopen_window_s: Seconds = DAY_S
    repeat_window_s: Seconds = 30 * DAY_S
    formal_operation_since: Annotated[date, Strict(strict=False)] | None = None
    online_target: Annotated[float, Field(gt=0, le=1)] = 0.95
    publishing: PublishingSettings = PublishingSettings()
    baseline_file: FilePath | None = None
    score_table_files: Annotated[tuple[FilePath, ...], Strict(strict=False), Field(max_length=50)] = ()
    camera_check: CameraCheckSettings = CameraCheckSettings()
    roles: Annotated[dict[CaseRole, PersonPosts], AfterValidator(_with_delivered)] = POSTS

    @model_validator(mode="after")
    def _one_notify_url(self) -> Self:
        if self.notify_url.get_secret_value() and self.notify_url_file:
            raise BadValue(_SAME)
        return self

    @property
    def near(self) -> Nearness:
        """Which reports are about one case."""
        return Nearness(self.merge_window_s, self.merge_radius_m)

    @property
    def formal_since(self) -> datetime | None:
        """Midnight of the city on the day that formal operation began."""
        day = self.formal_operation_since
        return None if day is None else datetime.combine(day, time(), ZoneInfo(self.timezone))

    @property
    def embedded(self) -> bool:
        """Whether central brings its own broker."""
        return self.broker_url == BROKER_EMBEDDED

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database; a SQLite file in `data_dir` unless the file names another."""
        return self.database_url or f"sqlite:///{self.data_dir / 'central.db'}"

    @property
    def evidence_dir(self) -> Path:
        """Folder of the pictures."""
        return self.evidence.dir or self.data_dir / "evidence"

    @property
    def broker_dir(self) -> Path:
        """Folder of the embedded broker: lock, passwords, permissions, its own store."""
        return self.data_dir / "broker"

    @property
    def url(self) -> str:
        """Address at which people and boxes reach central, without a slash at its end."""
        return (self.public_url or f"http://{_bracketed(self.listen.host)}:{self.listen.port}").rstrip("/")

    @property
    def mqtt(self) -> tuple[str, int, bool]:
        """Host, port and TLS of the broker as central reaches it."""
        if self.embedded:
            return self.broker.host, self.broker.port, False
        return _endpoint(urlsplit(self.broker_url))

    @property
    def box_mqtt(self) -> tuple[str, int, bool]:
        """Host, port and TLS of the broker as boxes reach it: `public_mqtt_url`, else the host of `public_url`."""
        if self.public_mqtt_url:
            return _endpoint(urlsplit(self.public_mqtt_url))
        if self.embedded and self.public_url:
            return urlsplit(self.public_url).hostname or self.broker.host, self.broker.port, False
        return self.mqtt


def _endpoint(parts: SplitResult) -> tuple[str, int, bool]:
    tls = parts.scheme == "mqtts"
    return parts.hostname or "", parts.port or (MQTTS_PORT if tls else MQTT_PORT), tls


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts
