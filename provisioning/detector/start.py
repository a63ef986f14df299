"""Begins a training from an exported model: its convolutions, and normalisations that at first change nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from torch import Tensor, nn

from provisioning.detector.network import Convolution, StreetDetector

_CONVOLUTION_INPUTS = 3


class TrainingRefused(ValueError):
    """A file does not serve to begin or to go on with; a mistake of the user, the text says what does not fit."""


class _Weights(NamedTuple):
    kernel: Tensor
    bias: Tensor


def start_from(network: StreetDetector, path: Path, pictures: Tensor) -> None:
    """Give the network the weights of an exported model; `narrow4`, if the model has none, starts silent.

    An export folds each normalisation into its convolution. Here every normalisation is set from what its convolution
    answers to `pictures`, such that both together give what the folded one gave. Raises TrainingRefused.
    """
    weights = list(_weights_of(path))
    places = _convolutions(network, pictures)
    missing = len(places) - len(weights)
    if missing == 1:
        nn.init.zeros_(network.narrow4[1].weight)
        nn.init.zeros_(network.narrow4[1].bias)
        places = [place for place in places if place is not network.narrow4[0]]
    elif missing:
        raise TrainingRefused(f"{path} has {len(weights)} convolutions, this network {len(places)}")
    for place, (kernel, _) in zip(places, weights, strict=True):
        if place.weight.shape != kernel.shape:
            raise TrainingRefused(f"{path}: {tuple(kernel.shape)} does not fit {tuple(place.weight.shape)}")
        with torch.no_grad():
            place.weight.copy_(kernel)
    _settle(network, {place: bias for place, (_, bias) in zip(places, weights, strict=True)}, pictures)


def _weights_of(path: Path) -> Iterator[_Weights]:
    """Yield kernel and bias of each convolution in the order of the graph."""
    try:
        graph = onnx.load(str(path)).graph
    except (OSError, DecodeError) as error:
        raise TrainingRefused(f"{path} cannot be read as ONNX ({error}); --start takes a street.onnx") from None
    values = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Conv":
            if len(node.input) != _CONVOLUTION_INPUTS or not set(node.input[1:]) <= set(values):
                raise TrainingRefused(f"{path}: {node.name} has no fixed kernel and bias; --start takes a street.onnx")
            kernel, bias = (torch.from_numpy(np.array(values[name], np.float32)) for name in node.input[1:])
            yield _Weights(kernel, bias)


def _convolutions(network: StreetDetector, pictures: Tensor) -> list[nn.Conv2d]:
    """Return the network's convolutions in the order in which they work, which is the order of the graph."""
    order: list[nn.Conv2d] = []
    hooks = [
        one.register_forward_hook(lambda module, _, __: order.append(module))
        for one in network.modules()
        if isinstance(one, nn.Conv2d)
    ]
    with torch.no_grad():
        network.eval()(pictures[:1])
    for hook in hooks:
        hook.remove()
    return order


def _settle(network: StreetDetector, biases: dict[nn.Conv2d, Tensor], pictures: Tensor) -> None:
    """Set every normalisation to add just the bias, and the biases of convolutions without one."""
    normalised = {one[0]: one[1] for one in network.modules() if isinstance(one, Convolution)}

    def adopt(place: nn.Conv2d, _: object, answer: Tensor) -> None:
        normalisation, mean = normalised[place], answer.mean((0, 2, 3))
        spread = answer.var((0, 2, 3), correction=0)
        normalisation.running_mean.copy_(mean)
        normalisation.running_var.copy_(spread)
        normalisation.weight.copy_((spread + normalisation.eps).sqrt())
        normalisation.bias.copy_(mean + biases[place])

    hooks = []
    with torch.no_grad():
        for place, bias in biases.items():
            if place in normalised:
                hooks.append(place.register_forward_hook(adopt))
            else:
                place.bias.copy_(bias)
        network.eval()(pictures)
    for hook in hooks:
        hook.remove()
