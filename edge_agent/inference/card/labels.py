"""The names of a model's classes, in class order."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge_agent.inference.detector import ModelRefused
from protocol.plain_text import one_line

LABELS_BYTES_MAX = 1_000_000
LABEL_LENGTH_MAX = 64
CLASSES_MAX = 20_000
METADATA_LENGTH_MAX = 1_000_000
"""Longer metadata stay text: reading them as a literal would take more memory than they are worth."""


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
            raise ModelRefused(f"the labels file {path} is larger than {LABELS_BYTES_MAX} bytes")
        lines = [_name(line) for line in content.decode("utf-8-sig").splitlines()]
    except FileNotFoundError:
        raise ModelRefused(f"there is no labels file {path}") from None
    except (OSError, UnicodeDecodeError):
        raise ModelRefused(f"the labels file {path} is not text that can be read") from None
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise ModelRefused(f"the labels file {path} is empty; write one class name a line, in class order")
    if "" in lines:
        raise ModelRefused(f"the labels file {path} has no name on line {lines.index('') + 1}")
    return tuple(lines)


def choose_labels(
    card: tuple[str, ...] | None, metadata: Mapping[str, object], file: Path | None, count: int | None
) -> tuple[str, ...]:
    """Class names in class order: from the card, else the metadata, else the file, else the numbers as text.

    `count` is the model's number of classes; None where its outputs do not show it, and then no name at all may be
    known. Raises `ModelRefused` when their number is not the model's.
    """
    if count is not None and not 0 < count <= CLASSES_MAX:
        raise ModelRefused(f"the model has {count} classes; a detector of 1 to {CLASSES_MAX} classes can be read")
    from_file = None if file is None else read_labels(file)
    sources = (("the model card", card), ("the metadata", labels_in(metadata)), (f"{file}", from_file))
    for source, labels in sources:
        if labels is not None and count is not None and len(labels) != count:
            raise ModelRefused(f"the model has {count} classes, but {source} names {len(labels)}")
    known = next((labels for _, labels in sources if labels is not None), None)
    return known or tuple(str(number) for number in range(count or 0))
