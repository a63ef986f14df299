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

Model = TypeVar("Model", bound=BaseModel)

FILE_BYTES_MAX = 1_000_000
DEPTH_MAX = 32
VALUES_MAX = 10_000
"""A small file may unfold into endless values by repeated references."""
FAULTS_SHOWN_MAX = 10


class SettingsError(Exception):
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
        raise SettingsError(f"{path}:1: this file should hold lines like `{example}`; it holds something else")
    return Source(path, _plain(marked, count(1), path, values_max), marked)


def load_settings(path: Path) -> CentralSettings:
    """Read and validate the file; relative paths start at its folder. Raises `SettingsError`."""
    return validated(path, CentralSettings, "data_dir: data")


def validated(path: Path, model: type[Model], example: str) -> Model:
    """Read a YAML file as `model`, whose lines look like `example`. Raises `SettingsError`."""
    raw = _parse(path)
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{path}:1: settings are lines like `{example}`; this file holds something else")
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
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"notify_url_file: cannot read {settings.notify_url_file}: {reason}") from None
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
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"series_token_file: cannot read {settings.series_token_file}: {reason}") from None
    if not token or not token.isascii() or not token.isprintable():
        raise SettingsError(f"series_token_file: {settings.series_token_file} should hold one token on one line")
    return replace(address, token=token)


def _parse(path: Path) -> object:
    text = read_text(path, "`gridwarden central init` writes one")
    yaml = YAML(typ="rt")
    yaml.max_depth = DEPTH_MAX
    try:
        return yaml.load(StringIO(text)) or {}
    except DuplicateKeyError as error:
        raise SettingsError(f"{path}:{_line(error)}: this key stands twice; keep one of them") from None
    except MaxDepthExceededError:
        raise SettingsError(f"{path}: nested deeper than {DEPTH_MAX}; these are no settings") from None
    except MarkedYAMLError as error:
        raise SettingsError(f"{path}:{_line(error)}: not YAML: {error.problem or 'cannot be read'}") from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise SettingsError(f"{path}:1: not YAML: {str(error).splitlines()[0][:80]}") from None


def read_text(path: Path, remedy: str) -> str:
    """A small UTF-8 file; `remedy`: what to do where there is none. Raises `SettingsError`."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
        if len(content) > FILE_BYTES_MAX:
            raise SettingsError(f"{path}: larger than {FILE_BYTES_MAX} bytes; such a file is a small text")
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file; {remedy}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 text") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return 1 if mark is None else int(mark.line) + 1


def _plain(node: object, numbers: Iterator[int], path: Path, most: int = VALUES_MAX) -> Any:  # noqa: ANN401 - YAML has any shape until validated
    """Copy without ruamel's own kinds of number and text, which strict validation would refuse."""
    if next(numbers) > most:
        raise SettingsError(f"{path}: more than {most} values; that is no such file")
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


def _explain(path: Path, raw: object, error: ValidationError, model: type[BaseModel]) -> str:
    faults = error.errors(include_input=False, include_url=False)
    lines = [f"{path}:{_line_of(raw, fault['loc'])}: {_sentence(fault, model)}" for fault in faults[:FAULTS_SHOWN_MAX]]
    if len(faults) > FAULTS_SHOWN_MAX:
        lines.append(f"{path}: and {len(faults) - FAULTS_SHOWN_MAX} more")
    return "\n".join(lines)


def _line_of(raw: object, loc: Sequence[int | str]) -> int:
    """Line (from 1) of the deepest key of `loc` that stands in the file."""
    line, node = 1, raw
    for step in loc:
        marks = getattr(node, "lc", None)
        if marks is None or not isinstance(node, Mapping) or step not in node:
            break
        line, node = int(marks.key(step)[0]) + 1, node[step]
    return line


def _sentence(fault: ErrorDetails, model: type[BaseModel]) -> str:
    where = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{where}: there is no such key{_nearest(fault['loc'], model)}"
    told = fault["msg"].removeprefix("Value error, ").replace("Input should", "should")
    return f"{where}: {told}" if where else told


def _nearest(loc: Sequence[int | str], model: type[BaseModel]) -> str:
    fields = _fields_at(loc[:-1], model)
    if not fields:
        return ""
    close = get_close_matches(str(loc[-1]), fields, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(fields)}"


def _fields_at(loc: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """Keys that may stand there; none within a list or a mapping with keys of the user's own."""
    for step in loc:
        field = model.model_fields.get(str(step))
        kind = field.annotation if field else None
        if not isinstance(kind, type) or not issubclass(kind, BaseModel):
            return []
        model = kind
    return list(model.model_fields)
