"""A model file is executable input: how much of it is read, and what it may do.

One thread of the CPU, no operators but the runtime's own, no second file that the graph names, a size limit that is
looked at before anything is read.
"""

import hashlib
import re
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnxruntime

from edge_agent.inference.detector import ModelRefused
from protocol.plain_text import one_line
from protocol.texts import Words

MODEL_BYTES_MAX = 512_000_000
DATA_BYTES_MAX = 3_000_000_000
"""The largest models that are read need less while they are loaded."""
REASON_LENGTH_MAX = 200
FATAL_ONLY = 4
"""The runtime's own words go to nobody's terminal; what matters comes as an exception."""

_OUT_OF_MEMORY = ("Failed to allocate memory", "bad_alloc", "bad allocation")
_OWN_SOURCE = re.compile(r"/onnxruntime_src/\S+ ")
_SECOND_FILE = re.compile(rb"(?:\n|\x8a\x80{0,8}\x00)(?:\x08|\x88\x80{0,8}\x00)location")
"""How a tensor names a file that holds its values, in each way that Protocol Buffers allow to write the key.

The runtime would take such a file from the working directory, and no sha256 would speak for it.
"""

_NO_FILE = Words("{path} 不是文件；请给出模型的 ONNX 文件", "{path} is no file; give the model's ONNX file")
_MISSING = Words(
    "没有模型文件 {path}；请给出一个，或只保留 `labels: [static]` 的规则",
    "there is no model file {path}; name one, or keep only rules with `labels: [static]`",
)
_UNREADABLE = Words("{path} 读不了：{why}", "{path} cannot be read: {why}")
_TWO_FILES = Words(
    "{path} 的权重在另一个文件里；请存为一个文件", "{path} keeps its weights in a second file; save it as one file"
)
_TOO_LARGE = Words(
    f"{{path}} 超过 {MODEL_BYTES_MAX // 10**6} MB，摄像机旁的盒子用不了这么大的检测模型",
    f"{{path}} is larger than {MODEL_BYTES_MAX // 10**6} MB, which no detector for a box beside a camera is",
)
_OPERATOR_SIGNS = ("not a registered function/op", "No Op registered for")
_NO_OPERATOR = Words(
    "{path} 需要运行时没有的算子；请导出时不要用 TensorRT 插件和自定义算子（{why}）",
    "{path} needs an operator that the runtime does not have; export it without TensorRT plugins and custom operators "
    "({why})",
)
_UNLOADABLE = Words("{path} 不是可加载的 ONNX 模型：{why}", "{path} is not an ONNX model that can be loaded: {why}")

_NO_MEMORY = Words(
    f"它需要 {DATA_BYTES_MAX // 10**6} MB 以上的内存，盒子上的检测模型不能这样",
    f"it wants more than {DATA_BYTES_MAX // 10**6} MB of memory, which no detector for a box may have",
)


def read_model(path: Path) -> tuple[bytes, str]:
    """Bytes and sha256 of a model file; raises `ModelRefused`."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ModelRefused(_NO_FILE, path=path)
        if found.st_size > MODEL_BYTES_MAX:
            raise ModelRefused(_TOO_LARGE, path=path)
        with path.open("rb") as file:
            content = file.read(MODEL_BYTES_MAX + 1)
    except FileNotFoundError:
        raise ModelRefused(_MISSING, path=path) from None
    except (OSError, ValueError) as error:
        raise ModelRefused(_UNREADABLE, path=path, why=getattr(error, "strerror", None) or error) from None
    if len(content) > MODEL_BYTES_MAX:
        raise ModelRefused(_TOO_LARGE, path=path)
    if _SECOND_FILE.search(content):
        raise ModelRefused(_TWO_FILES, path=path)
    return content, hashlib.sha256(content).hexdigest()


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
        raise ModelRefused(_unloadable(reason_of(error)), path=path, why=reason_of(error)) from None


def _unloadable(reason: Words | str) -> Words:
    return _NO_OPERATOR if isinstance(reason, str) and any(sign in reason for sign in _OPERATOR_SIGNS) else _UNLOADABLE


def reason_of(error: Exception) -> Words | str:
    """The first line of the runtime's message for a user, without its own source paths; in words where we have any."""
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    said = one_line(_OWN_SOURCE.sub("", lines[0].split(" : ")[-1])) if lines else ""
    if isinstance(error, MemoryError) or any(word in str(error) for word in _OUT_OF_MEMORY):
        return _NO_MEMORY
    return said[:REASON_LENGTH_MAX] or type(error).__name__


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Meanwhile the process may hold `DATA_BYTES_MAX` of data: a file of a few bytes can ask for any amount."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = DATA_BYTES_MAX if soft == resource.RLIM_INFINITY else min(soft, DATA_BYTES_MAX)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
