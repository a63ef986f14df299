"""Which detector a command needs, and what the rules rest on with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from edge_agent.cli.trial import Step, on_trial
from edge_agent.core.rules import Serving, servings
from edge_agent.core.values import ModelIdentity
from edge_agent.inference.detector import Detector
from edge_agent.settings import LoadedConfig
from protocol.configuration import CameraConfig
from protocol.scene_rules import STATIC_LABEL, StayRule
from protocol.texts import NOTHING, Words

if TYPE_CHECKING:
    from edge_agent.inference.onnx_detector import OnnxDetector


_DETECTOR = Words(
    "{path}，{identity}，布局 {layout}，{count} 类{seen}", "{path}, {identity}, {layout}, {count} classes{seen}"
)
_SEEN = Words("，样图结果与模型卡所写一致", ", finds what its card says on its golden picture")
_FILE = Words("{path}", "{path}")


@dataclass(frozen=True, slots=True)
class Watched:
    """The detector of a command, and what the rules rest on with it."""

    detector: Detector | None
    servings: tuple[Serving, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the configured detector is, and what the rules rest on; None while its file is not there.

    `identity` and `thresholds`, the score from which each label counts: of the detector, where it could be opened.
    """

    line: Words | None
    servings: tuple[Serving, ...] | None
    identity: ModelIdentity | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict)


def watched(loaded: LoadedConfig, camera: CameraConfig, model: Path | None, labels: Path | None) -> Watched:
    """What a camera's rules rest on with `model`, else with the configuration's if any rule has a use for it.

    Raises `RulesRefused`, and `ModelRefused`.
    """
    has_one = model is not None or (loaded.config.model is not None and _has_use([camera]))
    if has_one:
        on_trial(partial(_opens, loaded, model, labels))
    detector = _opened(loaded, model, labels) if has_one else None
    return Watched(detector, servings([camera], None if detector is None else detector.identity))


def checked(loaded: LoadedConfig) -> Checked:
    """The configured detector after a look at its golden picture, and what the rules rest on with it.

    Raises `ModelRefused` for one that cannot be used, `RulesRefused` for rules that it cannot serve; a file that is not
    there yet is no mistake.
    """
    said, cameras = loaded.config.model, loaded.config.cameras
    if said is None:
        return Checked(None, servings(cameras, None))
    path = loaded.resolve(said.path)
    if not path.is_file():
        return Checked(_FILE.filled(path=path), None)
    line, identity, thresholds = on_trial(partial(_looked_at, loaded, path))
    return Checked(line, servings(cameras, identity), identity, thresholds)


def _looked_at(loaded: LoadedConfig, path: Path, step: Step) -> tuple[Words, ModelIdentity, dict[str, float]]:
    """The configured detector in words, who it is, and the score from which each of its labels counts."""
    from edge_agent.inference.golden import check_golden  # noqa: PLC0415 - heavy, and only needed here

    detector = _opened(loaded, None, None)
    step()
    line = _DETECTOR.filled(
        path=path,
        identity=detector.identity,
        layout=detector.layout.name,
        count=len(detector.identity.labels),
        seen=_SEEN if check_golden(detector, path) else NOTHING,
    )
    return line, detector.identity, detector.thresholds


def _has_use(cameras: Iterable[CameraConfig]) -> bool:
    """Whether any rule looks at what a detector finds: all but `stay` on static foreground alone do."""
    rules = (rule for camera in cameras for zone in camera.zones for rule in zone.rules if rule.enabled)
    return any(not isinstance(rule, StayRule) or set(rule.labels) != {STATIC_LABEL} for rule in rules)


def _opens(loaded: LoadedConfig, model: Path | None, labels: Path | None, _: Step) -> None:
    """Open a detector, for its own sake; raises `ModelRefused`."""
    _opened(loaded, model, labels)


def _opened(loaded: LoadedConfig, model: Path | None, labels: Path | None) -> "OnnxDetector":
    """`model` with the configured threshold, else the configured model with all that is said about it."""
    from edge_agent.inference.onnx_detector import OnnxDetector  # noqa: PLC0415 - heavy, and only needed here

    said = loaded.config.model
    if model is not None or said is None:
        return OnnxDetector(model or Path(), labels=labels, threshold=said.threshold if said else None)
    names = labels or (loaded.resolve(said.labels) if said.labels else None)
    path = loaded.resolve(said.path)
    return OnnxDetector(path, labels=names, layout=said.layout, threshold=said.threshold, sha256=said.sha256)
