"""A detector with random weights, shaped like a small YOLO: three grids, 80 classes, `[1, 84, 8400]` at 640 pixels."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, SEED = 640, 5
WIDTHS = (16, 32, 64, 128, 256)
"""Channels after each halving; the last three feed the grids of stride 8, 16 and 32."""
GRIDS, BOX, CLASSES = 3, 4, 80
SCORE_BIAS = -9.0
"""So that some dozens of the 8,400 places have something to say, as on a street."""


class _Graph:
    """Nodes and weights under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._rng = np.random.default_rng(SEED)

    def add(self, kind: str, inputs: list[str], **attributes: object) -> str:
        """Name of the new node's output."""
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def constant(self, values: np.ndarray) -> str:
        """Name of the constant."""
        name = f"constant_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def conv(self, source: str, channels: tuple[int, int], side: int, stride: int = 1) -> str:
        """Convolution with random weights that keep the size of the numbers."""
        spread = (2 / (channels[0] * side * side)) ** 0.5
        weights = self._rng.normal(0, spread, (channels[1], channels[0], side, side)).astype(np.float32)
        pads = [side // 2] * 4
        return self.add("Conv", [source, self.constant(weights)], strides=[stride] * 2, pads=pads)

    def grid(self, source: str, channels: int) -> str:
        """`[1, 4 + classes, cells]`: boxes in pixels, scores between 0 and 1."""
        flat = self.constant(np.array([1, BOX + CLASSES, -1], np.int64))
        table = self.add("Reshape", [self.conv(source, (channels, BOX + CLASSES), 1), flat])
        bias = np.zeros((1, BOX + CLASSES, 1), np.float32)
        bias[0, BOX:] = SCORE_BIAS
        scale = np.ones_like(bias)
        scale[0, :BOX] = SIDE
        shares = self.add("Sigmoid", [self.add("Add", [table, self.constant(bias)])])
        return self.add("Mul", [shares, self.constant(scale)])


def random_network(path: Path) -> Path:
    """Write the model; the same bytes each time."""
    graph, last, channels, grids = _Graph(), "images", 3, []
    for depth, width in enumerate(WIDTHS):
        for stride, taken in ((2, channels), (1, width)):
            convolved = graph.conv(last, (taken, width), 3, stride)
            last = graph.add("Mul", [convolved, graph.add("Sigmoid", [convolved])])
        channels = width
        if depth >= len(WIDTHS) - GRIDS:
            grids.append(graph.grid(last, width))
    graph.nodes.append(helper.make_node("Concat", grids, ["output0"], axis=2))
    cells = sum((SIDE // stride) ** 2 for stride in (8, 16, 32))
    shapes = ("images", [1, 3, SIDE, SIDE]), ("output0", [1, BOX + CLASSES, cells])
    taken_in, given = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes)
    made = helper.make_graph(graph.nodes, "random", [taken_in], [given], graph.weights)
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path
