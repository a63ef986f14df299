"""What figures should reach: said by people, kept word by word."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from central.core.kpis import INDICATORS, Target, Targets
from central.core.kpis.registry.nearest import no_figure
from central.core.values import Actor, Page
from central.services.figures.group_registry import require_known
from central.services.figures.kpis import KpiUnknown
from central.stores.ports import PageRequest, Stores


class KpiTargets:
    """Targets with all that was said before."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def all(self, indicator: str | None = None) -> Targets:
        """Everything that was said, or all about one figure. Raises `KpiUnknown`."""
        _require(indicator)
        with self._stores.reading() as unit:
            return unit.targets.all(indicator)

    def page(self, indicator: str | None, page: PageRequest) -> Page[Target]:
        """A part of `all`, in the order in which it was said. Raises `KpiUnknown`, `BadCursor`."""
        _require(indicator)
        with self._stores.reading() as unit:
            return unit.targets.page(indicator, page)

    def say(self, words: Sequence[Target], actor: Actor, now: datetime) -> Sequence[Target]:
        """Keep more words in one transaction; returns those that were new.

        A word that holds from its day on already is left out, so that a file can be imported again. Another value for
        a day of before corrects it, and what was said stays. Raises `BadTarget` for two words for one day at once,
        and for a group that the register of its kind does not know.
        """
        with self._stores.writing() as unit:
            unit.targets.hold()
            new = [replace(one, said_by=actor.name, said_at=now) for one in unit.targets.all().new(words)]
            for group in dict.fromkeys(one.group for one in new):
                require_known(unit, group)
            unit.targets.append(new)
        return new


def _require(indicator: str | None) -> None:
    if indicator is not None and indicator not in INDICATORS:
        raise KpiUnknown(no_figure(indicator))
