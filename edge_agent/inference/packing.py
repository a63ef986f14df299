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
from edge_agent.inference.picture_file import PICTURE_WANTED, read_picture
from protocol.scenes import ObjectClass

CARD_WIDTH = 110


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
        raise ModelRefused(f"{error.filename or model.parent} cannot be written: {error.strerror}") from None
    return card_path(model)


def _check_classes(classes: Mapping[str, ObjectClass | None], labels: tuple[str, ...]) -> None:
    if not labels:
        raise ModelRefused("the model does not name its classes; give their names by --labels, one a line")
    stranger = next((label for label in classes if label not in labels), None)
    if stranger is not None:
        raise ModelRefused(f"the model has no class {stranger!r} to map; it has {', '.join(labels[:12])}")


def _golden(detector: OnnxDetector, model: Path, said: Packing) -> tuple[bytes, dict[str, Any]]:
    """The golden picture's bytes and its part of the card."""
    try:
        content, picture = read_picture(said.image)
    except OSError as error:
        raise ModelRefused(f"{said.image} cannot be read: {error.strerror}") from None
    if picture is None:
        raise ModelRefused(f"{said.image} is not a picture that can be read; {PICTURE_WANTED}")
    boxes = golden_boxes(detector, picture, said.threshold)
    if not 0 < len(boxes) < GOLDEN_BOXES_MAX:
        found = "nothing" if not boxes else f"{GOLDEN_BOXES_MAX} objects or more"
        raise ModelRefused(
            f"the model finds {found} on {said.image} at a score of {said.threshold:g}: a golden picture shows a few "
            "objects that the model knows; choose another, or another --threshold"
        )
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
