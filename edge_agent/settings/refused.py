"""What is wrong with a configuration: for each fault file, line, path in the file, and what would be right."""

import difflib
import inspect
import typing
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from protocol.camera_url import redact
from protocol.configuration import AgentConfig
from protocol.model_faults import expected
from protocol.plain_text import one_line
from protocol.scenes import Scene
from protocol.texts import Language, Told, Words, lines

FAULTS_SHOWN_MAX = 20
VALUE_SHOWN_MAX = 60
_ONE_OF_MANY = {"is_instance_of"}
_SECRET_KEYS = {"url", "main_url"}
_TAGS = frozenset(Scene)
"""Stand in a fault's path behind a rule, which is told apart by its scene, and nowhere in the file."""
_TAG_FAULTS = {"union_tag_invalid", "union_tag_not_found"}

_OF_FILE = Words("{path}: {text}", "{path}: {text}")
_OF_LINE = Words("{path}:{line}: {text}", "{path}:{line}: {text}")
_OF_PLACE = Words("{path}:{line}: {where}：{text}", "{path}:{line}: {where}: {text}")
_FILE = Words("文件", "file")
_AND_MORE = Words("还有 {count} 处", "and {count} more")

_INSTEAD = Words("{words}，而不是 {shown}", "{words}, not {shown}")
_NO_ID = Words(
    "{shown} 不是编号：小写字母、数字和中间的连字符，最多 32 个",
    "{shown} is no id: small letters, digits and inner hyphens, at most 32",
)
_HERE = Words("这个值", "this")
_NEAR_KEY = Words("没有这个键；是不是 `{near}`？", "unknown key; did you mean `{near}`?")
_KNOWN_KEYS = Words("没有这个键；此处可写：{names}", "unknown key; known here: {names}")
_NEAR_SCENE = Words("没有场景 {name}；是不是 `{near}`？", "there is no scene {name}; did you mean `{near}`?")
_KNOWN_SCENES = Words("没有场景 {name}；可用的有 {names}", "there is no scene {name}; known are {names}")


class ConfigRefused(Told):
    """The configuration file is wrong; one line for each fault, in both languages."""

    def __init__(self, faults: Sequence[Words]) -> None:
        super().__init__(lines(faults))
        self.faults = tuple(one.say(Language.ENGLISH) for one in faults)


def of_file(path: Path, text: Words, **values: object) -> ConfigRefused:
    """A fault of the file as a whole."""
    return ConfigRefused([_OF_FILE.filled(path=path, text=text.filled(**values))])


def of_line(path: Path, line: int, text: Words, **values: object) -> ConfigRefused:
    """A fault of a line."""
    return ConfigRefused([_OF_LINE.filled(path=path, line=line, text=text.filled(**values))])


def faults_of(path: Path, tree: object, error: ValidationError) -> list[Words]:
    """What `error` says of the file that was read as `tree`, the first `FAULTS_SHOWN_MAX` and a count of the rest."""
    details = error.errors(include_url=False, include_context=True)
    above = {one["loc"][:depth] for one in details for depth in range(len(one["loc"]))}
    told = [one for one in details if not _consequence(one, above, len(details))]
    found, unread = list[Words](), len(told)
    for one in told:
        if len(found) == FAULTS_SHOWN_MAX:
            break
        unread -= 1
        steps, line = _place(tree, (*one["loc"], "scene") if one["type"] in _TAG_FAULTS else one["loc"])
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in steps).lstrip(".")
        text = _OF_PLACE.filled(path=path, line=line, where=where or _FILE, text=_cure(one, steps))
        if text not in found:
            found.append(text)
    return found + ([_OF_FILE.filled(path=path, text=_AND_MORE.filled(count=unread))] if unread else [])


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


def _cure(one: ErrorDetails, steps: Sequence[int | str]) -> Words:
    match one["type"]:
        case "missing" | "value_error" | "too_short":
            words = expected(one)
        case "union_tag_not_found":
            words = expected({**one, "type": "missing"})
        case "union_tag_invalid":
            words = _unknown_scene(str(one["ctx"]["tag"]))
        case "extra_forbidden":
            words = _unknown_key(steps)
        case "string_pattern_mismatch":
            words = _NO_ID.filled(shown=_shown(one, steps))
        case _:
            words = _instead(expected(one), one, steps)
    return words


def _instead(words: Words, one: ErrorDetails, steps: Sequence[int | str]) -> Words:
    simple = isinstance(one["input"], str | int | float | bool | None)
    if not simple or _SECRET_KEYS & set(steps):
        return words
    return _INSTEAD.filled(words=words, shown=_shown(one, steps))


def _shown(one: ErrorDetails, steps: Sequence[int | str]) -> Words | str:
    if _SECRET_KEYS & set(steps):
        return _HERE
    text = redact(repr(one["input"]))
    return text if len(text) <= VALUE_SHOWN_MAX else text[:VALUE_SHOWN_MAX] + "..."


def _key(key: str) -> str:
    """A key of the file, which may be any text, as a part of one line."""
    text = one_line(key)
    return text if len(text) <= VALUE_SHOWN_MAX else text[:VALUE_SHOWN_MAX] + "..."


def _unknown_key(steps: Sequence[int | str]) -> Words:
    names = sorted(_fields_at(steps[:-1]))
    near = difflib.get_close_matches(str(steps[-1]), names, n=1)
    return _NEAR_KEY.filled(near=near[0]) if near else _KNOWN_KEYS.filled(names=", ".join(names))


def _unknown_scene(name: str) -> Words:
    near, given = difflib.get_close_matches(name, _TAGS, n=1), repr(name[:VALUE_SHOWN_MAX])
    if near:
        return _NEAR_SCENE.filled(name=given, near=near[0])
    return _KNOWN_SCENES.filled(name=given, names=", ".join(sorted(_TAGS)))


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
