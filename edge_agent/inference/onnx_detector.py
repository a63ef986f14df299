"""Detectors in ONNX files, run by ONNX Runtime on one thread of the CPU."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from edge_agent.core.values import START_SCORE_DEFAULT, Detection, ModelIdentity
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts import Layout, Signature, choose
from edge_agent.inference.model_card import ModelCard, choose_labels, literals, read_card
from edge_agent.inference.preprocess import Picture, Size
from edge_agent.inference.suppression import Floats, suppress

MODEL_BYTES_MAX = 512_000_000
SIDE_MAX = 4096
SIDE_WHEN_OPEN = 640
"""Input side for a model that takes any size and does not say which it was trained for."""
WEAK_SHARE = 0.5
"""Detections down to this share of the threshold are reported: they may continue a track, never begin one."""
PROBE_SEED = 1
_TYPES: dict[str, type[np.floating[Any]]] = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
_FATAL_ONLY = 4


class OnnxDetector:
    """Implements `Detector`. `threshold` is the score that begins a track."""

    def __init__(
        self,
        path: Path,
        *,
        labels: Path | None = None,
        layout: str | None = None,
        threshold: float = START_SCORE_DEFAULT,
        sha256: str | None = None,
    ) -> None:
        """Load and probe the model; raises `ModelRefused` with a sentence for the user."""
        content = _content(path)
        digest = hashlib.sha256(content).hexdigest()
        if sha256 is not None and sha256 != digest:
            raise ModelRefused(f"{path} is not the model that the configuration names: its sha256 is {digest}")
        card = read_card(path, digest)
        self._session = _session(content, path)
        metadata = literals(self._session.get_modelmeta().custom_metadata_map)
        self._input, self._type, self._size = _input(self._session, metadata, card)
        signature = self._probed(metadata)
        self.layout: Layout = choose(signature, layout or card.layout)
        count = self.layout.class_count(signature)
        names = choose_labels(card, metadata, labels, count)
        licence = card.license or metadata.get("license")
        self._score_min = WEAK_SHARE * threshold
        self.identity = ModelIdentity(
            name=(card.name or path.stem)[:100],
            sha256=digest,
            labels=names,
            start_score=threshold,
            licence=None if licence is None else str(licence)[:200],
        )

    @property
    def input_size(self) -> Size:
        """Width and height of the network's input."""
        return self._size

    def detect(self, image_bgr: Picture) -> tuple[Detection, ...]:
        """Objects on a HxWx3 uint8 picture (blue first), strongest first, down to half the threshold."""
        placed = self.layout.place(image_bgr, self._size)
        output = self._run(self.layout.tensor(placed.picture))[0]
        found = suppress(self.layout.decode(output, self._size, self._score_min), self.layout.overlap_max)
        height, width = image_bgr.shape[:2]
        boxes = placed.boxes_back(found.boxes, (width, height)).tolist()
        return tuple(
            Detection(self.identity.labels[kind], min(1.0, float(score)), (x1, y1, x2, y2))
            for (x1, y1, x2, y2), score, kind in zip(boxes, found.scores, found.classes, strict=True)
            if x2 > x1 and y2 > y1
        )

    def _run(self, tensor: Floats) -> list[Floats]:
        outputs: Sequence[Any] = self._session.run(None, {self._input: tensor.astype(self._type, copy=False)})
        return [np.asarray(output, dtype=np.float32) for output in outputs]

    def _probed(self, metadata: dict[str, object]) -> Signature:
        """Ask the model about a grey and a noisy picture; the answers must be numbers."""
        width, height = self._size
        noise = np.random.default_rng(PROBE_SEED).random((1, 3, height, width), dtype=np.float32)
        pictures = (np.full((1, 3, height, width), 0.447, np.float32), noise)
        try:
            probes = tuple(tuple(self._run(picture)) for picture in pictures)
        except Exception as error:  # noqa: BLE001 - the runtime raises classes of its own for each kind of graph fault
            raise ModelRefused(f"the model cannot be run: {_line(error)}") from None
        if not all(np.isfinite(output).all() for probe in probes for output in probe):
            raise ModelRefused("the model answers a plain grey or noisy picture with values that are no numbers")
        outputs = self._session.get_outputs()
        return Signature(
            inputs=tuple(one.name for one in self._session.get_inputs()),
            outputs=tuple(one.name for one in outputs),
            shapes=tuple(output.shape for output in probes[0]),
            metadata=metadata,
            size=self._size,
            probes=probes,
        )


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MODEL_BYTES_MAX + 1)
    except FileNotFoundError:
        raise ModelRefused(f"there is no model file {path}") from None
    except OSError as error:
        raise ModelRefused(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MODEL_BYTES_MAX:
        raise ModelRefused(f"{path} is larger than {MODEL_BYTES_MAX // 10**6} MB, which no edge detector is")
    return content


def _session(content: bytes, path: Path) -> onnxruntime.InferenceSession:
    onnxruntime.set_default_logger_severity(_FATAL_ONLY)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - the runtime raises classes of its own for each kind of bad file
        raise ModelRefused(f"{path} is not an ONNX model that can be loaded: {_line(error)}") from None


def _input(
    session: onnxruntime.InferenceSession, metadata: dict[str, object], card: ModelCard
) -> tuple[str, type[np.floating[Any]], Size]:
    """Name, type and (width, height) of the one picture input; raises `ModelRefused`."""
    inputs = session.get_inputs()
    first = inputs[0]
    if len(inputs) != 1:
        names = ", ".join(one.name for one in inputs)
        raise ModelRefused(
            f"the model has {len(inputs)} inputs ({names}); only models with one picture input can be read"
        )
    wrong_channels = len(first.shape) == 4 and isinstance(first.shape[1], int) and first.shape[1] != 3  # noqa: PLR2004 - NCHW
    if first.type not in _TYPES or len(first.shape) != 4 or wrong_channels:  # noqa: PLR2004 - NCHW
        shape = f"{first.type} {first.shape}"
        raise ModelRefused(f"the model's input {first.name} is {shape}; a float [1, 3, height, width] is needed")
    if isinstance(first.shape[0], int) and first.shape[0] != 1:
        raise ModelRefused(f"the model takes {first.shape[0]} pictures at a time; export it with batch 1")
    height, width = (
        side if isinstance(side, int) else said
        for side, said in zip(first.shape[2:], _said_size(metadata, card), strict=True)
    )
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX):
        raise ModelRefused(f"the model's input is {width}x{height} pixels; at most {SIDE_MAX} a side can be served")
    return first.name, _TYPES[first.type], (width, height)


def _said_size(metadata: dict[str, object], card: ModelCard) -> tuple[int, int]:
    """Height and width for open dimensions: from the card, else `imgsz`, else `SIDE_WHEN_OPEN`."""
    if card.input.shape is not None:
        return card.input.shape[2], card.input.shape[3]
    said = metadata.get("imgsz")
    if isinstance(said, int):
        return said, said
    if isinstance(said, list | tuple) and len(said) == 2 and all(isinstance(side, int) for side in said):  # noqa: PLR2004 - height and width
        return said[0], said[1]
    return SIDE_WHEN_OPEN, SIDE_WHEN_OPEN


def _line(error: Exception) -> str:
    """The first line of the runtime's message, without its own source paths."""
    return str(error).strip().splitlines()[0].split(" : ")[-1][:200] if str(error).strip() else type(error).__name__
