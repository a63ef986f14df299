"""A reader's own checkout of Frigate: whether it is one, which commit it is, and its parts by themselves.

Nothing of it is kept here. Its motion detector, tracker and post-processing run unchanged; of all else that they import
only the names exist.
"""

import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

Theirs = Any
"""Something made by the checkout's own code."""

PARTS = (
    "frigate/motion/__init__.py",
    "frigate/motion/improved_motion.py",
    "frigate/track/__init__.py",
    "frigate/track/norfair_tracker.py",
    "frigate/track/stationary_classifier.py",
    "frigate/util/image.py",
    "frigate/util/model.py",
    "frigate/util/object.py",
)
NAMES_ONLY = (
    "frigate.camera",
    "frigate.config",
    "frigate.config.config",
    "frigate.const",
    "frigate.ptz",
    "frigate.ptz.autotrack",
    "frigate.util.object",
)
PURE_FUNCTIONS = ("average_boxes", "median_of_boxes")
PACKAGES = ("frigate", "frigate.motion", "frigate.track", "frigate.util")


def missing(checkout: Path) -> list[str]:
    """The parts that a folder lacks to be a checkout."""
    return [part for part in PARTS if not (checkout / part).is_file()]


class _NamesOnly(ModuleType):
    """A module in which every name is an empty class."""

    def __getattr__(self, name: str) -> Theirs:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def part(checkout: Path, name: str) -> ModuleType:
    """One of the checkout's modules, such as `frigate.util.model`, with names for what it imports beside the parts."""
    if "frigate" not in sys.modules:
        _prepare(checkout)
    return importlib.import_module(name)


def _prepare(checkout: Path) -> None:
    frigate = ModuleType("frigate")
    frigate.__path__ = [str(checkout / "frigate")]
    util = ModuleType("frigate.util")
    util.__path__ = [str(checkout / "frigate" / "util")]
    sys.modules.update({"frigate": frigate, "frigate.util": util})
    for name in NAMES_ONLY:
        sys.modules[name] = _NamesOnly(name)
    source = (checkout / "frigate" / "util" / "object.py").read_text(encoding="utf-8")
    wanted = [one for one in ast.parse(source).body if getattr(one, "name", None) in PURE_FUNCTIONS]
    functions: dict[str, Any] = vars(importlib.import_module("frigate.util.image")).copy()
    exec(compile(ast.Module(wanted, []), "frigate/util/object.py", "exec"), functions)  # noqa: S102 - the reader's own file
    for function in PURE_FUNCTIONS:
        setattr(sys.modules["frigate.util.object"], function, functions[function])


def motion_detector(checkout: Path, height: int, width: int, fps: int) -> Theirs:
    """Its motion detector with its default settings; `detect` takes an I420 picture."""
    numpy = importlib.import_module("numpy")
    settings = SimpleNamespace(
        enabled=True,
        threshold=30,
        lightning_threshold=0.8,
        skip_motion_threshold=None,
        improve_contrast=True,
        contour_area=10,
        delta_alpha=0.2,
        frame_alpha=0.01,
        frame_height=100,
        rasterized_mask=numpy.full((height, width), 255, numpy.uint8),
    )
    return part(checkout, "frigate.motion.improved_motion").ImprovedMotionDetector((height, width), settings, fps)


def object_tracker(checkout: Path, height: int, width: int, fps: int) -> Theirs:
    """Its tracker with its default settings; the pictures that its classifier of standing things sees are grey."""
    numpy = importlib.import_module("numpy")
    frames = SimpleNamespace(get=lambda *_: numpy.full((height * 3 // 2, width), 128, numpy.uint8))
    module: Any = part(checkout, "frigate.track.norfair_tracker")
    module.SharedMemoryFrameManager = lambda: frames
    frames_max = SimpleNamespace(objects={}, default=None)
    still = SimpleNamespace(interval=50, threshold=10 * fps, classifier=True, max_frames=frames_max)
    detect = SimpleNamespace(
        min_initialized=max(2, fps // 2), max_disappeared=5 * fps, width=width, height=height, fps=fps, stationary=still
    )
    settings = SimpleNamespace(
        name="bench",
        detect=detect,
        objects=SimpleNamespace(track=["person", "car", "bicycle", "stall"]),
        onvif=SimpleNamespace(autotracking=SimpleNamespace(enabled_in_config=False, track=[])),
        frame_shape_yuv=(height * 3 // 2, width),
    )
    return module.NorfairTracker(settings, SimpleNamespace(autotracker_enabled=SimpleNamespace(value=False)))
