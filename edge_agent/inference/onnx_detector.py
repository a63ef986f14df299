"""Detectors in ONNX files: the file, its card and its layout put together."""

from pathlib import Path

import numpy as np

from edge_agent.core.values import START_SCORE_DEFAULT, ClassMap, Detection, ModelIdentity
from edge_agent.inference.card.card import ModelCard, read_card
from edge_agent.inference.card.labels import choose_labels
from edge_agent.inference.detector import AnswerRefused, ModelRefused
from edge_agent.inference.layouts.choose import choose
from edge_agent.inference.layouts.layout import Layout, Signature, View
from edge_agent.inference.model_file import bounded_memory, read_model, reason_of
from edge_agent.inference.network import Network
from edge_agent.inference.preprocess import Fitting, Picture, Placed, Size
from edge_agent.inference.suppression import Candidates, Floats, suppress
from protocol.plain_text import one_line
from protocol.texts import Words

_ANOTHER = Words(
    "{path} 不是配置所指的模型：它的 sha256 是 {digest}",
    "{path} is not the model that the configuration names: its sha256 is {digest}",
)
_NOT_RUN = Words("{model} 无法看这幅画面：{why}", "{model} cannot be run on a picture: {why}")
_NO_NUMBERS = Words(
    "{model} 对画面回答的数值不是数；请用完整浮点重新导出，或换一个模型",
    "{model} answers a picture with values that are no numbers; export it anew with full floats, or use another model",
)
_OTHER_SHAPES = Words(
    "{model} 对画面回答的形状与试探时不同；请用完整浮点重新导出，或换一个模型",
    "{model} answers a picture in other shapes than its probe; export it anew with full floats, or use another model",
)
_NOT_THIS = Words(
    "模型对试探画面的回答不是 {layout}：{why}", "the model's answer to a probe picture is not {layout}: {why}"
)
_SHAPES_DIFFER = Words("输出的形状不同", "its outputs have other shapes")
_SHAPES_OF_ANOTHER = Words("模型输出的形状与 {layout} 不同", "the model's outputs have other shapes than {layout}")
_CARD_OF_ANOTHER = Words(
    "模型卡写的是 {said}，但模型按 {layout} 读取", "the model card says {said}, but the model is read as {layout}"
)
_STRANGER = Words(
    "模型卡在 `{key}` 下写了 {label!r}，模型没有这个类别",
    "the model card names {label!r} under `{key}`, which the model does not have",
)
WEAK_SHARE = 0.5
"""Detections down to this share of their threshold are reported: they may continue a track, never begin one."""


