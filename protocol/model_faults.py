"""What a model refuses in a value, in both languages: pydantic's kinds of faults, and our own `BadValue`."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from protocol.texts import BadValue, Words

_NUMBER, _WHOLE = Words("应为数字", "must be a number"), Words("应为整数", "must be a whole number")
_TEXT, _BOOLEAN = Words("应为文字", "must be text"), Words("应为 true 或 false", "must be true or false")
_TIME = Words("应为 22:00 这样的时刻", "must be a time such as 22:00")
_DAY = Words("应为 2026-03-01 这样的日期", "must be a day such as 2026-03-01")
_MAPPING = Words("应为映射（`键: 值`）", "must be a mapping (`key: value`)")
_LIST = Words("应为列表（`[...]`，或以 `- ` 开头的各行）", "must be a list (`[...]`, or lines that start with `- `)")
_ONE_OF = Words("应为 {expected}", "must be {expected}")
_BY_TYPE: Mapping[str, Words] = {
    "bool_parsing": _BOOLEAN,
    "bool_type": _BOOLEAN,
    "date_from_datetime_inexact": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "dict_type": _MAPPING,
    "enum": _ONE_OF,
    "extra_forbidden": Words("没有这个键", "there is no such key"),
    "finite_number": Words("应为有限的数字", "must be a finite number"),
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "frozen_set_type": _LIST,
    "greater_than": Words("应大于 {gt:.15g}", "must be greater than {gt:.15g}"),
    "greater_than_equal": Words("应不小于 {ge:.15g}", "must be greater than or equal to {ge:.15g}"),
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "less_than": Words("应小于 {lt:.15g}", "must be less than {lt:.15g}"),
    "less_than_equal": Words("应不大于 {le:.15g}", "must be less than or equal to {le:.15g}"),
    "list_type": _LIST,
    "literal_error": _ONE_OF,
    "missing": Words("缺少", "is missing"),
    "model_type": _MAPPING,
    "string_pattern_mismatch": Words("写法不对：应符合 {pattern}", "must be written like {pattern}"),
    "string_too_long": Words("最多 {max_length} 个字符", "must have at most {max_length} signs"),
    "string_too_short": Words("不能为空", "must not be empty"),
    "string_type": _TEXT,
    "string_unicode": Words("含有不是文字的字符", "holds what is no character"),
    "time_parsing": _TIME,
    "time_type": _TIME,
    "too_long": Words("项目太多，最多 {max_length} 项", "has too many members, at most {max_length}"),
    "too_short": Words("至少需要 {min_length} 项", "needs at least {min_length}"),
    "tuple_type": _LIST,
}
_OTHERWISE = Words("不符合要求（{text}）", "{text}")


def expected(fault: ErrorDetails) -> Words:
    """What would be right, without the value that stands there. `fault`: with its context."""
    values = {name: _listed(value) for name, value in fault.get("ctx", {}).items()}
    if fault["type"] == "value_error":
        error = values["error"]
        return error.words if isinstance(error, BadValue) else _OTHERWISE.filled(text=error)
    found = _BY_TYPE.get(fault["type"])
    try:
        return _OTHERWISE.filled(text=_plainly(fault["msg"])) if found is None else found.filled(**values)
    except ValueError:  # a bound that is no number, of a time for instance
        return _OTHERWISE.filled(text=_plainly(fault["msg"]))


def _listed(value: object) -> object:
    """Pydantic's `'a', 'b' or 'c'` in both languages; anything else as it is."""
    if not isinstance(value, str):
        return value
    return Words("{zh}", "{en}").filled(zh=value.replace(" or ", " 或 "), en=value)


def _plainly(message: str) -> str:
    return message.replace("Input should", "must")
