"""What an imported table of standards adds to a wish: which condition is meant, and what then holds for the case."""

from collections.abc import Sequence
from dataclasses import replace

from central.core.case_machine import CaseAction, StageLimit, UnderStandard, Wish
from central.core.cases.casefile import Case
from central.core.standards import Standard, codes_of_scene
from central.stores.ports import PageRequest, Unit
from protocol.scenes import CodeLayout

FITTING_MAX = 100


class ConditionUnknown(ValueError):
    """A table of standards is imported, and the condition is none of it; `known` are some that are."""

    def __init__(self, known: Sequence[Standard]) -> None:
        super().__init__("this condition is not in the table of standards; name one by its id: GET /api/v1/standards")
        self.known = tuple(known)


def fitting(unit: Unit, case: Case) -> tuple[Standard, ...]:
    """Standards of the newest version for what the case's scene watches for; none where the scene has no class."""
    version = unit.standards.version()
    codes = {code for layout in CodeLayout for code in codes_of_scene(case.scene or "", layout)}
    found = unit.standards.of_codes(version, codes, FITTING_MAX) if version else ()
    return tuple(row for row in found if row.code in codes_of_scene(case.scene or "", row.layout))


def by_the_table(unit: Unit, case: Case, wish: Wish) -> Wish:
    """The wish with what the table says; as it is where none is imported. Raises `ConditionUnknown`.

    立案: `condition` is the id of a standard, or the text of one that fits. 派遣 without a unit goes to that of the
    case's component, else to the standard's, if it names just one. 结案: the id of the case's standard stands for its
    结案条件.
    """
    under = case.state.standard
    match wish.action:
        case CaseAction.REGISTER if wish.condition.strip():
            return _registering(unit, case, wish)
        case CaseAction.DISPATCH if not wish.unit.strip():
            return replace(wish, unit=_unit_of(unit, case))
        case CaseAction.CLOSE if under is not None and wish.condition == under.id:
            return replace(wish, condition=under.closing)
        case _:
            return wish


def _unit_of(unit: Unit, case: Case) -> str:
    """Who the case is for by what it was registered under; empty where that does not say."""
    component, under = case.state.component, case.state.standard
    if component is not None and component.unit:
        known = unit.places.units()
        return next((one.id for one in known if component.unit in {one.id, one.name}), component.unit)
    return under.units[0] if under is not None and len(under.units) == 1 else ""


def _registering(unit: Unit, case: Case, wish: Wish) -> Wish:
    version = unit.standards.version()
    if not version:
        return wish
    condition = wish.condition.strip()
    found = unit.standards.get(version, condition)
    if found is None:
        fits = fitting(unit, case)
        found = next((row for row in fits if row.condition == condition), None)
        if found is None:
            raise ConditionUnknown(fits or unit.standards.find(version, "", PageRequest(FITTING_MAX)).items)
    return replace(wish, condition=found.condition, standard=under_standard(found, version))


def under_standard(row: Standard, version: int) -> UnderStandard:
    """What a case keeps of the standard that it is registered under."""
    limit = StageLimit(row.limit, row.system)
    return UnderStandard(row.id, version, row.code, row.closing, limit, row.recurrence, row.units)
