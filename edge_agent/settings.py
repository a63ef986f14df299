"""Reads the box's configuration file: YAML into the frozen `AgentConfig`, every mistake with its line and its cure."""

import difflib
import hashlib
import inspect
import typing
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from protocol.camera_url import redact
from protocol.configuration import AgentConfig
from protocol.scenes import Scene

CONFIG_BYTES_MAX = 1_000_000
CONFIG_DEPTH_MAX = 32
CONFIG_VALUES_MAX = 100_000
"""A small file may unfold into endless values by repeated references."""
INTEGER_BITS_MAX = 64
"""Python reads larger whole numbers than it writes."""
FAULTS_SHOWN_MAX = 20
VALUE_SHOWN_MAX = 60
_ONE_OF_MANY = {"is_instance_of"}
_SECRET_KEYS = {"url", "main_url"}
_TAGS = frozenset(Scene)
"""Stand in a fault's path behind a rule, which is told apart by its scene, and nowhere in the file."""
_TAG_FAULTS = {"union_tag_invalid", "union_tag_not_found"}
_WORDS = {
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "model_type": "must be a mapping (`key: value`)",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_long": "has too many members",
    "tuple_type": "must be a list (`[...]`, or lines that start with `- `)",
}


class ConfigRefused(Exception):
    """The configuration file is wrong; one line for each fault: file, line, path, what would be right."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A valid configuration, the file it came from and the hash of that file's bytes."""

    config: AgentConfig
    path: Path
    sha256: str

    def resolve(self, file: str) -> Path:
        """A path of the configuration; relative ones start at the configuration's folder."""
        return (self.path.parent / file).resolve()


