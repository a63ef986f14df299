"""What the city's registers know of the groups by which figures are told apart: their names, and whether they exist."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from central.core.kpis import BadTarget
from central.stores.ports import PageRequest, Unit
from protocol.scenes import Scene
from protocol.texts import Words

CAMERAS_NEAR_MAX = 2_000
NEAR_MAX = 3
_LIKENESS = 0.4

UNKNOWN = Words(
    zh="{field} 中没有“{value}”；相近的有：{near}；{where}",
    en="there is no {field} '{value}'; near to it are {near}; {where}",
)
_WHERE: Mapping[str, Words] = {
    "unit": Words(
        zh="`gridwarden central units list` 列出全部，缺少的请先导入",
        en="`gridwarden central units list` has all; import one that is lacking first",
    ),
    "grid": Words(
        zh="`gridwarden central grid list` 列出全部，缺少的请先导入",
        en="`gridwarden central grid list` has all; import one that is lacking first",
    ),
    "camera": Words(zh="编号形如 盒子.摄像机", en="ids look like box.camera"),
    "scene": Words(zh="docs/scenes.md 列出全部", en="docs/scenes.md has all"),
    "code": Words(
        zh="`gridwarden central standards list` 列出标准表中的小类",
        en="`gridwarden central standards list` has all classes",
    ),
}


def called(unit: Unit, field: str, groups: Collection[str]) -> Mapping[str, str]:
    """The names of groups; one without a name in a register, or with no other name than itself, is left out."""
    match field:
        case "unit":
            names = {one.id: one.name for one in unit.places.units()}
        case "grid":
            names = dict(unit.places.grid_names(groups))
        case "camera":
            names = {key: one.name or one.place for key, one in unit.cameras.get(sorted(groups)).items()}
        case _:
            return {}
    return {group: names[group] for group in groups if names.get(group, group) not in {"", group}}


def require_known(unit: Unit, group: str) -> None:
    """Raise `BadTarget` for `field=value` whose value is in no register, where there is a register of the field.

    A register that is empty knows nothing, and refuses nothing.
    """
    field, _, value = group.partition("=")
    if field not in _WHERE or _is_known(unit, field, value):
        return
    near = _near(value, _known(unit, field))
    if near:
        raise BadTarget(UNKNOWN, field=field, value=value[:40], near=", ".join(near), where=_WHERE[field])


def _is_known(unit: Unit, field: str, value: str) -> bool:
    match field:
        case "grid":
            return bool(unit.places.grid_names([value]))
        case "camera":
            return bool(unit.cameras.get([value]))
        case "code":
            found = unit.standards.find(unit.standards.version(), value, PageRequest(1)).items
            return any(one.code == value for one in found)
        case _:
            return value in _known(unit, field)


def _known(unit: Unit, field: str) -> Mapping[str, str]:
    """Values with their names, as many as are looked through for one that is meant."""
    match field:
        case "unit":
            return {one.id: one.name for one in unit.places.units()}
        case "grid":
            return unit.places.grid_names()
        case "camera":
            return {one.key: one.name for one in unit.cameras.neediest(CAMERAS_NEAR_MAX)}
        case "code":
            book = unit.standards.book(unit.standards.version())
            return {} if book is None else {one.code: one.name for one in book.classes if "-" in one.code}
        case _:
            return {str(one): "" for one in Scene}


def _near(value: str, known: Mapping[str, str]) -> Sequence[str]:
    meant = {word: one for one, name in known.items() for word in (one, name) if word}
    found = get_close_matches(value, meant, n=NEAR_MAX, cutoff=_LIKENESS) or list(known)[:NEAR_MAX]
    values = dict.fromkeys(meant.get(word, word) for word in found)
    return [f"{one} ({known[one]})" if known[one] not in {"", one} else one for one in values]
