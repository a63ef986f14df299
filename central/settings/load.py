"""`central.yaml` to `CentralSettings`; a mistake names file, line, path and what would be right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from central.settings.model import FOLDER, CentralSettings
from central.settings.series_address import SeriesAddress, parse_series_url
from protocol.file_faults import why_not
from protocol.model_faults import expected
from protocol.plain_text import one_line
from protocol.texts import Told, Words, lines

Model = TypeVar("Model", bound=BaseModel)

FILE_BYTES_MAX = 1_000_000
DEPTH_MAX = 32
VALUES_MAX = 10_000
"""A small file may unfold into endless values by repeated references."""
FAULTS_SHOWN_MAX = 10
KEY_SHOWN_MAX = 60


_OTHER = Words(
    "应写 `{example}` 这样的行；文件里是别的内容", "should hold lines like `{example}`; it holds something else"
)
_UNREADABLE = Words("{key}：无法读取 {path}：{why}", "{key}: cannot read {path}: {why}")
_NO_TEXT = Words("不是文本", "it is no text")
_NO_TOKEN = Words(
    "series_token_file：{path} 应只有一行令牌", "series_token_file: {path} should hold one token on one line"
)
_INIT = Words("`gridwarden central init` 会写出一个", "`gridwarden central init` writes one")
_TWICE = Words("这个键写了两遍；请只留一个", "this key stands twice; keep one of them")
_DEEP = Words("嵌套超过 {most} 层；这不是设置", "nested deeper than {most}; these are no settings")
_NO_YAML = Words("不是 YAML：{why}", "not YAML: {why}")
_WRONG_TAG = Words(
    "`!!bool` 之类的标签写在了另一种值前面，或引用指回自身",
    "a tag like `!!bool` before another kind of value, or a reference into itself",
)
_BROKEN = Words("无法读懂", "cannot be read")
_LARGE = Words("大于 {most} 字节；这种文件应是一小段文本", "larger than {most} bytes; such a file is a small text")
_ABSENT = Words("没有这个文件；{remedy}", "no such file; {remedy}")
_NO_UTF_8 = Words("不是 UTF-8 文本", "not UTF-8 text")
_CANNOT_READ = Words("无法读取：{why}", "cannot be read: {why}")
_MANY = Words("多于 {most} 个值；这不是这种文件", "more than {most} values; that is no such file")
_AND_MORE = Words("还有 {count} 处", "and {count} more")
_NO_KEY = Words("没有这个键", "there is no such key")
_NEAR = Words("没有这个键；是不是 {near}？", "there is no such key; did you mean {near}?")
_KNOWN = Words("没有这个键；可写的有：{names}", "there is no such key; there are: {names}")
_AT = Words("{place}: {text}", "{place}: {text}")
_OF_KEY = Words("{place}: {key}：{text}", "{place}: {key}: {text}")


class SettingsError(Told):
    """The user's settings cannot be used; the text is one line for each fault, ready to be shown, without values."""


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file as plain values, which knows where each of them stands."""

    path: Path
    values: dict[str, Any]
    marked: object

    def place(self, loc: Sequence[int | str]) -> str:
        """`file:line:column` of the deepest part of `loc` that stands in the file; both count from 1."""
        found, node = (0, 0), self.marked
        for step in loc:
            marks = getattr(node, "lc", None)
            if isinstance(node, Mapping) and step in node:
                found, node = marks.key(step) if marks else found, node[step]
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                found, node = marks.item(step) if marks else found, node[step]
        return f"{self.path}:{found[0] + 1}:{found[1] + 1}"


def read_source(path: Path, example: str, values_max: int) -> Source:
    """Read a YAML file whose lines look like `example`. Raises `SettingsError`."""
    marked = _parse(path)
    if not isinstance(marked, Mapping):
        raise _at(f"{path}:1", _OTHER, example=example)
    return Source(path, _plain(marked, count(1), path, values_max), marked)


def load_settings(path: Path) -> CentralSettings:
    """Read and validate the file; relative paths start at its folder. Raises `SettingsError`."""
    return validated(path, CentralSettings, "data_dir: data")


def validated(path: Path, model: type[Model], example: str) -> Model:
    """Read a YAML file as `model`, whose lines look like `example`. Raises `SettingsError`."""
    raw = _parse(path)
    if not isinstance(raw, Mapping):
        raise _at(f"{path}:1", _OTHER, example=example)
    try:
        return model.model_validate(_plain(raw, count(1), path), context={FOLDER: path.resolve().parent})
    except ValidationError as error:
        raise SettingsError(_explain(path, raw, error, model)) from None


def notify_target(settings: CentralSettings) -> SecretStr | None:
    """The Apprise address, from the settings or from the file they name; None: notices go to the log only."""
    if settings.notify_url_file is None:
        return settings.notify_url if settings.notify_url.get_secret_value() else None
    try:
        text = settings.notify_url_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable("notify_url_file", settings.notify_url_file, error) from None
    return SecretStr(text) if text else None


def series_address(settings: CentralSettings) -> SeriesAddress | None:
    """Where series go, with the token from its file; None: into the database. Raises `SettingsError`."""
    if not settings.series_url:
        return None
    address = replace(parse_series_url(settings.series_url), buffer_points_max=settings.series_buffer_points_max)
    if settings.series_token_file is None:
        return address
    try:
        token = settings.series_token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable("series_token_file", settings.series_token_file, error) from None
    if not token or not token.isascii() or not token.isprintable():
        raise SettingsError(_NO_TOKEN, path=settings.series_token_file)
    return replace(address, token=token)


def _unreadable(key: str, path: Path, error: OSError | UnicodeDecodeError) -> SettingsError:
    return SettingsError(
        _UNREADABLE, key=key, path=path, why=why_not(error) if isinstance(error, OSError) else _NO_TEXT
    )


def _at(place: Path | str, text: Words, **values: object) -> SettingsError:
    return SettingsError(_AT, place=place, text=text.filled(**values))


def _parse(path: Path) -> object:
    text = read_text(path, _INIT)
    yaml = YAML(typ="rt")
    yaml.max_depth = DEPTH_MAX
    try:
        return yaml.load(StringIO(text)) or {}
    except DuplicateKeyError as error:
        raise _at(f"{path}:{_line(error)}", _TWICE) from None
    except MaxDepthExceededError:
        raise _at(path, _DEEP, most=DEPTH_MAX) from None
    except MarkedYAMLError as error:
        raise _at(f"{path}:{_line(error)}", _NO_YAML, why=error.problem or _BROKEN) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise _at(f"{path}:1", _NO_YAML, why=str(error).splitlines()[0][:80]) from None
    except (LookupError, TypeError, AttributeError):  # the YAML library's own
        raise _at(f"{path}:1", _NO_YAML, why=_WRONG_TAG) from None


def read_text(path: Path, remedy: Words) -> str:
    """A small UTF-8 file; `remedy`: what to do where there is none. Raises `SettingsError`."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
        if len(content) > FILE_BYTES_MAX:
            raise _at(path, _LARGE, most=FILE_BYTES_MAX)
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise _at(path, _ABSENT, remedy=remedy) from None
    except UnicodeDecodeError:
        raise _at(path, _NO_UTF_8) from None
    except OSError as error:
        raise _at(path, _CANNOT_READ, why=why_not(error)) from None


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return 1 if mark is None else int(mark.line) + 1


