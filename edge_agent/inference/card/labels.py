"""The names of a model's classes, in class order."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge_agent.inference.detector import ModelRefused
from protocol.plain_text import one_line
from protocol.texts import Words

LABELS_BYTES_MAX = 1_000_000
LABEL_LENGTH_MAX = 64
CLASSES_MAX = 20_000
METADATA_LENGTH_MAX = 1_000_000
"""Longer metadata stay text: reading them as a literal would take more memory than they are worth."""

_TOO_LARGE = Words("类别名称文件 {path} 大于 {most} 字节", "the labels file {path} is larger than {most} bytes")
_ABSENT = Words("没有类别名称文件 {path}", "there is no labels file {path}")
_NO_TEXT = Words("类别名称文件 {path} 不是可读的文本", "the labels file {path} is not text that can be read")
_EMPTY = Words(
    "类别名称文件 {path} 是空的；请按类别顺序每行写一个名称",
    "the labels file {path} is empty; write one class name a line, in class order",
)
_BLANK = Words("类别名称文件 {path} 第 {line} 行没有名称", "the labels file {path} has no name on line {line}")
_COUNT = Words(
    "模型有 {count} 个类别；能读的检测模型有 1 到 {most} 个类别",
    "the model has {count} classes; a detector of 1 to {most} classes can be read",
)
_OTHER_COUNT = Words(
    "模型有 {count} 个类别，而{source}给出 {named} 个", "the model has {count} classes, but {source} names {named}"
)
_CARD, _METADATA = Words("模型卡", "the model card"), Words("元数据", "the metadata")
_FILE = Words(" {path} ", "{path}")


def literals(metadata: Mapping[str, str]) -> dict[str, object]:
    """Metadata values as Python or JSON literals where they are such, else as text; never evaluated."""
    return {key: _literal(text) for key, text in metadata.items()}


def _literal(text: str) -> Any:  # noqa: ANN401 - whatever the exporter wrote
    """A literal that can also be written down: Python reads larger whole numbers than it writes."""
    if len(text) > METADATA_LENGTH_MAX:
        return text
    for read in (ast.literal_eval, json.loads):
        try:
            value = read(text)
            repr(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
        return value
    return text


def labels_in(metadata: Mapping[str, object]) -> tuple[str, ...] | None:
    """Class names in order from the metadata key `names` (a list, or number to name); None if there are none."""
    names = metadata.get("names")
    if isinstance(names, dict) and names:
        numbered = {str(key): value for key, value in names.items()}
        wanted = [str(number) for number in range(len(numbered))]
        names = [numbered[key] for key in wanted] if all(key in numbered for key in wanted) else None
    if not isinstance(names, list | tuple) or not names:
        return None
    return tuple(_name(str(name)) or str(number) for number, name in enumerate(names))


def _name(text: str) -> str:
    """A class name as reports, logs and pages may hold it."""
    return one_line(text)[:LABEL_LENGTH_MAX].rstrip()


def read_labels(path: Path) -> tuple[str, ...]:
    """Class names of a text file, one a line in class order; raises `ModelRefused`."""
    try:
        with path.open("rb") as file:
            content = file.read(LABELS_BYTES_MAX + 1)
        if len(content) > LABELS_BYTES_MAX:
            raise ModelRefused(_TOO_LARGE, path=path, most=LABELS_BYTES_MAX)
        lines = [_name(line) for line in content.decode("utf-8-sig").splitlines()]
    except FileNotFoundError:
        raise ModelRefused(_ABSENT, path=path) from None
    except (OSError, UnicodeDecodeError):
        raise ModelRefused(_NO_TEXT, path=path) from None
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise ModelRefused(_EMPTY, path=path)
    if "" in lines:
        raise ModelRefused(_BLANK, path=path, line=lines.index("") + 1)
    return tuple(lines)


def choose_labels(
    card: tuple[str, ...] | None, metadata: Mapping[str, object], file: Path | None, count: int | None
) -> tuple[str, ...]:
    """Class names in class order: from the card, else the metadata, else the file, else the numbers as text.

    `count` is the model's number of classes; None where its outputs do not show it, and then no name at all may be
    known. Raises `ModelRefused` when their number is not the model's.
    """
    if count is not None and not 0 < count <= CLASSES_MAX:
        raise ModelRefused(_COUNT, count=count, most=CLASSES_MAX)
    from_file = None if file is None else read_labels(file)
    sources = ((_CARD, card), (_METADATA, labels_in(metadata)), (_FILE.filled(path=file), from_file))
    for source, labels in sources:
        if labels is not None and count is not None and len(labels) != count:
            raise ModelRefused(_OTHER_COUNT, count=count, source=source, named=len(labels))
    known = next((labels for _, labels in sources if labels is not None), None)
    return known or tuple(str(number) for number in range(count or 0))
