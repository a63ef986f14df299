"""ONNX files without weights: graphs that answer every picture with the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

KEPT_TYPES = (np.float16, np.float32, np.int32, np.int64, np.uint8)


def constant_model(  # noqa: PLR0913 - all that a file says of itself
    path: Path,
    outputs: Mapping[str, npt.NDArray[Any]],
    *,
    shape: Sequence[int | str] = (1, 3, 640, 640),
    metadata: Mapping[str, str] | None = None,
    extra_inputs: Sequence[str] = (),
    picture: str = "images",
    kind: int = TensorProto.FLOAT,
) -> Path:
    """Write a model that takes a picture of `shape` and answers `outputs`."""
    inputs = [helper.make_tensor_value_info(picture, kind, list(shape))]
    inputs += [helper.make_tensor_value_info(name, TensorProto.INT64, [1, 2]) for name in extra_inputs]
    nodes, initial, results = [], [], []
    for name, said in outputs.items():
        values = said if said.dtype in KEPT_TYPES else said.astype(np.float32)
        tensor = numpy_helper.from_array(values, f"{name}_value")
        initial.append(tensor)
        nodes.append(helper.make_node("Identity", [f"{name}_value"], [name]))
        results.append(helper.make_tensor_value_info(name, tensor.data_type, list(values.shape)))
    graph = helper.make_graph(nodes, "constant", inputs, results, initial)
    return save_graph(path, graph, metadata=metadata)


def save_graph(path: Path, graph: onnx.GraphProto, *, metadata: Mapping[str, str] | None = None) -> Path:
    """Write a graph as a model that the oldest supported runtime reads."""
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    if metadata:
        helper.set_model_props(model, dict(metadata))
    onnx.save(model, str(path))
    return path
