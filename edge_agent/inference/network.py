"""A loaded graph: what it takes, how it is asked, and what it answers to two pictures that show nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from edge_agent.inference.card.card import CardInput
from edge_agent.inference.card.labels import literals
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts.layout import Answer, Signature
from edge_agent.inference.layouts.named import SIZE_INPUT
from edge_agent.inference.model_file import FATAL_ONLY, open_session, reason_of
from edge_agent.inference.preprocess import PADDING_LEVEL, RGB_UNIT_STD, Feed, Picture, Placed, Size, stretch
from protocol.texts import Words

SIDE_MAX = 4096
SIDE_WHEN_OPEN = 640
"""Input side for a model that takes any size and does not say which it was trained for."""
PROBE_SEED = 1
PROBE_FEED = Feed(stretch, red_first=True, std=RGB_UNIT_STD)
CHANNELS, IMAGE_RANK = 3, 4

_NO_NAMES = Words(
    "{path} 里的名称不是文本；文件已损坏", "{path} names its parts by bytes that are no text; it is damaged"
)
_SLOW = Words("模型看一幅画面超过 {seconds:g} 秒", "the model takes more than {seconds:g} s for one picture")
_NOT_RUN = Words("模型无法运行：{why}", "the model cannot be run: {why}")
_FLOOD = Words("模型对一幅画面回答多于 {most} 个数", "the model answers one picture with more than {most} numbers")
_NO_NUMBERS = Words(
    "模型对纯灰或噪声画面回答的数值不是数",
    "the model answers a plain grey or noisy picture with values that are no numbers",
)
_INPUTS = Words(
    "模型有 {count} 个输入（{names}）；只能给它一幅画面，另外还有 `{size}`",
    "the model has {count} inputs ({names}); only one picture, and beside it `{size}`, can be fed",
)
_WRONG_INPUT = Words(
    "模型的输入 {name} 是 {shape}；需要浮点或 uint8 的 [1, 3, height, width]，3 也可以在最后",
    "the model's input {name} is {shape}; a float or uint8 [1, 3, height, width] is needed, or with the 3 at the end",
)
_BATCH = Words(
    "模型一次要 {batch} 幅画面；请用 batch 1 导出", "the model takes {batch} pictures at a time; export it with batch 1"
)
_SIDES = Words(
    "模型的输入是 {width}x{height} 像素；每边最多 {most}",
    "the model's input is {width}x{height} pixels; at most {most} a side can be served",
)
_NO_COLOURS = Words(
    "模型的输入 {name} 没有表示 3 种颜色的维度：{dimensions}",
    "the model's input {name} has no dimension of 3 colours: {dimensions}",
)

_TYPES: dict[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(uint8)": np.uint8,
}
_SIZE_TYPES: dict[str, type[np.generic]] = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(float)": np.float32,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds for one picture, beyond which a model is of no use on a box; numbers that no detector answers."""

    look_s_max: float = 10.0
    values_max: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Intake:
    """The picture input: its name, number type, order of dimensions and size; and the input for the picture's size."""

    name: str
    kind: type[np.generic]
    channels_last: bool
    size: Size
    size_type: type[np.generic] | None


