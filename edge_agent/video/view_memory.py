"""Keeps the learned view of a camera over restarts: small, masked, contrast only."""

import os
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

import numpy as np
import structlog

from edge_agent.core.picture_health import Reference
from edge_agent.core.picture_health.look import COLUMNS, HEIGHT_PX, ROWS, WIDTH_PX
from edge_agent.core.picture_health.reference import LIGHTS_MAX, Light
from protocol.configuration import CameraConfig

_log = structlog.get_logger(__name__)

FILE_BYTES_MAX = 1_000_000
_SHAPES = {
    "contrast": (HEIGHT_PX, WIDTH_PX),
    "texture": (ROWS, COLUMNS),
    "detail": (ROWS, COLUMNS),
    "sharpness": (ROWS, COLUMNS),
    "chroma": (2, ROWS, COLUMNS),
    "looks": (),
    "used": (),
}


class ViewMemory:
    """One file a camera. With another view number, other zones or other masks the view is learned anew."""

    def __init__(self, folder: Path, camera: CameraConfig) -> None:
        shapes = "|".join(str(zone.polygon) for zone in camera.zones) + f"|{camera.privacy_masks}|{camera.health.view}"
        self._path = folder / f"{camera.id}.{sha256(shapes.encode()).hexdigest()[:16]}.npz"
        self._prefix = f"{camera.id}."

    def recall(self) -> Reference:
        """The view as last kept; an empty one where there is none, or where the file is damaged."""
        try:
            return self._read()
        except FileNotFoundError:
            return Reference()
        except Exception as error:  # noqa: BLE001 - archive, compression, header and numbers have classes of their own
            _log.warning("view_not_recalled", file=self._path.name, reason=f"{type(error).__name__}: {error}")
            return Reference()

    def _read(self) -> Reference:
        if self._path.stat().st_size > FILE_BYTES_MAX:
            raise ValueError("larger than a view is")
        with self._path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return _reference({name: kept[name] for name in (*_SHAPES, "all_looks")})

    def keep(self, reference: Reference) -> None:
        """Write it aside, then rename; files of earlier views of the camera go. Raises `OSError`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(f".{os.getpid()}.part")
        columns = {name: np.stack([np.asarray(getattr(one, name)) for one in reference.lights]) for name in _SHAPES}
        try:
            with aside.open("wb") as file:
                np.savez(file, allow_pickle=False, all_looks=np.array(reference.looks), **columns)
            aside.replace(self._path)
        finally:
            aside.unlink(missing_ok=True)
        for other in self._path.parent.glob(f"{self._prefix}*.npz"):
            if other != self._path:
                other.unlink(missing_ok=True)


def _reference(kept: dict[str, np.ndarray]) -> Reference:
    """Raises `ValueError` for what this release would not have written."""
    count = len(kept["looks"])
    shapes_are_right = all(kept[name].shape == (count, *shape) for name, shape in _SHAPES.items())
    finite = all(np.isfinite(kept[name]).all() for name in _SHAPES)
    if not 1 <= count <= LIGHTS_MAX or not shapes_are_right or not finite:
        raise ValueError("not a view")
    return Reference(tuple(_light(kept, number) for number in range(count)), int(kept["all_looks"]))


def _light(kept: dict[str, np.ndarray], number: int) -> Light:
    values = {name: kept[name][number] for name in _SHAPES}
    pictures = {one.name: values[one.name].astype(np.float32) for one in fields(Light) if _SHAPES[one.name]}
    return Light(**pictures, looks=int(values["looks"]), used=int(values["used"]))
