"""Which layout a model file is.

Found from what the card says, then from names, metadata and shapes, and confirmed by what the model answers to two
probe pictures. Where that leaves none or more than one, the model is refused and the candidates are named: a silently
wrong layout finds nothing, or nonsense.
"""

from collections.abc import Callable

from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Evidence, Layout, Signature
from edge_agent.inference.layouts.table import LAYOUTS

OUTPUTS_SHOWN_MAX = 8
RAW_HEAD_RANK = 5


def choose(seen: Signature, named: str | None) -> Layout:
    """The layout of a model; `named`: what the configuration or card says. Raises `ModelRefused`."""
    candidates = _called(named) if named else _most_evident(seen)
    if not candidates:
        raise ModelRefused(_unknown(seen))
    denied = {one.name: _denied(one, seen) for one in candidates}
    left = [one for one in candidates if denied[one.name] is None]
    if not left:
        reasons = "; ".join(f"not {name}: {reason}" for name, reason in denied.items())
        raise ModelRefused(f"the model's answer to a probe picture fits no layout: {reasons}")
    if len(left) > 1:
        names = " or ".join(one.name for one in left)
        raise ModelRefused(f"the model may be {names}; say which by `layout:` in the configuration or the model card")
    return left[0]


def _called(named: str) -> list[Layout]:
    called = [one for one in LAYOUTS if one.is_called(named)]
    if not called:
        raise ModelRefused(f"the layout {named!r} is unknown; known are {', '.join(one.name for one in LAYOUTS)}")
    return called


def _most_evident(seen: Signature) -> list[Layout]:
    evidence = {one.name: one.evidence(seen) for one in LAYOUTS}
    strongest = max(evidence.values())
    return [one for one in LAYOUTS if evidence[one.name] == strongest != Evidence.NONE]


def _denied(layout: Layout, seen: Signature) -> str | None:
    """What speaks against a layout: the probe, or outputs that have not even its shapes."""
    try:
        return layout.denies(seen)
    except (KeyError, IndexError, ValueError):
        return f"the model's outputs are {_shapes(seen)}"


_HINTS: tuple[tuple[str, Callable[[Signature], bool]], ...] = (
    (
        "a model for another task than detection",
        lambda seen: seen.task not in {"detect", "segment"},
    ),
    (
        "raw heads that need anchor boxes; export it with the grid inside (`--grid`)",
        lambda seen: any(len(shape) == RAW_HEAD_RANK for shape in seen.shapes),
    ),
    (
        "a Hugging Face DETR; export it with its post-processing",
        lambda seen: {"logits", "pred_boxes"} <= set(seen.outputs),
    ),
    ("PaddleDetection", lambda seen: bool({"im_shape", "scale_factor"} & set(seen.inputs))),
    ("an SSD with the layer DetectionOutput", lambda seen: any(s[:1] == (1,) and s[-1:] == (7,) for s in seen.shapes)),
    ("a classifier", lambda seen: seen.single(2) is not None and seen.shapes[0][0] == 1),
    ("an export with one output for each stride", lambda seen: len(seen.shapes) > 1),
    (
        "an export for another input size; say it by `input: {shape: [1, 3, height, width]}` in the model card",
        lambda seen: bool(seen.single(3)) and max(seen.shapes[0][1:]) > box.anchors(seen.size) // 2,
    ),
)


def _unknown(seen: Signature) -> str:
    hint = next((text for text, applies in _HINTS if applies(seen)), None)
    looks = f"; it looks like {hint}" if hint else ""
    known = ", ".join(one.name for one in LAYOUTS)
    return f"the model's outputs {_shapes(seen)} are in no layout that can be read ({known}){looks}"


def _shapes(seen: Signature) -> str:
    shown = list(zip(seen.outputs, seen.shapes, strict=True))
    words = ", ".join(f"{name[:64]} {list(shape)}" for name, shape in shown[:OUTPUTS_SHOWN_MAX])
    return words if len(shown) <= OUTPUTS_SHOWN_MAX else f"{words} ... ({len(shown)} in all)"
