"""Keeps the facts of cases in the transaction of each change, and gives those to cases that have none."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from central.core.case_machine import CaseAction
from central.core.case_machine.stages import Clockwork
from central.core.cases.casefile import Case, CaseStep, Occurrence
from central.core.kpis import ByClockwork, folded
from central.stores.ports import PageRequest, Unit

LINES_A_PAGE = 500
TELLING = frozenset({Occurrence.OPENED, Occurrence.CAMERA_ASKED, *CaseAction})
"""Lines that may change a fact; sightings and what befalls other cases do not."""


def keep_facts(unit: Unit, cases: Mapping[str, Case], steps: Sequence[CaseStep], clockwork: Clockwork) -> None:
    """Fold lines that were just appended into the facts of their cases, as these are now."""
    told: defaultdict[str, list[CaseStep]] = defaultdict(list)
    for step in steps:
        if step.kind in TELLING:
            told[step.case].append(step)
    if not told:
        return
    known, counting = unit.facts.get(sorted(told)), ByClockwork(clockwork)
    unit.facts.save(
        [
            folded(known[case], cases[case], lines, counting)
            if case in known
            else folded(None, cases[case], _history(unit, case), counting)
            for case, lines in told.items()
        ]
    )


def replay_facts(unit: Unit, ids: Sequence[str], clockwork: Clockwork) -> None:
    """Make the facts of these cases anew from their whole histories."""
    found, counting = unit.cases.get(ids), ByClockwork(clockwork)
    unit.facts.save([folded(None, case, _history(unit, case.id), counting) for case in found.values()])


def _history(unit: Unit, case: str) -> Iterator[CaseStep]:
    cursor: str | None = None
    while True:
        page = unit.history.of_case(case, PageRequest(LINES_A_PAGE, cursor))
        yield from page.items
        if page.next is None:
            return
        cursor = page.next