class Network:
    """A model in the runtime, before anything is known of what its answers mean."""

    def __init__(self, content: bytes, path: Path, said: CardInput, bounds: Bounds = Bounds()) -> None:
        """Load the model; `said` is the card's word on its input. Raises `ModelRefused`."""
        self._session = open_session(content, path)
        try:
            self.metadata = literals(self._session.get_modelmeta().custom_metadata_map)
            self._intake = _intake(self._session.get_inputs(), _open_size(self.metadata, said))
            self._inputs = tuple(one.name for one in self._session.get_inputs())
            self._names = [one.name.removesuffix(":0") for one in self._session.get_outputs()]
        except UnicodeDecodeError:
            raise ModelRefused(_NO_NAMES, path=path) from None
        self._room = np.empty((1, CHANNELS, *self._intake.size[::-1]), np.float32)
        self._bounds = bounds

    @property
    def size(self) -> Size:
        """Width and height of the input."""
        return self._intake.size

    def ask(self, feed: Feed, placed: Placed, picture: Size, options: onnxruntime.RunOptions | None = None) -> Answer:
        """Outputs for a picture that was placed into an input of `size`; `picture` is the original's size."""
        feeds: dict[str, npt.NDArray[Any]] = {self._intake.name: self._tensor(feed, placed)}
        if self._intake.size_type is not None:
            feeds[SIZE_INPUT] = np.array([picture], dtype=self._intake.size_type)
        outputs: Sequence[Any] = self._session.run(None, feeds, options)
        return {
            name: np.asarray(output).astype(np.float32, copy=False)
            for name, output in zip(self._names, outputs, strict=True)
        }

    def _tensor(self, feed: Feed, placed: Placed) -> npt.NDArray[Any]:
        if self._intake.kind == np.dtype(np.uint8):
            levels = feed.levels(placed)
            return levels if self._intake.channels_last else np.ascontiguousarray(levels.transpose(0, 3, 1, 2))
        numbers = feed.numbers(placed, self._room)
        if self._intake.channels_last:
            numbers = np.ascontiguousarray(numbers.transpose(0, 2, 3, 1))
        return numbers.astype(self._intake.kind, copy=False)

    def probed(self, feed: Feed = PROBE_FEED) -> Signature:
        """Ask about a grey and a noisy picture; the answers must be numbers. Raises `ModelRefused`."""
        width, height = self.size
        noise = np.random.default_rng(PROBE_SEED).integers(0, 256, (height, width, CHANNELS), np.uint8)
        pictures = (np.full_like(noise, PADDING_LEVEL), noise)
        return Signature(
            self._inputs, self.metadata, self.size, tuple(self._probe(feed, picture) for picture in pictures)
        )

    def _probe(self, feed: Feed, picture: Picture) -> Answer:
        options = onnxruntime.RunOptions()
        options.log_severity_level = FATAL_ONLY
        alarm = Timer(self._bounds.look_s_max, setattr, (options, "terminate", True))
        alarm.daemon = True
        alarm.start()
        try:
            answer = self.ask(feed, stretch(picture, self.size), self.size, options)
        except Exception as error:  # noqa: BLE001 - the runtime raises classes of its own for each kind of graph fault
            if options.terminate:
                raise ModelRefused(_SLOW, seconds=self._bounds.look_s_max) from None
            raise ModelRefused(_NOT_RUN, why=reason_of(error)) from None
        finally:
            alarm.cancel()
        if sum(output.size for output in answer.values()) > self._bounds.values_max:
            raise ModelRefused(_FLOOD, most=self._bounds.values_max)
        if not all(np.isfinite(output).all() for output in answer.values()):
            raise ModelRefused(_NO_NUMBERS)
        return answer


def _intake(inputs: Sequence[Any], open_size: tuple[int, int]) -> Intake:
    """How a model with these inputs is fed; raises `ModelRefused`."""
    pictures = [one for one in inputs if one.name != SIZE_INPUT]
    sizes = [one for one in inputs if one.name == SIZE_INPUT]
    if len(pictures) != 1:
        names = ", ".join(str(one.name)[:64] for one in inputs[:8])
        raise ModelRefused(_INPUTS, count=len(inputs), names=names, size=SIZE_INPUT)
    first = pictures[0]
    if first.type not in _TYPES or len(first.shape) != IMAGE_RANK or (sizes and sizes[0].type not in _SIZE_TYPES):
        shape = f"{first.type} {first.shape}"
        raise ModelRefused(_WRONG_INPUT, name=first.name, shape=shape)
    batch, *dimensions = first.shape
    if isinstance(batch, int) and batch != 1:
        raise ModelRefused(_BATCH, batch=batch)
    channels_last = _channels_last(first.name, dimensions, _TYPES[first.type])
    sides = dimensions[:2] if channels_last else dimensions[1:]
    height, width = (side if isinstance(side, int) else said for side, said in zip(sides, open_size, strict=True))
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX):
        raise ModelRefused(_SIDES, width=width, height=height, most=SIDE_MAX)
    size_type = _SIZE_TYPES[sizes[0].type] if sizes else None
    return Intake(first.name, _TYPES[first.type], channels_last, (width, height), size_type)


def _channels_last(name: str, dimensions: Sequence[Any], kind: type[np.generic]) -> bool:
    """Whether the colours stand behind height and width; where all is open, bytes have them there."""
    if dimensions[0] == CHANNELS:
        return False
    if dimensions[2] == CHANNELS:
        return True
    if isinstance(dimensions[0], int) and isinstance(dimensions[2], int):
        raise ModelRefused(_NO_COLOURS, name=name, dimensions=list(dimensions))
    return not isinstance(dimensions[2], int) and kind is np.uint8


def _open_size(metadata: Mapping[str, object], said: CardInput) -> tuple[int, int]:
    """Height and width for open dimensions: from the card, else `imgsz`, else `SIDE_WHEN_OPEN`."""
    if said.shape is not None:
        last = said.shape[3] == CHANNELS != said.shape[1]
        return (said.shape[1], said.shape[2]) if last else (said.shape[2], said.shape[3])
    sides = metadata.get("imgsz")
    if type(sides) is int:
        return sides, sides
    if isinstance(sides, list | tuple) and len(sides) == 2 and all(type(side) is int for side in sides):  # noqa: PLR2004 - height and width
        return sides[0], sides[1]
    return SIDE_WHEN_OPEN, SIDE_WHEN_OPEN
