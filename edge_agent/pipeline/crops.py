"""Keeps a cut-out of every episode that is told, so that people's judgements can become training pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge_agent.core.rules.serving import labels_by_class
from edge_agent.core.values import ModelIdentity, Track
from edge_agent.video.crops import CropFolder, crop_of, head_of, plate_of
from edge_agent.video.frame import Frame
from protocol.geometry import Box
from protocol.messages import SceneEvent, ScenePhase
from protocol.scenes import ObjectClass


@dataclass(frozen=True, slots=True)
class CropPlan:
    """Where crops are kept, a folder for each camera, and whether faces and plates are made unreadable."""

    folder: Path
    blur: bool


class Crops:
    """The crops of one camera. Without a model nobody knows where people are: then only an unblurred site keeps any."""

    def __init__(self, plan: CropPlan, camera: str, model: ModelIdentity | None) -> None:
        self._folder = CropFolder(plan.folder / camera)
        self._blur = plan.blur
        self._labels = labels_by_class(model)
        self._keeps = not plan.blur or {ObjectClass.PERSON, ObjectClass.CAR} <= self._labels.keys()
        self.failures = 0
        """Crops that the disk refused."""

    def keep(self, event: SceneEvent, frame: Frame, objects: Sequence[Track]) -> None:
        """Keep the crop of an episode that is told; `objects` are the detector's tracks on this frame."""
        if not self._keeps or event.phase is not ScenePhase.RAISED:
            return
        jpeg = crop_of(frame.bgr(), event.box, self._hidden(objects) if self._blur else ())
        try:
            if jpeg is not None:
                self._folder.keep(event.episode, jpeg)
        except OSError:
            self.failures += 1

    def _hidden(self, objects: Sequence[Track]) -> list[Box]:
        people, cars = (self._labels.get(one, frozenset()) for one in (ObjectClass.PERSON, ObjectClass.CAR))
        heads = [head_of(track.box) for track in objects if track.label in people]
        return heads + [plate_of(track.box) for track in objects if track.label in cars]
