"""Applies what is heard of boxes and cameras, raising and clearing alerts, inside one transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from central.core.availability.spans import Span
from central.core.availability.witnesses import BoxWait
from central.core.fleet.clock_skew import BootClock, corrected_time, is_skewed, observe
from central.core.fleet.devices import (
    Box,
    BoxFact,
    Camera,
    CameraFact,
    Metric,
    Observation,
    SeriesPoint,
    believes_boot,
    is_newer,
    is_same,
    with_observation,
    without_box,
)
from central.core.values import BoxCondition, BoxOfflineReason, Delivery, FactSource
from central.services.desks.alarms import AlarmDesk
from central.stores.ports import Unit
from protocol.identifiers import camera_key
from protocol.messages import (
    BirthMessage,
    BoxState,
    CameraDescription,
    CameraMessage,
    CameraReason,
    CameraState,
    CameraStatus,
    ConfigMessage,
    Envelope,
    HeartbeatMessage,
    StateMessage,
)

CAMERAS_KNOWN_PER_BOX_MAX = 256


class TooManyCameras(ValueError):
    """A box speaks of more cameras than any box has."""


class DeviceDesk:
    """Load once, take each message in turn, flush once.

    `boxes` are the registered boxes concerned; `was_heard`: whether one was alive since central's start.
    """

    def __init__(
        self, unit: Unit, now: datetime, boxes: Mapping[str, Box], was_heard: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._unit = unit
        self._now = now
        self._boxes = dict(boxes)
        self._was_heard = was_heard
        self._cameras: dict[str, Camera] = {}
        self._clocks: dict[tuple[str, int], BootClock] = {}
        self._alarms = AlarmDesk(unit, now)
        self._changed_boxes: set[str] = set()
        self._changed_cameras: set[str] = set()
        self._changed_clocks: set[tuple[str, int]] = set()
        self._facts: list[CameraFact] = []
        self._box_facts: list[BoxFact] = []
        self.alive: set[str] = set()
        self.points: list[SeriesPoint] = []
        self._waits: list[BoxWait] = []

    @property
    def alerts_raised(self) -> int:
        """How many alerts were raised so far."""
        return self._alarms.raised

    def load(self, boots: Iterable[tuple[str, int]], watched: Iterable[str]) -> None:
        """Fetch the clocks of (box, boot), and cameras and open alerts of the boxes `watched`."""
        self._clocks = dict(self._unit.boxes.clocks(sorted(set(boots))))
        boxes = sorted(set(watched))
        self._cameras = {camera.key: camera for camera in self._unit.cameras.of_boxes(boxes)}
        self._alarms.load([*boxes, *self._cameras])

    def corrected(self, box: str, message: Envelope, received_at: datetime) -> datetime:
        """When the message was made, by central's clock."""
        clock = self._clocks.get((box, message.boot))
        return corrected_time(clock, message.time, int(message.mono), received_at)

    def birth(self, box_id: str, message: BirthMessage, delivery: Delivery) -> None:
        """A box says who it is; the cameras it does not name are retired, and nobody watches them from now on."""
        box = self._boxes[box_id]
        if not believes_boot(box, message.boot, delivery.received_at):
            return
        born = message.data
        self._put_box(
            replace(
                box,
                boot=message.boot,
                born_at=message.time,
                version=born.version,
                config_sha256=born.config_sha256,
                commands=born.commands,
                disk_free_bytes=born.disk_free_bytes,
            )
        )
        for description in born.cameras:
            self._describe(box_id, description)
        named = {camera_key(box_id, description.camera) for description in born.cameras}
        for camera in [one for one in self._cameras.values() if one.box == box_id and one.key not in named]:
            self._put_camera(replace(camera, retired_at=self._now))
            unwatched = Observation(CameraState.UNKNOWN, None, self._now, camera.boot, camera.mono_ms)
            self._fact(camera.key, unwatched, FactSource.RULE, None, "")
            self._alarms.forget(camera.key)
        if not delivery.retained:
            self._observe_clock(box_id, message, delivery.received_at)
            self._hear(box_id, delivery.received_at, message.id)

    def heartbeat(self, box_id: str, message: HeartbeatMessage, delivery: Delivery) -> None:
        """A box is alive; states that differ from what is known are facts whose transition was lost."""
        box = self._boxes[box_id]
        if delivery.retained or not believes_boot(box, message.boot, delivery.received_at):
            return
        beat = message.data
        self._put_box(replace(box, boot=message.boot, outbox=beat.outbox, disk_free_bytes=beat.disk_free_bytes))
        self._observe_clock(box_id, message, delivery.received_at)
        self._hear(box_id, delivery.received_at, message.id)
        self._measure_box(box_id, message, delivery.received_at)
        for status in beat.cameras:
            self._status(box_id, message, status, delivery.received_at)
        shift = self.corrected(box_id, message, delivery.received_at) - message.time
        for wait in beat.waits:
            span = Span(wait.since + shift, wait.until + shift)
            self._waits.append(BoxWait(box_id, message.boot, wait.number, span, wait.connected))

    def state(self, box_id: str, message: StateMessage, delivery: Delivery) -> None:
        """A box says that it is there or goes, or its will says that it is lost."""
        box = self._boxes[box_id]
        match message.data.state:
            case BoxState.ONLINE:
                if not delivery.retained and believes_boot(box, message.boot, delivery.received_at):
                    self._hear(box_id, delivery.received_at, message.id)
            case BoxState.STOPPING:
                if message.boot == box.boot:
                    self._watch_no_more(box_id, BoxOfflineReason.STOPPED, delivery.received_at, message.id)
            case BoxState.LOST:
                # A will is written at connect time, so only the moment it comes tells when; an old boot's is late.
                # A broker that ends says all wills: to a central that starts with it they prove nothing.
                heard = box_id in self.alive or self._was_heard(box_id)
                if heard and message.boot == box.boot and box.state is BoxCondition.ONLINE:
                    self.lose(box_id, BoxOfflineReason.LOST, delivery.received_at, message.id)

    def config(self, box_id: str, message: ConfigMessage) -> None:
        """A box says what it did with its configuration."""
        report = message.data
        self._put_box(
            replace(
                self._boxes[box_id],
                config_sha256=report.sha256,
                config_status=report.status,
                config_errors=report.errors,
            )
        )

    def transition(self, box_id: str, message: CameraMessage, corrected: datetime) -> None:
        """A camera changed; kept as a fact always, believed when it is newer than what is known."""
        change = message.data
        camera = self._camera(box_id, change.camera)
        since = change.since + (corrected - message.time)
        seen = Observation(
            change.state, change.reason, since, message.boot, int(message.mono), change.value, change.threshold
        )
        self._fact(camera.key, seen, FactSource.TRANSITION, message.id, change.detail, change.previous)
        if change.last_picture is not None:
            camera = self._put_camera(replace(camera, last_picture=change.last_picture.sha256))
        box = self._boxes[box_id]
        if box.state is not BoxCondition.OFFLINE and is_newer(camera, seen, box.boot):
            self._settle(with_observation(camera, seen), message.id)

    def lose(self, box_id: str, reason: BoxOfflineReason, since: datetime, cause: str) -> None:
        """A box is offline and somebody must know; its cameras become unknown, their alerts stay as they are."""
        self._watch_no_more(box_id, reason, since, cause)
        self._alarms.box(self._boxes[box_id], reason, cause)

    def flush(self) -> None:
        """Write everything."""
        self._unit.boxes.save([self._boxes[box] for box in sorted(self._changed_boxes)])
        self._unit.boxes.add_facts(self._box_facts)
        self._unit.boxes.save_clocks({place: self._clocks[place] for place in sorted(self._changed_clocks)})
        self._unit.cameras.save([self._cameras[key] for key in sorted(self._changed_cameras)])
        self._unit.cameras.add_facts(self._facts)
        self._unit.availability.put_waits(self._waits, self._now)
        self._alarms.flush()

    def _hear(self, box_id: str, at: datetime, cause: str) -> None:
        box = self._boxes[box_id]
        heard_at = at if box.heard_at is None else max(at, box.heard_at)
        box = self._put_box(replace(box, heard_at=heard_at))
        if box.state is not BoxCondition.ONLINE:
            box = self._turn(box, BoxCondition.ONLINE, None, at, cause)
        self._alarms.box(box, None, cause)
        self.alive.add(box_id)

    def _watch_no_more(self, box_id: str, reason: BoxOfflineReason, since: datetime, cause: str) -> None:
        box = self._boxes[box_id]
        if box.state is not BoxCondition.OFFLINE:
            self._turn(box, BoxCondition.OFFLINE, reason, since, cause)
        self.alive.discard(box_id)
        for camera in [one for one in self._cameras.values() if one.box == box_id and one.retired_at is None]:
            if camera.reason is not CameraReason.BOX_OFFLINE:
                unwatched = self._put_camera(without_box(camera, since))
                unknown = Observation(unwatched.state, unwatched.reason, since, camera.boot, camera.mono_ms)
                self._fact(camera.key, unknown, FactSource.RULE, None, "")

    def _status(self, box_id: str, message: HeartbeatMessage, status: CameraStatus, received_at: datetime) -> None:
        shift = self.corrected(box_id, message, received_at) - message.time
        since = status.since + shift
        seen = Observation(
            status.state, status.reason, since, message.boot, int(message.mono), status.value, status.threshold
        )
        camera = self._camera(box_id, status.camera)
        if not is_newer(camera, seen, message.boot):
            return
        if not is_same(camera, seen):
            self._fact(camera.key, seen, FactSource.HEARTBEAT, None, "")
        last_frame_at = camera.last_frame_at if status.last_frame_at is None else status.last_frame_at + shift
        camera = replace(
            with_observation(camera, seen),
            last_frame_at=last_frame_at,
            fps=status.fps,
            latency_ms=status.latency_ms,
        )
        self._settle(camera, message.id)
        self._measure(Metric.FPS, camera.key, received_at, status.fps)
        self._measure(Metric.LATENCY_MS, camera.key, received_at, status.latency_ms)

    def _settle(self, camera: Camera, cause: str) -> None:
        self._put_camera(camera)
        self._alarms.camera(camera, cause)

    def _camera(self, box_id: str, camera_id: str) -> Camera:
        key = camera_key(box_id, camera_id)
        if key in self._cameras:
            return self._cameras[key]
        if sum(camera.box == box_id for camera in self._cameras.values()) >= CAMERAS_KNOWN_PER_BOX_MAX:
            raise TooManyCameras(f"more than {CAMERAS_KNOWN_PER_BOX_MAX} cameras")
        returning = self._unit.cameras.get([key]).get(key)
        if returning is not None:
            return self._put_camera(replace(returning, retired_at=None))
        return self._put_camera(
            Camera(
                key=key,
                box=box_id,
                camera=camera_id,
                site=self._boxes[box_id].site,
                state=CameraState.UNKNOWN,
                reason=CameraReason.STARTING,
                since=self._now,
                boot=-1,
            )
        )

    def _describe(self, box_id: str, description: CameraDescription) -> None:
        camera = self._camera(box_id, description.camera)
        self._put_camera(
            replace(
                camera,
                name=description.name,
                place=description.place,
                kind=description.kind,
                latitude=description.latitude,
                longitude=description.longitude,
                zones=description.zones,
            )
        )

    def _observe_clock(self, box_id: str, message: Envelope, received_at: datetime) -> None:
        place = (box_id, message.boot)
        clock = observe(self._clocks.get(place, BootClock()), message.time, int(message.mono), received_at)
        self._clocks[place] = clock
        self._changed_clocks.add(place)
        skewed = is_skewed(clock.offset_ms)
        self._put_box(replace(self._boxes[box_id], clock_offset_ms=clock.offset_ms, clock_skewed=skewed))

    def _measure_box(self, box_id: str, message: HeartbeatMessage, at: datetime) -> None:
        beat = message.data
        self._measure(Metric.CPU_SHARE, box_id, at, beat.cpu_share)
        self._measure(Metric.RSS_BYTES, box_id, at, beat.rss_bytes)
        self._measure(Metric.DISK_FREE_BYTES, box_id, at, beat.disk_free_bytes)
        self._measure(Metric.TEMPERATURE_C, box_id, at, beat.temperature_c)
        self._measure(Metric.OUTBOX_DEPTH, box_id, at, beat.outbox.depth)
        self._measure(Metric.WAITED_S, box_id, at, beat.waited_s)

    def _measure(self, metric: Metric, entity: str, at: datetime, value: float | None) -> None:
        if value is not None:
            self.points.append(SeriesPoint(metric, entity, at, float(value)))

    def _fact(  # noqa: PLR0913, PLR0917 - a fact is all of this
        self,
        key: str,
        seen: Observation,
        source: FactSource,
        event: str | None,
        detail: str,
        previous: CameraState | None = None,
    ) -> None:
        fact = CameraFact(key, seen.state, seen.reason, seen.since, self._now, source, event, detail)
        self._facts.append(replace(fact, value=seen.value, threshold=seen.threshold, previous=previous))

    def _turn(self, box: Box, state: BoxCondition, reason: BoxOfflineReason | None, since: datetime, cause: str) -> Box:
        """Give a box another state, and keep the fact."""
        self._box_facts.append(BoxFact(box.id, state, reason, since, self._now, cause))
        return self._put_box(replace(box, state=state, since=since))

    def _put_box(self, box: Box) -> Box:
        self._boxes[box.id] = box
        self._changed_boxes.add(box.id)
        return box

    def _put_camera(self, camera: Camera) -> Camera:
        self._cameras[camera.key] = camera
        self._changed_cameras.add(camera.key)
        return camera
