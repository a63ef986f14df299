"""What is said of a figure that there is not: which ones are called alike, and what lists them all."""

from difflib import get_close_matches

from central.core.kpis.registry.indicators import INDICATORS
from protocol.texts import Words

NAME_CHARS_TOLD = 40
NEAR_MAX = 3
_LIKENESS = 0.5

_NO_FIGURE = Words(
    zh="没有指标“{name}”；`gridwarden central kpi` 列出全部",
    en="there is no figure '{name}'; `gridwarden central kpi` lists them all",
)
_NEAR = Words(
    zh="没有指标“{name}”；相近的有：{near}；`gridwarden central kpi` 列出全部",
    en="there is no figure '{name}'; near to it are {near}; `gridwarden central kpi` lists them all",
)


def no_figure(name: str) -> Words:
    """The refusal of an id."""
    near = nearest(name[:NAME_CHARS_TOLD])
    return (_NEAR if near else _NO_FIGURE).filled(name=name[:NAME_CHARS_TOLD], near=", ".join(near))


def nearest(name: str) -> tuple[str, ...]:
    """The ids of figures whose id, or name in one of the languages, is most like `name`; nothing where none is."""
    called = {word: one.id for one in INDICATORS.values() for word in (one.id, one.names.zh, one.names.en)}
    found = get_close_matches(name, called, n=NEAR_MAX, cutoff=_LIKENESS)
    return tuple(dict.fromkeys(called[word] for word in found))
