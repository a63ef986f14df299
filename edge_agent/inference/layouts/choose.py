"""Which layout a model file is.

Found from what the card says, then from names, metadata and shapes, and confirmed by what the model answers to two
probe pictures. Where that leaves none or more than one, the model is refused and the candidates are named: a silently
wrong layout finds nothing, or nonsense.
"""

from collections.abc import Callable, Sequence

from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Evidence, Layout, Signature
from edge_agent.inference.layouts.table import LAYOUTS
from protocol.texts import NOTHING, Words

OUTPUTS_SHOWN_MAX = 8
RAW_HEAD_RANK = 5

_FITS_NONE = Words(
    "模型对试探画面的回答不符合任何布局：{reasons}", "the model's answer to a probe picture fits no layout: {reasons}"
)
_NOT_THIS = Words("不是 {name}：{reason}", "not {name}: {reason}")
_BESIDES, _OR = Words("；", "; "), Words(" 或 ", " or ")
_SEVERAL = Words(
    "模型可能是 {names}；请在配置或模型卡里用 `layout:` 指定",
    "the model may be {names}; say which by `layout:` in the configuration or the model card",
)
_NO_SUCH = Words("没有布局 {named!r}；可用的有 {known}", "the layout {named!r} is unknown; known are {known}")
_OTHER_SHAPES = Words("模型的输出是 {shapes}", "the model's outputs are {shapes}")
_UNKNOWN = Words(
    "模型的输出 {shapes} 不属于任何能读的布局（{known}）{looks}",
    "the model's outputs {shapes} are in no layout that can be read ({known}){looks}",
)
_LOOKS_LIKE = Words("；它像是{hint}", "; it looks like {hint}")
_IN_ALL = Words("{shown} ...（共 {count} 个）", "{shown} ... ({count} in all)")


def choose(seen: Signature, named: str | None) -> Layout:
    """The layout of a model; `named`: what the configuration or card says. Raises `ModelRefused`."""
    candidates = _called(named) if named else _most_evident(seen)
    if not candidates:
        raise ModelRefused(_unknown(seen))
    denied = {one.name: _denied(one, seen) for one in candidates}
    left = [one for one in candidates if denied[one.name] is None]
    if not left:
        told = [_NOT_THIS.filled(name=name, reason=reason) for name, reason in denied.items()]
        raise ModelRefused(_FITS_NONE, reasons=_joined(_BESIDES, told))
    if len(left) > 1:
        raise ModelRefused(_SEVERAL, names=_joined(_OR, [Words(one.name, one.name) for one in left]))
    return left[0]


def _called(named: str) -> list[Layout]:
    called = [one for one in LAYOUTS if one.is_called(named)]
    if not called:
        raise ModelRefused(_NO_SUCH, named=named, known=_known())
    return called


def _most_evident(seen: Signature) -> list[Layout]:
    evidence = {one.name: one.evidence(seen) for one in LAYOUTS}
    strongest = max(evidence.values())
    return [one for one in LAYOUTS if evidence[one.name] == strongest != Evidence.NONE]


def _denied(layout: Layout, seen: Signature) -> Words | None:
    """What speaks against a layout: the probe, or outputs that have not even its shapes."""
    try:
        return layout.denies(seen)
    except (KeyError, IndexError, ValueError):
        return _OTHER_SHAPES.filled(shapes=_shapes(seen))


_HINTS: tuple[tuple[Words, Callable[[Signature], bool]], ...] = (
    (
        Words("用于检测以外任务的模型", "a model for another task than detection"),
        lambda seen: seen.task not in {"detect", "segment"},
    ),
    (
        Words(
            "需要锚框的原始输出头；请导出时带上网格（`--grid`）",
            "raw heads that need anchor boxes; export it with the grid inside (`--grid`)",
        ),
        lambda seen: any(len(shape) == RAW_HEAD_RANK for shape in seen.shapes),
    ),
    (
        Words("Hugging Face 的 DETR；请连同后处理一起导出", "a Hugging Face DETR; export it with its post-processing"),
        lambda seen: {"logits", "pred_boxes"} <= set(seen.outputs),
    ),
    (Words("PaddleDetection", "PaddleDetection"), lambda seen: bool({"im_shape", "scale_factor"} & set(seen.inputs))),
    (
        Words("带 DetectionOutput 层的 SSD", "an SSD with the layer DetectionOutput"),
        lambda seen: any(s[:1] == (1,) and s[-1:] == (7,) for s in seen.shapes),
    ),
    (Words("分类模型", "a classifier"), lambda seen: seen.single(2) is not None and seen.shapes[0][0] == 1),
    (
        Words("每个步长各有一个输出的导出", "an export with one output for each stride"),
        lambda seen: len(seen.shapes) > 1,
    ),
    (
        Words(
            "另一种输入尺寸的导出；请在模型卡里用 `input: {{shape: [1, 3, height, width]}}` 给出",
            "an export for another input size; say it by `input: {{shape: [1, 3, height, width]}}` in the model card",
        ),
        lambda seen: bool(seen.single(3)) and max(seen.shapes[0][1:]) > box.anchors(seen.size) // 2,
    ),
)


def _unknown(seen: Signature) -> Words:
    hint = next((words for words, applies in _HINTS if applies(seen)), None)
    looks = NOTHING if hint is None else _LOOKS_LIKE.filled(hint=hint)
    return _UNKNOWN.filled(shapes=_shapes(seen), known=_known(), looks=looks)


def _known() -> str:
    return ", ".join(one.name for one in LAYOUTS)


def _shapes(seen: Signature) -> Words:
    named = list(zip(seen.outputs, seen.shapes, strict=True))
    text = ", ".join(f"{name[:64]} {list(shape)}" for name, shape in named[:OUTPUTS_SHOWN_MAX])
    words = Words("{text}", "{text}") if len(named) <= OUTPUTS_SHOWN_MAX else _IN_ALL
    return words.filled(text=text, shown=text, count=len(named))


def _joined(between: Words, parts: Sequence[Words]) -> Words:
    return Words(between.zh.join(one.zh for one in parts), between.en.join(one.en for one in parts))
