"""The facts file of a project evaluation: YAML to `Facts`; a mistake names file, line, column and the remedy."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from central.core.evaluation import Facts, faults
from central.core.evaluation.decimals import Wrong
from central.core.evaluation.records import Records
from central.core.evaluation.sources import with_stored
from central.settings.load import FAULTS_SHOWN_MAX, SettingsError, Source, read_source, shown_key
from protocol.model_faults import expected
from protocol.texts import Language, Words

VALUES_MAX = 100_000
KINDS = frozenset({"assessed", "quantitative"})
Loc = tuple[int | str, ...]
EXAMPLE = "project: 智慧城管项目"
NO_FILE = Words(
    zh="{path}：没有这个文件；gridwarden central evaluate --year {year} --start county --facts {path} 可生成一个",
    en="{path}: no such file; gridwarden central evaluate --year {year} --start county --facts {path} writes one",
)
OTHER_YEAR = Words(
    zh="{place}：文件写的是 {found} 年，要评价的是 {year} 年", en="{place}: the file is of {found}, asked is {year}"
)
EMPTY_SHOWN_MAX = 3
NOT_FILLED_IN = Words(
    zh="{path} 还没有填完：{count} 处仍为空（null），例如 {first}；填好后再评价",
    en="{path} is not filled in yet; still empty (null): {count}, such as {first}; fill them in, then evaluate again",
)
ANOTHER = Words(zh="、", en=", ")
MORE = Words(zh="{path}：还有 {count} 处", en="{path}: and {count} more")
AT = Words(zh="{place}：{where}：{what}", en="{place}: {where}: {what}")
SAID = {
    "missing": Words(zh="缺少这一项", en="is missing"),
    "extra_forbidden": Words(zh="没有这个键；请改名或删除", en="there is no such key; rename or delete it"),
    "union_tag_not_found": Words(
        zh="缺少 kind；写 assessed 或 quantitative", en="`kind` is missing; write assessed or quantitative"
    ),
    "union_tag_invalid": Words(zh="kind 应为 assessed 或 quantitative", en="kind should be assessed or quantitative"),
    "string_type": Words(zh="应为文字", en="should be a text"),
    "string_pattern_mismatch": Words(
        zh="写法不对：编号用小写字母、数字和 _，名称不能为空",
        en="is not written well: ids are of a-z, 0-9 and _, names are not empty",
    ),
    "string_too_short": Words(zh="不能为空", en="should not be empty"),
    "too_short": Words(zh="不能为空", en="should not be empty"),
    "string_too_long": Words(zh="太长", en="is too long"),
    "too_long": Words(zh="项数太多", en="has too many entries"),
    "date_type": Words(zh="应为日期，如 2026-03-01", en="should be a day such as 2026-03-01"),
    "bool_type": Words(zh="应为 true 或 false（表格里：是/否、合格/不合格）", en="should be true or false"),
    "int_type": Words(zh="应为整数", en="should be a whole number"),
    "list_type": Words(zh="应为列表", en="should be a list"),
    "model_type": Words(zh="应为键和值", en="should be keys with values"),
    "dict_type": Words(zh="应为键和值", en="should be keys with values"),
}


def load_facts(path: Path, year: int, language: Language, stored: Records | None = None) -> Facts:
    """Read the facts of a year, whole and right. Raises `SettingsError`: one line for each fault.

    `stored` records stand for every kind that the file does not state.
    """
    if not path.exists():
        raise SettingsError(NO_FILE.say(language, path=path, year=year))
    source = read_source(path, EXAMPLE, VALUES_MAX)
    try:
        facts = Facts.model_validate(source.values)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise SettingsError(_told(source, found, language)) from None
    facts, _ = with_stored(facts, stored)
    wrong = faults(facts)
    if wrong:
        raise SettingsError(fault_lines(source, [(one.loc, one.say(language)) for one in wrong], language))
    if facts.year != year:
        place = source.place(("year",))
        raise SettingsError(OTHER_YEAR.say(language, place=place, found=facts.year, year=year))
    return facts


def _told(source: Source, found: list[ErrorDetails], language: Language) -> str:
    """What nobody has filled in yet in one sentence, then a line for each mistake."""
    empty = [one["loc"] for one in found if _is_empty(source.values, one["loc"])]
    wrong = [(one["loc"], said(one, language)) for one in found if one["loc"] not in empty]
    lines = [_not_filled_in(source, empty, language)] if empty else []
    return "\n".join([*lines, fault_lines(source, wrong, language)] if wrong else lines)


def _not_filled_in(source: Source, empty: list[Loc], language: Language) -> str:
    first = ANOTHER.say(language).join(
        f"{source.place(loc).removeprefix(f'{source.path}:')} {key_path(loc)}" for loc in empty[:EMPTY_SHOWN_MAX]
    )
    return NOT_FILLED_IN.say(language, path=source.path, count=len(empty), first=first)


def _is_empty(values: Any, loc: Loc) -> bool:  # noqa: ANN401 - a file holds anything until validated
    """Whether null stands there, as in a file that was just begun."""
    for step in loc:
        if step in KINDS:
            continue
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return False
    return values is None


def fault_lines(source: Source, found: list[tuple[Loc, str]], language: Language) -> str:
    """One line for each fault: place, key, what would be right."""
    lines = [
        AT.say(language, place=source.place(loc), where=key_path(loc), what=what)
        for loc, what in found[:FAULTS_SHOWN_MAX]
    ]
    if len(found) > FAULTS_SHOWN_MAX:
        lines.append(MORE.say(language, path=source.path, count=len(found) - FAULTS_SHOWN_MAX))
    return "\n".join(lines)


def key_path(loc: Loc) -> str:
    """The path of keys; validation puts the kind of a line between its number and its key."""
    return ".".join(shown_key(step) for step in loc if step not in KINDS)


def said(fault: ErrorDetails, language: Language) -> str:
    """What a validation error means, in the words of a file."""
    wrong = fault.get("ctx", {}).get("error")
    if isinstance(wrong, Wrong):
        return wrong.say(language)
    if fault["type"] in SAID:
        return SAID[fault["type"]].say(language)
    return expected(fault).say(language)
