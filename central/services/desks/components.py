"""The component (部件) that a case is registered for, as it was imported."""

from dataclasses import replace

from central.core.case_machine import CaseAction, NamedComponent, Wish
from central.stores.ports import Unit


class ComponentUnknown(ValueError):
    """The component that somebody names is not in the newest version, or none was imported."""


def with_component(unit: Unit, wish: Wish) -> Wish:
    """The wish with the component of the id that it names, at 立案 alone. Raises `ComponentUnknown`."""
    wanted = wish.component_id.strip()
    if wish.action is not CaseAction.REGISTER or not wanted:
        return wish
    found = unit.places.component(wanted)
    if found is None:
        raise ComponentUnknown(
            "this component is not among those that are imported; name one by its 部件标识码, as "
            "`gridwarden central components list` shows them"
        )
    version, one = found
    return replace(wish, component=NamedComponent(one.id, version, one.name, one.code, one.unit, one.address))
