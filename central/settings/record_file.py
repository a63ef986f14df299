"""Records of a project from a YAML, XLSX or CSV file: every fault with its place, or drafts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML

from central.core.evaluation.records import Records
from central.core.project_records import VALUES, ProjectRecord, RecordKind
from central.core.project_records.tables import Placed, read_table
from central.core.standards.sheet import letter
from central.settings.evaluation_file import said
from central.settings.load import FAULTS_SHOWN_MAX, FILE_BYTES_MAX, SettingsError, Source, read_source, shown_key
from central.settings.sheet_file import read_sheet
from protocol.texts import Language, Words

VALUES_MAX = 200_000
YAML_NAMES, TABLE_NAMES = (".yaml", ".yml"), (".csv", ".xlsx")
NO_FILE = Words(zh="{path}：没有这个文件", en="{path}: no such file")
TOO_LARGE = Words(
    zh="{path}：超过 {most} 字节；请分成几个文件", en="{path}: larger than {most} bytes; divide it into several files"
)
OTHER_FILE = Words(zh="{path}：应为 .yaml、.csv 或 .xlsx 文件", en="{path}: should be a .yaml, .csv or .xlsx file")
NO_KIND = Words(
    zh="{path}：表格里是哪一类记录？请用 --kind，或把文件命名为：{kinds}",
    en="{path}: of what kind are the records of this table? give --kind, or name the file after one: {kinds}",
)
NO_SUCH_KIND = Words(zh="没有这一类记录；有：{kinds}", en="there are no records of this kind; there are: {kinds}")
NO_LIST = Words(zh="应为列表", en="should be a list")
MORE = Words(zh="{path}：还有 {count} 处", en="{path}: and {count} more")
AT = Words(zh="{place}：{where}：{what}", en="{place}: {where}: {what}")

Loc = tuple[int | str, ...]
KINDS = ", ".join(RecordKind)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A record, and the place of each of its keys: `file:line:column`, or the cell of a sheet."""

    record: ProjectRecord
    place: Callable[[Loc], str]


def load_records(path: Path, kind: RecordKind | None, language: Language) -> list[FileRecord]:
    """Read a file whole; `kind`: of a table whose name does not say it. `SettingsError` has a line for each fault."""
    ending = path.suffix.lower()
    if ending not in (*YAML_NAMES, *TABLE_NAMES):
        raise SettingsError(OTHER_FILE.say(language, path=path))
    try:
        size = path.stat().st_size
    except OSError:
        raise SettingsError(NO_FILE.say(language, path=path)) from None
    if ending in YAML_NAMES:
        if size > FILE_BYTES_MAX:
            raise SettingsError(TOO_LARGE.say(language, path=path, most=FILE_BYTES_MAX))
        return _of_yaml(path, language)
    named = kind or next((one for one in RecordKind if path.stem in {one, one.replace("_", "-")}), None)
    if named is None:
        raise SettingsError(NO_KIND.say(language, path=path, kinds=KINDS))
    return _of_table(path, named, language)


def records_yaml(records: Records) -> str:
    """The `records:` of a facts file."""
    listed = {kind.value: getattr(records, kind.value) for kind in RecordKind}
    values = {kind: [_plain(one.model_dump(exclude_none=True)) for one in found] for kind, found in listed.items()}
    yaml, text = YAML(), StringIO()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4_000
    yaml.dump({"records": {kind: found for kind, found in values.items() if found}}, text)
    return text.getvalue()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a record
    """As YAML has it: money as a number where a number keeps every digit."""
    match value:
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case list():
            return [_plain(part) for part in value]
        case Decimal():
            number = int(value) if value == value.to_integral_value() else float(value)
            return number if Decimal(str(number)) == value else f"{value:f}"
        case StrEnum():
            return value.value
        case _:
            return value


def told_faults(path: Path, faults: list[tuple[str, str, str]], language: Language) -> SettingsError:
    """Place, key and sentence of each fault as one error."""
    lines = [AT.say(language, place=place, where=where, what=what) for place, where, what in faults[:FAULTS_SHOWN_MAX]]
    if len(faults) > FAULTS_SHOWN_MAX:
        lines.append(MORE.say(language, path=path, count=len(faults) - FAULTS_SHOWN_MAX))
    return SettingsError("\n".join(lines))


def _of_yaml(path: Path, language: Language) -> list[FileRecord]:
    source = read_source(path, "records:", VALUES_MAX)
    inner = source.values.get("records", source.values)
    base: Loc = ("records",) if "records" in source.values else ()
    faults: list[tuple[str, str, str]] = []
    found: list[FileRecord] = []
    if not isinstance(inner, Mapping):
        raise told_faults(path, [(source.place(base), "records", NO_LIST.say(language))], language)
    for key, listed in inner.items():
        if key not in set(RecordKind):
            faults.append((source.place((*base, key)), shown_key(key), NO_SUCH_KIND.say(language, kinds=KINDS)))
        elif not isinstance(listed, list):
            faults.append((source.place((*base, key)), shown_key(key), NO_LIST.say(language)))
        else:
            for at, values in enumerate(listed):
                place = _in_yaml(source, (*base, key, at))
                _read(RecordKind(key), values, place, f"{key}.{at}", found, faults, language)
    if faults:
        raise told_faults(path, faults, language)
    return found


def _in_yaml(source: Source, base: Loc) -> Callable[[Loc], str]:
    return lambda loc: source.place((*base, *loc))


def _of_table(path: Path, kind: RecordKind, language: Language) -> list[FileRecord]:
    rows, wrong = read_table(kind, read_sheet(path))
    at = _cell_of(path)
    faults = [(at(one.row, one.column), kind.value, one.say(language)) for one in wrong]
    found: list[FileRecord] = []
    for row in rows if not faults else ():
        _read(kind, row.values, _in_table(at, row), kind.value, found, faults, language)
    if faults:
        raise told_faults(path, faults, language)
    return found


def _cell_of(path: Path) -> Callable[[int, int], str]:
    if path.suffix.lower() == ".xlsx":
        return lambda row, column: f"{path}:{letter(column)}{row}"
    return lambda row, column: f"{path}:{row}:{column + 1}"


def _in_table(at: Callable[[int, int], str], row: Placed) -> Callable[[Loc], str]:
    return lambda loc: at(*row.cell(loc))


def _read(  # noqa: PLR0913, PLR0917 - what, where, and what becomes of it
    kind: RecordKind,
    values: Any,  # noqa: ANN401 - a file holds anything until validated
    place: Callable[[Loc], str],
    where: str,
    found: list[FileRecord],
    faults: list[tuple[str, str, str]],
    language: Language,
) -> None:
    try:
        found.append(FileRecord(VALUES[kind].model_validate(values), place))
    except ValidationError as error:
        faults.extend(_told(error, place, where, language))


def _told(
    error: ValidationError, place: Callable[[Loc], str], where: str, language: Language
) -> Iterator[tuple[str, str, str]]:
    for one in error.errors(include_input=False, include_url=False):
        key = ".".join([where, *(shown_key(step) for step in one["loc"])])
        yield place(one["loc"]), key, said(one, language)
