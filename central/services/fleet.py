"""Boxes and cameras: registering, joining, listing, watermarks to resend."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import SecretStr

from central.core.access import (
    JOIN_CODE_BYTES,
    SALT_BYTES,
    SECRET_BYTES,
    JoinPolicy,
    fingerprint,
    new_join_code,
    new_secret,
    password_hash,
)
from central.core.fleet.devices import Box, BoxFact, BoxView, Camera, CameraFact, SeriesPoint
from central.core.fleet.series import SeriesHour
from central.core.fleet.watermark import watermark_of
from central.core.values import PAGE_LIMIT_MAX, Actor, BoxCondition, Page, RandomBytes, Tally, WatermarkDue
from central.stores.ports import JoinCodeRecord, PageRequest, Stores, Unit
from protocol.identifiers import CENTRAL_BOX_ID, is_id
from protocol.joining import Connection, JoinGrant, JoinRequest
from protocol.messages import WANTED_EVIDENCE_MAX, CameraState, Watermark

POINTS_MAX = 5_000
REGISTRATION = "registration"
WANTED_AFTER_S = 600.0
"""A picture that was promised so long ago is asked for."""
_REFUSED = "the join code is unknown, used or expired; ask the office for a new one"


class FleetRefused(ValueError):
    """A box cannot be registered; the text says why."""


class BoxUnknown(LookupError):
    """There is no such box."""


class CameraUnknown(LookupError):
    """There is no such camera."""


class JoinRefused(Exception):
    """A join code does not open the door. Outside all kinds look the same."""


class JoinCodeUnknown(JoinRefused):
    """No such code was given out."""


class JoinCodeUsed(JoinRefused):
    """The code opened the door once already."""


class JoinCodeExpired(JoinRefused):
    """The code is too old."""


class TooManyGuesses(Exception):
    """This peer tried too many wrong codes; `retry_after_s` tells when it may come back."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("too many wrong join codes; wait and check the code with the office")
        self.retry_after_s = retry_after_s