def load_config(path: Path) -> LoadedConfig:
    """Read and validate; raises `ConfigRefused`."""
    content = _content(path)
    tree = _parsed(path, content)
    try:
        config = AgentConfig.model_validate(_plain(tree, [0], path))
    except RecursionError:
        raise ConfigRefused([f"{path}: a reference leads back into itself; this is not a configuration file"]) from None
    except ValidationError as error:
        raise ConfigRefused(_faults(path, tree, error)) from None
    return LoadedConfig(config, path.resolve(), hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(CONFIG_BYTES_MAX + 1)
    except FileNotFoundError:
        raise ConfigRefused([f"{path}: there is no such configuration file"]) from None
    except OSError as error:
        raise ConfigRefused([f"{path}: cannot be read: {error.strerror}"]) from None
    if len(content) > CONFIG_BYTES_MAX:
        raise ConfigRefused([f"{path}: larger than {CONFIG_BYTES_MAX} bytes; this is not a configuration file"])
    return content


def _parsed(path: Path, content: bytes) -> object:
    try:
        yaml = YAML(typ="rt", pure=True)
        yaml.max_depth = CONFIG_DEPTH_MAX
        tree = yaml.load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigRefused([f"{path}: this is not UTF-8 text"]) from None
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        key = str(error.problem).split('"')[1] if '"' in str(error.problem) else "a key"
        raise ConfigRefused([f"{path}:{line}: {key}: written twice in the same place; keep one of them"]) from None
    except MaxDepthExceededError:
        raise ConfigRefused(
            [f"{path}: nested deeper than {CONFIG_DEPTH_MAX}; this is not a configuration file"]
        ) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigRefused([f"{path}:{line}: not valid YAML: {error.problem or error.context}"]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConfigRefused([f"{path}: not valid YAML: {str(error).splitlines()[0]}"]) from None
    except (LookupError, TypeError, AttributeError):  # the YAML library's, for values that a tag says are of its type
        raise ConfigRefused([f"{path}: not valid YAML: a tag like `!!bool` before another kind of value"]) from None
    if not isinstance(tree, CommentedMap):
        raise ConfigRefused([f"{path}:1: the file must hold `site:`, `box:` and `cameras:`"])
    return tree


def _plain(node: object, count: list[int], path: Path) -> object:
    """The tree as plain dicts and lists; raises `ConfigRefused` when it unfolds beyond all measure."""
    count[0] += 1
    if count[0] > CONFIG_VALUES_MAX:
        raise ConfigRefused([f"{path}: more than {CONFIG_VALUES_MAX} values; this is not a configuration file"])
    keys = node if isinstance(node, CommentedMap) else ()
    if any(isinstance(one, int) and one.bit_length() > INTEGER_BITS_MAX for one in (node, *keys)):
        raise ConfigRefused([f"{path}: a whole number beyond all measure; this is not a configuration file"])
    if isinstance(node, CommentedMap):
        return {key: _plain(value, count, path) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value, count, path) for value in node]
    return node


def _faults(path: Path, tree: object, error: ValidationError) -> list[str]:
    details = error.errors(include_url=False, include_context=True)
    above = {one["loc"][:depth] for one in details for depth in range(len(one["loc"]))}
    told = [one for one in details if not _consequence(one, above, len(details))]
    lines, unread = list[str](), len(told)
    for one in told:
        if len(lines) == FAULTS_SHOWN_MAX:
            break
        unread -= 1
        steps, line = _place(tree, (*one["loc"], "scene") if one["type"] in _TAG_FAULTS else one["loc"])
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
        text = f"{path}:{line}: {where or 'file'}: {_cure(one, steps)}"
        if text not in lines:
            lines.append(text)
    return lines + ([f"{path}: and {unread} more"] if unread else [])


def _consequence(one: ErrorDetails, above: Collection[tuple[int | str, ...]], count: int) -> bool:
    """Whether the fault only repeats another of `count`: a list is "too short" because its one member is wrong.

    `above`: the places that hold a place of a fault.
    """
    if one["type"] in _ONE_OF_MANY:
        return count > 1
    return one["type"] == "too_short" and one["loc"] in above


def _place(tree: object, loc: tuple[int | str, ...]) -> tuple[list[int | str], int]:
    """The part of `loc` that stands in the file (and one step more, if it is a key that is missing), and its line."""
    node, line, steps = tree, 1, list[int | str]()
    for step in loc:
        if isinstance(node, CommentedMap) and isinstance(step, str):
            steps.append(step)
            if step not in node:
                if step in _TAGS:
                    steps.pop()
                    continue
                break
            line = _line(node.lc.key, step, line)
            node = node[step]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            steps.append(step)
            line = _line(node.lc.item, step, line)
            node = node[step]
    return steps, line


def _line(find: Any, step: int | str, fallback: int) -> int:  # noqa: ANN401 - ruamel has no types for it
    try:
        return int(find(step)[0]) + 1
    except (KeyError, TypeError, IndexError):
        return fallback


def _cure(one: ErrorDetails, steps: Sequence[int | str]) -> str:
    match one["type"]:
        case "missing" | "union_tag_not_found":
            words = "is missing"
        case "union_tag_invalid":
            words = _unknown_scene(str(one["ctx"]["tag"]))
        case "extra_forbidden":
            words = _unknown_key(steps)
        case "value_error":
            words = str(one["ctx"]["error"])
        case "too_short":
            words = f"needs at least {one['ctx']['min_length']}"
        case "string_pattern_mismatch":
            words = f"{_shown(one, steps)} is no id: small letters, digits and inner hyphens, at most 32"
        case _:
            words = f"{_WORDS.get(one['type'], one['msg'].replace('Input should', 'must'))}{_not(one, steps)}"
    return words


def _shown(one: ErrorDetails, steps: Sequence[int | str]) -> str:
    text = "this" if _SECRET_KEYS & set(steps) else redact(repr(one["input"]))
    return text if len(text) <= VALUE_SHOWN_MAX else text[:VALUE_SHOWN_MAX] + "..."


def _not(one: ErrorDetails, steps: Sequence[int | str]) -> str:
    simple = isinstance(one["input"], str | int | float | bool | None)
    return f", not {_shown(one, steps)}" if simple and not _SECRET_KEYS & set(steps) else ""


def _unknown_key(steps: Sequence[int | str]) -> str:
    names = sorted(_fields_at(steps[:-1]))
    near = difflib.get_close_matches(str(steps[-1]), names, n=1)
    return f"unknown key; did you mean `{near[0]}`?" if near else f"unknown key; known here: {', '.join(names)}"


def _unknown_scene(name: str) -> str:
    near = difflib.get_close_matches(name, _TAGS, n=1)
    shown = name[:VALUE_SHOWN_MAX]
    known = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(_TAGS))}"
    return f"there is no scene {shown!r}; {known}"


def _fields_at(steps: Sequence[int | str]) -> set[str]:
    """Names of the keys that the configuration knows at a place."""
    models: set[type[BaseModel]] = {AgentConfig}
    for step in steps:
        if isinstance(step, str):
            found = [model.model_fields[step].annotation for model in models if step in model.model_fields]
            models = {one for annotation in found for one in _models_in(annotation)}
    return {name for model in models for name in model.model_fields}


def _models_in(annotation: object) -> set[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in typing.get_args(annotation) for model in _models_in(part)}
