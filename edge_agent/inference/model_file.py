"""A model file is executable input: how much of it is read, and what it may do.

One thread of the CPU, no operators but the runtime's own, no second file that the graph names, a size limit that is
looked at before anything is read.
"""

import hashlib
import re
import stat
from pathlib import Path

import onnxruntime

from edge_agent.inference.detector import ModelRefused

MODEL_BYTES_MAX = 512_000_000
REASON_LENGTH_MAX = 200
FATAL_ONLY = 4
"""The runtime's own words go to nobody's terminal; what matters comes as an exception."""

_SECOND_FILE = re.compile(rb"(?:\n|\x8a\x80{0,8}\x00)(?:\x08|\x88\x80{0,8}\x00)location")
"""How a tensor names a file that holds its values, in each way that Protocol Buffers allow to write the key.

The runtime would take such a file from the working directory, and no sha256 would speak for it.
"""


def read_model(path: Path) -> tuple[bytes, str]:
    """Bytes and sha256 of a model file; raises `ModelRefused`."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ModelRefused(f"{path} is no file; give the model's ONNX file")
        if found.st_size > MODEL_BYTES_MAX:
            raise ModelRefused(_too_large(path))
        with path.open("rb") as file:
            content = file.read(MODEL_BYTES_MAX + 1)
    except FileNotFoundError:
        raise ModelRefused(f"there is no model file {path}") from None
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MODEL_BYTES_MAX:
        raise ModelRefused(_too_large(path))
    if _SECOND_FILE.search(content):
        raise ModelRefused(f"{path} keeps its weights in a second file; save it as one file")
    return content, hashlib.sha256(content).hexdigest()


def _too_large(path: Path) -> str:
    return f"{path} is larger than {MODEL_BYTES_MAX // 10**6} MB, which no detector for a box beside a camera is"


def open_session(content: bytes, path: Path) -> onnxruntime.InferenceSession:
    """The runtime with a model in it; raises `ModelRefused`."""
    onnxruntime.set_default_logger_severity(FATAL_ONLY)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = FATAL_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - the runtime raises classes of its own for each kind of bad file
        raise ModelRefused(_unloadable(path, line_of(error))) from None


def _unloadable(path: Path, reason: str) -> str:
    if "not a registered function/op" in reason or "No Op registered for" in reason:
        advice = "export it without TensorRT plugins and custom operators"
        return f"{path} needs an operator that the runtime does not have; {advice} ({reason})"
    return f"{path} is not an ONNX model that can be loaded: {reason}"


def line_of(error: Exception) -> str:
    """The first line of the runtime's message, without its own source paths."""
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    said = lines[0].split(" : ")[-1][:REASON_LENGTH_MAX].strip() if lines else ""
    return said or type(error).__name__