class Fleet:
    """Boxes, their cameras and their way in."""

    def __init__(self, stores: Stores, policy: JoinPolicy) -> None:
        self._stores = stores
        self._policy = policy

    def add_box(self, site: str, box: str, actor: Actor, now: datetime, random: RandomBytes) -> str:
        """Register a box (or renew the code of a registered one) and return its join code; it is told only here.

        Raises `FleetRefused` for a malformed or reserved id, or a box that belongs to another site.
        """
        _check_ids(site, box)
        code = new_join_code(random(JOIN_CODE_BYTES))
        expires_at = now + timedelta(seconds=self._policy.code_s)
        with self._stores.writing() as unit:
            known = unit.boxes.get([box]).get(box)
            if known is None:
                unit.boxes.add(Box(box, site, now, BoxCondition.WAITING, now))
                unit.boxes.add_facts(
                    [BoxFact(box, BoxCondition.WAITING, None, now, now, f"{REGISTRATION}:{actor.name}")]
                )
            elif known.site != site:
                raise FleetRefused(f"box {box} belongs to site {known.site}; choose another box id")
            unit.joining.set_join_code(JoinCodeRecord(fingerprint(code), box, actor.name, expires_at))
        return code

    def join(self, request: JoinRequest, peer: str, now: datetime, random: RandomBytes) -> JoinGrant:
        """Exchange a code, once, for the box's connection and secret. `peer` is the caller's network address.

        Raises `JoinCodeUnknown`, `JoinCodeUsed`, `JoinCodeExpired`, `TooManyGuesses`.
        """
        since = now - timedelta(seconds=self._policy.guess_window_s)
        code_hash = fingerprint(request.code)
        with self._stores.writing() as unit:
            if unit.joining.guesses(peer, since) >= self._policy.guesses_max:
                raise TooManyGuesses(self._policy.guess_window_s)
            code = unit.joining.join_code(code_hash)
            refusal = _refusal(code, now)
            if code is not None and refusal is None:
                unit.joining.use_join_code(code_hash, now)
                return self._grant(unit, code.box, now, random)
            unit.joining.add_guess(peer, now, since)
        raise refusal or JoinCodeUnknown(_REFUSED)

    def boxes(self, page: PageRequest) -> Page[BoxView]:
        """By id; raises `BadCursor`."""
        with self._stores.reading() as unit:
            found = unit.boxes.find(page)
            return Page(_views(unit, found.items), found.next)

    def box(self, box: str) -> BoxView:
        """One box; raises `BoxUnknown`."""
        with self._stores.reading() as unit:
            return _views(unit, [_box(unit, box)])[0]

    def box_states(
        self, box: str, page: PageRequest, start: datetime | None = None, end: datetime | None = None
    ) -> Page[BoxFact]:
        """Facts about a box, newest recorded first; raises `BoxUnknown`, `BadCursor`."""
        with self._stores.reading() as unit:
            _box(unit, box)
            return unit.boxes.facts(box, page, start, end)

    def cameras(self, page: PageRequest) -> Page[Camera]:
        """By key; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.cameras.find(page)

    def neediest_cameras(self, limit: int) -> Sequence[Camera]:
        """Those that need somebody first: offline, degraded, unknown, online, each by key."""
        with self._stores.reading() as unit:
            return unit.cameras.neediest(limit)

    def camera_counts(self) -> Mapping[CameraState, int]:
        """How many cameras are in each state; states of none are left out."""
        with self._stores.reading() as unit:
            return unit.cameras.counts()

    def camera(self, camera: str) -> Camera:
        """One camera by key; raises `CameraUnknown`."""
        with self._stores.reading() as unit:
            return _camera(unit, camera)

    def camera_states(
        self, camera: str, page: PageRequest, start: datetime | None = None, end: datetime | None = None
    ) -> Page[CameraFact]:
        """Facts about a camera, newest recorded first; raises `CameraUnknown`, `BadCursor`."""
        with self._stores.reading() as unit:
            _camera(unit, camera)
            return unit.cameras.facts(camera, page, start, end)

    def watermarks(self, now: datetime) -> tuple[WatermarkDue, ...]:
        """For every box that ever reported: where it stands and which pictures are missing; to be resent regularly."""
        wanted_before = now - timedelta(seconds=WANTED_AFTER_S)
        with self._stores.reading() as unit:
            sites = {box.id: box.site for box in all_boxes(unit)}
            return tuple(
                WatermarkDue(sites[box], box, watermark.model_copy(update={"evidence_wanted": wanted}))
                for box, watermark in _watermarks(unit, list(sites)).items()
                for wanted in [tuple(unit.evidence.pending(box, wanted_before, WANTED_EVIDENCE_MAX))]
            )

    def series(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> tuple[SeriesPoint, ...]:
        """Newest `limit` points of one figure of a box or camera, oldest first; empty when there is none."""
        return tuple(self._stores.series.read(metric, entity, start, end, max(1, min(limit, POINTS_MAX))))

    def series_hours(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> tuple[SeriesHour, ...]:
        """Newest `limit` hours of one figure, oldest first: of days whose single points are no longer kept."""
        return tuple(self._stores.series.read_hours(metric, entity, start, end, max(1, min(limit, POINTS_MAX))))

    def _grant(self, unit: Unit, box_id: str, now: datetime, random: RandomBytes) -> JoinGrant:
        secret = new_secret(random(SECRET_BYTES))
        box = unit.boxes.get([box_id])[box_id]
        unit.boxes.save([replace(box, joined_at=now)])
        unit.joining.set_secret(box_id, password_hash(secret, random(SALT_BYTES)), now)
        return JoinGrant(
            connection=Connection(
                site=box.site,
                box=box_id,
                central_url=self._policy.central_url,
                mqtt_host=self._policy.mqtt_host,
                mqtt_port=self._policy.mqtt_port,
                mqtt_tls=self._policy.mqtt_tls,
                secret=SecretStr(secret),
            )
        )


def all_boxes(unit: Unit) -> Iterator[Box]:
    """Every registered box, by id."""
    cursor: str | None = None
    while True:
        page = unit.boxes.find(PageRequest(PAGE_LIMIT_MAX, cursor))
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _check_ids(site: str, box: str) -> None:
    for kind, name in (("site", site), ("box", box)):
        if not is_id(name):
            raise FleetRefused(f"a {kind} id has 1 to 32 of a-z, 0-9 and - (not at its ends)")
    if CENTRAL_BOX_ID in {box, site}:
        raise FleetRefused(f"{CENTRAL_BOX_ID} is reserved; choose another id")


def _refusal(code: JoinCodeRecord | None, now: datetime) -> JoinRefused | None:
    if code is None:
        return JoinCodeUnknown(_REFUSED)
    if code.used_at is not None:
        return JoinCodeUsed(_REFUSED)
    return JoinCodeExpired(_REFUSED) if now >= code.expires_at else None


def _box(unit: Unit, name: str) -> Box:
    box = unit.boxes.get([name]).get(name)
    if box is None:
        raise BoxUnknown("there is no such box")
    return box


def _camera(unit: Unit, key: str) -> Camera:
    camera = unit.cameras.get([key]).get(key)
    if camera is None:
        raise CameraUnknown("there is no such camera")
    return camera


def _views(unit: Unit, boxes: Sequence[Box]) -> tuple[BoxView, ...]:
    names = [box.id for box in boxes]
    watermarks, dead = _watermarks(unit, names), unit.tallies.read(Tally.DEAD_LETTERS, names)
    return tuple(BoxView(box, watermarks.get(box.id), dead[box.id]) for box in boxes)


def _watermarks(unit: Unit, boxes: Sequence[str]) -> dict[str, Watermark]:
    newest = unit.streams.newest(boxes)
    windows = unit.streams.windows(list(newest.values()))
    return {box: watermark_of(windows[stream]) for box, stream in newest.items()}