def _plain(node: object, numbers: Iterator[int], path: Path, most: int = VALUES_MAX) -> Any:  # noqa: ANN401 - YAML has any shape until validated
    """Copy without ruamel's own kinds of number and text, which strict validation would refuse."""
    if next(numbers) > most:
        raise _at(path, _MANY, most=most)
    if isinstance(node, Mapping):
        return {str(key): _plain(value, numbers, path, most) for key, value in node.items()}
    if isinstance(node, str):
        return str(node)
    if isinstance(node, Sequence):
        return [_plain(value, numbers, path, most) for value in node]
    for kind in (bool, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node


def _explain(path: Path, raw: object, error: ValidationError, model: type[BaseModel]) -> Words:
    faults = error.errors(include_input=False, include_url=False)
    told = [_sentence(f"{path}:{_line_of(raw, one['loc'])}", one, model) for one in faults[:FAULTS_SHOWN_MAX]]
    if len(faults) > FAULTS_SHOWN_MAX:
        told.append(_AT.filled(place=path, text=_AND_MORE.filled(count=len(faults) - FAULTS_SHOWN_MAX)))
    return lines(told)


def _line_of(raw: object, loc: Sequence[int | str]) -> int:
    """Line (from 1) of the deepest key of `loc` that stands in the file."""
    line, node = 1, raw
    for step in loc:
        marks = getattr(node, "lc", None)
        if marks is None or not isinstance(node, Mapping) or step not in node:
            break
        line, node = int(marks.key(step)[0]) + 1, node[step]
    return line


def _sentence(place: str, fault: ErrorDetails, model: type[BaseModel]) -> Words:
    where = ".".join(shown_key(step) for step in fault["loc"])
    told = _no_key(fault["loc"], model) if fault["type"] == "extra_forbidden" else expected(fault)
    return (_OF_KEY if where else _AT).filled(place=place, key=where, text=told)


def shown_key(step: int | str) -> str:
    """A step of a path to a value: short, in one line, of what can be seen."""
    key = str(step)
    return one_line(key if len(key) <= KEY_SHOWN_MAX else f"{key[:KEY_SHOWN_MAX]}...")


def _no_key(loc: Sequence[int | str], model: type[BaseModel]) -> Words:
    fields = _fields_at(loc[:-1], model)
    close = get_close_matches(str(loc[-1]), fields, n=1, cutoff=0.5)
    if close:
        return _NEAR.filled(near=repr(close[0]))
    return _KNOWN.filled(names=", ".join(fields)) if fields else _NO_KEY


def _fields_at(loc: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """Keys that may stand there; none within a list or a mapping with keys of the user's own."""
    for step in loc:
        field = model.model_fields.get(str(step))
        kind = field.annotation if field else None
        if not isinstance(kind, type) or not issubclass(kind, BaseModel):
            return []
        model = kind
    return list(model.model_fields)
