"""Which detector a command needs, and whether it knows what the rules ask for."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from edge_agent.cli.failures import UserMistake
from edge_agent.cli.quiet import quiet
from edge_agent.inference.detector import Detector
from edge_agent.settings import LoadedConfig
from protocol.configuration import CameraConfig
from protocol.scene_rules import STATIC_LABEL, StayRule

if TYPE_CHECKING:
    from edge_agent.inference.onnx_detector import OnnxDetector

NEAR_LABELS_MAX = 3
LABELS_SHOWN_MAX = 12


def detector_for(
    loaded: LoadedConfig, camera: CameraConfig, model: Path | None, labels: Path | None
) -> Detector | None:
    """The detector for a camera's rules: `model`, else the configuration's; None if no rule needs one.

    Raises `UserMistake` when a rule asks for a label and there is no model, or the model does not have it.
    """
    asked = list(asked_labels(camera))
    said = loaded.config.model
    if model is None and not asked:
        return None
    if model is None and said is None:
        place, label = asked[0]
        raise UserMistake(f"{place} asks for {label!r}, which needs a detector; give one by --model M.onnx")
    detector = _opened(loaded, model, labels)
    for place, label in asked:
        if label not in detector.identity.labels:
            raise UserMistake(f"{place} asks for {label!r}, which the model does not have; {_near(label, detector)}")
    return detector


def detector_line(loaded: LoadedConfig) -> str:
    """What the configured detector is, after a look at its golden picture.

    Raises `ModelRefused` for one that cannot be used; a file that is not there yet is no mistake.
    """
    said = loaded.config.model
    if said is None:
        return "none"
    path = loaded.resolve(said.path)
    if not path.is_file():
        return str(path)
    with quiet():
        from edge_agent.inference.golden import check_golden  # noqa: PLC0415 - heavy, and only needed here

        detector = _opened(loaded, None, None)
        golden = check_golden(detector, path)
    seen = ", finds what its card says on its golden picture" if golden else ""
    return f"{path}, {detector.identity}, {detector.layout.name}, {len(detector.identity.labels)} classes{seen}"


def _opened(loaded: LoadedConfig, model: Path | None, labels: Path | None) -> "OnnxDetector":
    """`model` with the configured threshold, else the configured model with all that is said about it."""
    from edge_agent.inference.onnx_detector import OnnxDetector  # noqa: PLC0415 - heavy, and only needed here

    said = loaded.config.model
    if model is not None or said is None:
        return OnnxDetector(model or Path(), labels=labels, threshold=said.threshold if said else None)
    names = labels or (loaded.resolve(said.labels) if said.labels else None)
    path = loaded.resolve(said.path)
    return OnnxDetector(path, labels=names, layout=said.layout, threshold=said.threshold, sha256=said.sha256)


def asked_labels(camera: CameraConfig) -> Iterator[tuple[str, str]]:
    """Every label of a detector that a camera's rules ask for, with words for the place of the rule."""
    for zone in camera.zones:
        for rule in zone.rules:
            for label in rule.labels if isinstance(rule, StayRule) else ():
                if label != STATIC_LABEL:
                    yield f"camera {camera.id}, zone {zone.id}: the rule `{rule.scene}`", label


def _near(label: str, detector: Detector) -> str:
    known = detector.identity.labels
    lower = {name.lower(): name for name in known}
    near = [lower[name] for name in difflib.get_close_matches(label.lower(), lower, n=NEAR_LABELS_MAX)]
    if near:
        return f"the nearest it has: {', '.join(near)}"
    if all(name.isdigit() for name in known):
        return "its classes have no names; give them by --labels FILE, one a line in class order"
    more = "" if len(known) <= LABELS_SHOWN_MAX else f" ... ({len(known)} in all)"
    return f"it has {', '.join(known[:LABELS_SHOWN_MAX])}{more}"
