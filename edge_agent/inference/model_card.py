"""What is said about a model beside its graph: the card, the file's metadata, the labels file.

The card is `NAME.card.yaml` beside `NAME.onnx`; all its keys are optional here.
"""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from edge_agent.inference.detector import ModelRefused
from protocol.messages import Label

CARD_BYTES_MAX = 1_000_000
LABELS_BYTES_MAX = 1_000_000
LABEL_LENGTH_MAX = 64


class CardInput(BaseModel):
    """The card's words on the network's input."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    shape: tuple[int, int, int, int] | None = None


class ModelCard(BaseModel):
    """What the agent reads of a model card."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    name: str | None = None
    sha256: str | None = None
    layout: str | None = None
    license: str | None = None
    labels: Annotated[tuple[Label, ...], Field(min_length=1)] | None = None
    input: CardInput = CardInput()


def card_path(model: Path) -> Path:
    """Where the card of a model file is, if there is one."""
    return model.with_name(f"{model.stem}.card.yaml")


def read_card(model: Path, sha256: str) -> ModelCard:
    """The model's card, an empty one if there is none; raises `ModelRefused` if it is of another file."""
    path = card_path(model)
    if not path.is_file():
        return ModelCard()
    try:
        if path.stat().st_size > CARD_BYTES_MAX:
            raise ModelRefused(f"the model card {path} is larger than {CARD_BYTES_MAX} bytes")
        card = ModelCard.model_validate(YAML(typ="safe", pure=True).load(path))
    except (OSError, YAMLError, ValidationError, UnicodeDecodeError):
        raise ModelRefused(f"the model card {path} cannot be read; correct it or take it away") from None
    if card.sha256 is not None and card.sha256 != sha256:
        raise ModelRefused(f"the model card {path} is for another file: its sha256 is not that of {model.name}")
    return card


def literals(metadata: Mapping[str, str]) -> dict[str, object]:
    """Metadata values as Python or JSON literals where they are such, else as text; never evaluated."""
    return {key: _literal(text) for key, text in metadata.items()}


def _literal(text: str) -> Any:  # noqa: ANN401 - whatever the exporter wrote
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
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
    return tuple(str(name)[:LABEL_LENGTH_MAX] for name in names)


def read_labels(path: Path) -> tuple[str, ...]:
    """Class names of a text file, one a line in class order; raises `ModelRefused`."""
    try:
        with path.open("rb") as file:
            content = file.read(LABELS_BYTES_MAX + 1)
        if len(content) > LABELS_BYTES_MAX:
            raise ModelRefused(f"the labels file {path} is larger than {LABELS_BYTES_MAX} bytes")
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
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
    return tuple(line[:LABEL_LENGTH_MAX] for line in lines)


def choose_labels(card: ModelCard, metadata: Mapping[str, object], file: Path | None, count: int) -> tuple[str, ...]:
    """Class names in class order: from the card, else the metadata, else the file, else the numbers as text.

    Raises `ModelRefused` when their number is not the model's.
    """
    from_file = None if file is None else read_labels(file)
    sources = (("the model card", card.labels), ("the metadata", labels_in(metadata)), (f"{file}", from_file))
    for source, labels in sources:
        if labels is not None and len(labels) != count:
            raise ModelRefused(f"the model has {count} classes, but {source} names {len(labels)}")
    known = next((labels for _, labels in sources if labels is not None), None)
    return known or tuple(str(number) for number in range(count))
