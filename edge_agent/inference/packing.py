"""Writes a model's card: what the file is, how it is read, what its classes mean, and what it must find."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from edge_agent.inference.card.card import GOLDEN_BOXES_MAX, ModelCard, card_path, parse_card
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.golden import check_golden, golden_boxes
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.inference.picture_file import NO_PICTURE, PICTURE_WANTED, read_picture
from protocol.scenes import ObjectClass
from protocol.texts import Words

CARD_WIDTH = 110
_UNWRITABLE = Words("{path} 无法写入：{why}", "{path} cannot be written: {why}")
_UNREADABLE = Words("{path} 读不了：{why}", "{path} cannot be read: {why}")
_NAMELESS = Words(
    "模型没有说出类别名称；请用 --labels 给出，每行一个",
    "the model does not name its classes; give their names by --labels, one a line",
)
_NO_CLASS = Words(
    "模型没有类别 {label!r}，无法对应；它有 {names}", "the model has no class {label!r} to map; it has {names}"
)
_NOTHING = Words("不到任何目标", "nothing")
_MANY = Words(f"到 {GOLDEN_BOXES_MAX} 个或更多目标", f"{GOLDEN_BOXES_MAX} objects or more")
_NOT_GOLDEN = Words(
    "分数 {score:g} 时，模型在 {path} 上找{found}：样图应有几个模型认识的目标；请换一张，或改 --threshold",
    "the model finds {found} on {path} at a score of {score:g}: a golden picture shows a few objects that the model "
    "knows; choose another, or another --threshold",
)


@dataclass(frozen=True, slots=True)
class Packing:
    """What a person says of a model. `classes`: label to class, None for a label that no scene looks for."""

    labels: Path | None
    layout: str | None
    classes: Mapping[str, ObjectClass | None]
    threshold: float
    image: Path
    licence: str | None


def pack(model: Path, said: Packing, step: Callable[[], object]) -> Path:
    """Write `NAME.card.yaml` and the golden picture beside a model; returns the card's path.

    `step` is called after each loading and each look.

    Raises `ModelRefused` for what could not be used afterwards; then nothing is written.
    """
    detector = OnnxDetector(
        model, labels=said.labels, layout=said.layout, threshold=said.threshold, card=ModelCard(license=said.licence)
    )
    step()
    _check_classes(said.classes, detector.identity.labels)
    content, golden = _golden(detector, model, said)
    step()
    card = _yaml(_card(detector, model, said, golden))
    try:
        _replace(model.with_name(golden["picture"]), content)
        packed = OnnxDetector(model, card=parse_card(card, card_path(model)))
        step()
        check_golden(packed, model)
        _replace(card_path(model), card)
    except OSError as error:
        raise ModelRefused(_UNWRITABLE, path=error.filename or model.parent, why=error.strerror) from None
    return card_path(model)


def _check_classes(classes: Mapping[str, ObjectClass | None], labels: tuple[str, ...]) -> None:
    if not labels:
        raise ModelRefused(_NAMELESS)
    stranger = next((label for label in classes if label not in labels), None)
    if stranger is not None:
        raise ModelRefused(_NO_CLASS, label=stranger, names=", ".join(labels[:12]))


def _golden(detector: OnnxDetector, model: Path, said: Packing) -> tuple[bytes, dict[str, Any]]:
    """The golden picture's bytes and its part of the card."""
    try:
        content, picture = read_picture(said.image)
    except OSError as error:
        raise ModelRefused(_UNREADABLE, path=said.image, why=error.strerror) from None
    if picture is None:
        raise ModelRefused(NO_PICTURE, path=said.image, wanted=PICTURE_WANTED)
    boxes = golden_boxes(detector, picture, said.threshold)
    if not 0 < len(boxes) < GOLDEN_BOXES_MAX:
        found = _MANY if boxes else _NOTHING
        raise ModelRefused(_NOT_GOLDEN, found=found, path=said.image, score=said.threshold)
    return content, {
        "picture": f"{model.stem}-golden{said.image.suffix.lower()}",
        "sha256": hashlib.sha256(content).hexdigest(),
        "score_min": said.threshold,
        "boxes": [{"label": one.label, "score": one.score, "box": list(one.box)} for one in boxes],
    }


def _card(detector: OnnxDetector, model: Path, said: Packing, golden: dict[str, Any]) -> dict[str, Any]:
    identity = detector.identity
    width, height = detector.input_size
    meant = {label: said.classes.get(label, identity.classes.of(label)) for label in identity.labels}
    mapped = {
        label: None if one is None else one.value
        for label, one in meant.items()
        if one is not None or label in said.classes
    }
    return {
        "name": model.stem,
        "file": model.name,
        "sha256": identity.sha256,
        **({} if identity.licence is None else {"license": identity.licence}),
        "layout": detector.layout.name,
        "input": {"shape": [1, 3, height, width]},
        "labels": list(identity.labels),
        "classes": mapped,
        "thresholds": dict.fromkeys(identity.labels, said.threshold),
        "golden": golden,
    }


def _yaml(card: dict[str, Any]) -> bytes:
    """A card as people read it: each key on a line of its own, since a key may not be broken; lists in lines."""
    yaml, out = YAML(), BytesIO()
    yaml.width, yaml.default_flow_style, yaml.allow_unicode = CARD_WIDTH, None, True
    yaml.dump(_blocks(card), out)
    return out.getvalue()


def _blocks(value: Any) -> Any:  # noqa: ANN401 - any part of a card
    if isinstance(value, list):
        return [_blocks(one) for one in value]
    if not isinstance(value, dict):
        return value
    block = CommentedMap({key: _blocks(one) for key, one in value.items()})
    block.fa.set_block_style()
    return block


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
