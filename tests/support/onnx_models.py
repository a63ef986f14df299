"""ONNX files without weights: graphs that answer every picture with the same numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper


def constant_model(
    path: Path,
    outputs: Mapping[str, npt.NDArray[np.float32]],
    *,
    shape: Sequence[int | str] = (1, 3, 640, 640),
    metadata: Mapping[str, str] | None = None,
    extra_inputs: Sequence[str] = (),
) -> Path:
    """Write a model that takes a picture of `shape` and answers `outputs`."""
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, list(shape))]
    inputs += [helper.make_tensor_value_info(name, TensorProto.INT64, [1, 2]) for name in extra_inputs]
    nodes, initial, results = [], [], []
    for name, values in outputs.items():
        initial.append(numpy_helper.from_array(values.astype(np.float32), f"{name}_value"))
        nodes.append(helper.make_node("Identity", [f"{name}_value"], [name]))
        results.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(values.shape)))
    graph = helper.make_graph(nodes, "constant", inputs, results, initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    if metadata:
        helper.set_model_props(model, dict(metadata))
    onnx.save(model, str(path))
    return path
