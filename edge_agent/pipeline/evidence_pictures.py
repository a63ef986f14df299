"""A camera's evidence pictures: masked, marked, captioned, and no larger than they may be."""

from datetime import datetime, tzinfo
from functools import partial

from edge_agent.video.caption import Caption, chinese_font, draw_caption
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import WIDTH_MAX_PX, jpeg_of, marked
from protocol.configuration import CameraConfig
from protocol.geometry import Box, Polygon
from protocol.scenes import SCENES, Scene

NO_CLOCK_YEAR = 1970


class EvidencePictures:
    """Draws what a camera's frames show for its reports, its looks and its snapshots."""

    def __init__(self, camera: CameraConfig, timezone: tzinfo) -> None:
        self._camera, self._timezone = camera, timezone

    def jpeg(
        self,
        frame: Frame,
        zone: Polygon | None = None,
        box: Box | None = None,
        scene: Scene | None = None,
        width_max_px: int = WIDTH_MAX_PX,
    ) -> bytes:
        """The frame with masks burnt in first, zone and box drawn, and a caption beside the box."""
        picture = marked(frame.bgr(), self._camera.privacy_masks, zone, box)
        caption = caption_of(self._camera, frame.captured_at.astimezone(self._timezone), scene)
        finish = partial(draw_caption, caption=caption, box=box, font=chinese_font())
        return jpeg_of(picture, width_max_px, self._camera.evidence.picture_bytes_max, finish)


def caption_of(camera: CameraConfig, local_time: datetime, scene: Scene | None) -> Caption:
    """What stands in the picture: local time and scene, then the place as people call it.

    In 1970 a recording counts from its start, or the box has no clock: no date is claimed.
    """
    time = local_time.strftime("%H:%M:%S" if local_time.year <= NO_CLOCK_YEAR else "%Y-%m-%d %H:%M:%S")
    facts = SCENES[scene] if scene is not None else None
    place = " ".join(dict.fromkeys(part for part in (camera.place, camera.name) if part)) or camera.id
    return Caption(
        parts=(f"{time}  {facts.zh}" if facts else time, place),
        plain=(f"{time}  {facts.en}" if facts else time, camera.id),
    )
