"""Boxes, cameras and facts about them as clients read them."""

from pydantic import AwareDatetime, Field

from central.api.answers.answer import Answer, fields
from central.core.fleet.devices import BoxFact, BoxView, Camera, CameraFact
from central.core.values import BoxCondition, BoxOfflineReason, FactSource
from protocol.identifiers import camera_key
from protocol.messages import CameraReason, CameraState, OutboxFigures, SeqRange


class WatermarkAnswer(Answer):
    """Everything of `epoch` up to `upto` is committed; `missing` lies between it and the newest."""

    epoch: str
    upto: int
    missing: list[SeqRange]


class ClockAnswer(Answer):
    """How far central's clock is ahead of the box's."""

    offset_ms: int | None
    skewed: bool


class BoxAnswer(Answer):
    """An edge box as last heard."""

    id: str
    site: str
    state: BoxCondition
    since: AwareDatetime
    heard_at: AwareDatetime | None
    joined_at: AwareDatetime | None
    version: str
    boot: int | None
    watermark: WatermarkAnswer | None
    outbox: OutboxFigures | None
    clock: ClockAnswer
    disk_free_bytes: int | None
    dead_letters: int = Field(description="How many of its messages could not be taken, ever")


class BoxFactAnswer(Answer):
    """What was known of a box, appended once."""

    state: BoxCondition
    reason: BoxOfflineReason | None
    since: AwareDatetime
    recorded_at: AwareDatetime
    cause: str = Field(description="Id of the message that told so, or the rule or registration that decided it")


class CameraAnswer(Answer):
    """A camera as last known; never its address."""

    id: str = Field(description="box.camera", examples=["box-01.cam-2"])
    box: str
    camera: str
    site: str
    name: str
    place: str
    kind: str
    state: CameraState
    reason: CameraReason | None
    value: float | None = Field(description="What was measured, where the reason is one of the picture")
    threshold: float | None = Field(description="What it was held against")
    since: AwareDatetime
    last_frame_at: AwareDatetime | None
    fps: float
    last_picture: str | None = Field(description="SHA-256 of the last good picture, if any")


class CameraFactAnswer(Answer):
    """What was known of a camera, appended once."""

    state: CameraState
    reason: CameraReason | None
    since: AwareDatetime
    recorded_at: AwareDatetime
    source: FactSource
    detail: str
    value: float | None = Field(description="What was measured, where the reason is one of the picture")
    threshold: float | None = Field(description="What it was held against")


def show_box(view: BoxView) -> BoxAnswer:
    """A box with its watermark."""
    box = view.box
    watermark = WatermarkAnswer.model_validate(view.watermark) if view.watermark else None
    clock = ClockAnswer(offset_ms=box.clock_offset_ms, skewed=box.clock_skewed)
    return BoxAnswer(**fields(box), watermark=watermark, clock=clock, dead_letters=view.dead_letters)


def show_box_fact(fact: BoxFact) -> BoxFactAnswer:
    """A fact about a box."""
    return BoxFactAnswer.model_validate(fact)


def show_camera(camera: Camera) -> CameraAnswer:
    """A camera."""
    return CameraAnswer(**fields(camera), id=camera_key(camera.box, camera.camera))


def show_camera_fact(fact: CameraFact) -> CameraFactAnswer:
    """A fact about a camera."""
    return CameraFactAnswer.model_validate(fact)