class OnnxDetector:
    """Implements `Detector`. One thread at a time may use it."""

    def __init__(  # noqa: PLR0913 - everything that may be said about a file
        self,
        path: Path,
        *,
        labels: Path | None = None,
        layout: str | None = None,
        threshold: float | None = None,
        sha256: str | None = None,
        card: ModelCard | None = None,
    ) -> None:
        """Load and probe the model; raises `ModelRefused` with a sentence for the user.

        `threshold`: score that begins a track, for every class; without it the card's, else `START_SCORE_DEFAULT`.
        `card`: instead of the one beside the file.
        """
        content, digest = read_model(path)
        if sha256 is not None and sha256 != digest:
            raise ModelRefused(_ANOTHER, path=path, digest=digest)
        self.card = read_card(path, digest) if card is None else card
        with bounded_memory():
            self._network = Network(content, path, self.card.input)
            seen = self._network.probed()
        self.layout: Layout = choose(seen, layout or self.card.layout)
        self._feed = self.card.input.feed(self.layout.feed)
        self._overlap_max = self.layout.overlap_max and (self.card.overlap_max or self.layout.overlap_max)
        names = choose_labels(self.card.labels, seen.metadata, labels, _class_count(self.layout, seen))
        _agree(self.card, self.layout, names)
        self._thresholds = _thresholds(self.card, names, threshold)
        licence = self.card.license or seen.metadata.get("license")
        self.identity = ModelIdentity(
            name=one_line(self.card.name or path.stem)[:100],
            sha256=digest,
            labels=names,
            start_score=float(self._thresholds.min()),
            licence=None if licence is None else one_line(str(licence))[:200],
            classes=ClassMap(tuple(self.card.classes.items())),
        )
        self._prove()

    @property
    def fitting(self) -> Fitting:
        """How large a picture is of use."""
        return Fitting(self._feed.place, self._network.size)

    @property
    def thresholds(self) -> dict[str, float]:
        """The score from which an object of each label counts; empty where nobody names the labels."""
        last = len(self._thresholds) - 1
        named = enumerate(self.identity.labels)
        return {label: round(float(self._thresholds[min(kind, last)]), 4) for kind, label in named}

    @property
    def input_size(self) -> Size:
        """Width and height of the network's input."""
        return self._network.size

    def detect(self, image_bgr: Picture) -> tuple[Detection, ...]:
        """Objects on a HxWx3 uint8 picture (blue first), strongest first, down to half their threshold."""
        return self._seen(image_bgr, WEAK_SHARE * self._thresholds)

    def everything(self, image_bgr: Picture, score_min: float) -> tuple[Detection, ...]:
        """All objects from a score on, whatever the thresholds."""
        return self._seen(image_bgr, np.full_like(self._thresholds, score_min))

    def _seen(self, image_bgr: Picture, score_mins: Floats) -> tuple[Detection, ...]:
        """Objects on a picture; `score_mins` holds the least score of each class."""
        height, width = image_bgr.shape[:2]
        placed = self._feed.place(image_bgr, self._network.size)
        candidates = self._read(placed, (width, height), float(score_mins.min()))
        candidates = candidates.only(candidates.scores >= of_classes(score_mins, candidates))
        found = suppress(candidates, self._overlap_max)
        boxes = placed.boxes_back(found.boxes, (width, height)).tolist()
        begins = found.scores >= of_classes(self._thresholds, found)
        return tuple(
            Detection(self._label(kind), min(1.0, score), (x1, y1, x2, y2), strong)
            for (x1, y1, x2, y2), score, kind, strong in zip(
                boxes, found.scores.tolist(), found.classes.tolist(), begins.tolist(), strict=True
            )
            if x2 > x1 and y2 > y1
        )

    def _read(self, placed: Placed, picture: Size, score_min: float) -> Candidates:
        """What the network answers to a picture of a size; raises `AnswerRefused`."""
        try:
            answer = self._network.ask(self._feed, placed, picture)
        except Exception as error:  # noqa: BLE001 - the runtime raises classes of its own for each kind of graph fault
            raise AnswerRefused(_NOT_RUN, model=self.identity, why=reason_of(error)) from None
        with np.errstate(invalid="ignore", over="ignore"):
            if not all(np.isfinite(output.sum()) for output in answer.values()):
                raise AnswerRefused(_NO_NUMBERS, model=self.identity)
        try:
            return self.layout.decode(answer, View(self._network.size, picture), score_min)
        except (KeyError, IndexError, ValueError):
            raise AnswerRefused(_OTHER_SHAPES, model=self.identity) from None

    def _label(self, kind: int) -> str:
        return self.identity.labels[kind] if kind < len(self.identity.labels) else str(kind)

    def _prove(self) -> None:
        """Probe again, fed as the layout wants it; raises `ModelRefused`."""
        with bounded_memory():
            seen = self._network.probed(self._feed)
        try:
            denied = self.layout.denies(seen)
            for answer in seen.probes:
                self.layout.decode(answer, View(seen.size, seen.size), WEAK_SHARE * self.identity.start_score)
        except (KeyError, IndexError, ValueError):
            denied = _SHAPES_DIFFER
        if denied:
            raise ModelRefused(_NOT_THIS, layout=self.layout.name, why=denied)


def of_classes(values: Floats, found: Candidates) -> Floats:
    """The value of each candidate's class; the last one is for all classes behind it."""
    return values[np.minimum(found.classes, len(values) - 1)]


def _class_count(layout: Layout, seen: Signature) -> int | None:
    try:
        return layout.class_count(seen)
    except IndexError:
        raise ModelRefused(_SHAPES_OF_ANOTHER, layout=layout.name) from None


def _agree(card: ModelCard, layout: Layout, names: tuple[str, ...]) -> None:
    """Raise `ModelRefused` if the card speaks of another layout or of classes that the model does not have."""
    if card.layout is not None and not layout.is_called(card.layout):
        raise ModelRefused(_CARD_OF_ANOTHER, said=card.layout, layout=layout.name)
    golden = {one.label for one in card.golden.boxes} if card.golden else set()
    for key, labels in (("classes", set(card.classes)), ("thresholds", set(card.thresholds)), ("golden", golden)):
        strangers = sorted(labels - set(names))
        if strangers and (names or not all(label.isdigit() for label in strangers)):
            raise ModelRefused(_STRANGER, label=strangers[0], key=key)


def _thresholds(card: ModelCard, names: tuple[str, ...], configured: float | None) -> Floats:
    """Least score of each class to begin a track, the last one for all further classes."""
    if configured is not None or not names:
        return np.array([configured or START_SCORE_DEFAULT], dtype=np.float32)
    said = [card.thresholds.get(name, START_SCORE_DEFAULT) for name in names]
    return np.array([*said, START_SCORE_DEFAULT], dtype=np.float32)
