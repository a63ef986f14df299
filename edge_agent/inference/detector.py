"""Port: something that finds objects on a picture."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from edge_agent.core.values import Detection, ModelIdentity
from protocol.texts import Told


class ModelRefused(Told):
    """The model file cannot serve as a detector; the text says why and what to do. A mistake of the user."""


class AnswerRefused(ModelRefused):
    """The model's answer to one picture is no use; another picture may be answered well."""


class Detector(Protocol):
    """A loaded model."""

    @property
    def identity(self) -> ModelIdentity:
        """Name, content hash and labels."""
        ...

    def detect(self, image_bgr: npt.NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Objects on a HxWx3 uint8 picture (blue first), strongest first; raises `AnswerRefused`."""
        ...
