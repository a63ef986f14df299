"""Writes the network as ONNX in the layout of an Ultralytics v8 export, with the metadata that readers look for."""

import warnings
from pathlib import Path

import onnx
import torch

from provisioning.detector.network import STRIDE, RowOne, StreetDetector
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH

OPSET = 17
DESCRIPTION = "Gridwarden street demo: trained on drawn pictures only, not for real streets"
LICENSE = "Apache-2.0"


def export(network: StreetDetector, path: Path) -> None:
    """Write `images` [1, 3, 256, 416] RGB in 0..1 to `output0` [1, 10, 1664]; see `RowOne`."""
    example = torch.zeros(1, 3, HEIGHT, WIDTH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter needs a package more
        torch.onnx.export(
            RowOne(network).eval(),
            (example,),
            str(path),
            input_names=["images"],
            output_names=["output0"],
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, metadata())
    model.producer_name, model.producer_version = "gridwarden", ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def metadata() -> dict[str, str]:
    """Return the file's metadata; values are Python literals as text, as Ultralytics writes them."""
    return {
        "description": DESCRIPTION,
        "author": "Gridwarden contributors",
        "license": LICENSE,
        "task": "detect",
        "head": "Detect",
        "stride": str(STRIDE),
        "batch": "1",
        "channels": "3",
        "imgsz": str([HEIGHT, WIDTH]),
        "names": str(dict(enumerate(CLASSES))),
        "end2end": "False",
    }
