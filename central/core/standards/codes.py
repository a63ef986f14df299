"""The groups (大类) of the two national layouts, and which classes are a city's own."""

from collections.abc import Mapping

from central.core.standards.book import ClassKind
from protocol.scenes import SCENES, CodeLayout

CJT, GBT = CodeLayout.CJT_214_2007, CodeLayout.GBT_30428_2013

GROUPS: Mapping[tuple[CodeLayout, ClassKind], frozenset[str]] = {
    (CJT, ClassKind.EVENT): frozenset({"01", "02", "03", "04", "05", "06"}),
    (CJT, ClassKind.COMPONENT): frozenset({"01", "02", "03", "04", "05", "06", "21"}),
    (GBT, ClassKind.EVENT): frozenset({"01", "02", "03", "04", "05", "06"}),
    (GBT, ClassKind.COMPONENT): frozenset({"01", "02", "03", "04", "05"}),
}
"""As practised by city platforms. Subclasses are not listed: cities add their own, counted down from 99."""

STREET_ORDER: Mapping[CodeLayout, str] = {CJT: "05", GBT: "04"}
"""街面秩序, whose events come and go: a vendor who returns is a new violation."""

LAYOUT_SPELLINGS: Mapping[str, CodeLayout] = {
    "CJ/T214-2007": CJT,
    "CJ/T214": CJT,
    "2007": CJT,
    "CJT_214_2007": CJT,
    "GB/T30428.2-2013": GBT,
    "GB/T30428": GBT,
    "GB/T30428.2": GBT,
    "2013": GBT,
    "GBT_30428_2013": GBT,
}
LAYOUT_NAMES: Mapping[CodeLayout, str] = {CJT: "CJ/T 214-2007", GBT: "GB/T 30428.2-2013"}

_LOCAL_FROM = 90
_OTHER_2007 = 99
_EXTENSIONS_2007 = {ClassKind.EVENT: "06", ClassKind.COMPONENT: "21"}
_LOCAL_SCENES = frozenset((code.layout, code.code) for facts in SCENES.values() for code in facts.codes if code.local)


def is_local(layout: CodeLayout, kind: ClassKind, code: str) -> bool:
    """Whether a class (`04-93`) is a city's own, as far as its number says so; in the 2007 layout 99 means "other"."""
    if kind is ClassKind.EVENT and (layout, code) in _LOCAL_SCENES:
        return True
    number = int(code[3:])
    if layout is CJT and (code[:2] == _EXTENSIONS_2007[kind] or number == _OTHER_2007):
        return code[:2] == _EXTENSIONS_2007[kind]
    return number >= _LOCAL_FROM
