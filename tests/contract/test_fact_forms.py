"""Facts that were made in an earlier form stand until they are made anew of the histories, on both databases."""

from typing import cast

import pytest
from sqlalchemy import Connection, event

from central.core.case_machine import CaseAction
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import FACT_FORM
from central.services.desks.facts import replay_facts
from central.services.figures.fact_keeping import FactKeeping
from central.stores.database.connections import WRITING
from central.stores.open_stores import SqlStores
from central.stores.ports import Stores
from tests.support.casework import Staff
from tests.support.store_contents import change


@pytest.mark.parametrize("form", [None, FACT_FORM - 1])
def test_facts_of_an_earlier_form_stand_and_are_made_anew(stores: Stores, form: int | None) -> None:
    staff = Staff(stores)
    ids = [staff.report().case.id for _ in range(3)]
    staff.act(ids[-1], CaseAction.ACCEPT)
    with stores.reading() as unit:
        was = unit.facts.get(ids)
        assert set(was) == set(ids)
        assert unit.facts.is_complete()
        assert [was[case].accepted_by for case in ids] == ["", "", "wang"]
    newest = ids[-1]
    make_older = "UPDATE case_facts SET form = :form, reported_at = NULL, accepted_by = '' WHERE case_id = :newest"
    assert change(stores, make_older, form=form, newest=newest) == 1
    with stores.reading() as unit:
        assert not unit.facts.is_complete()
        assert [case for _, case in unit.facts.missing(None, 9)] == [newest]
        assert set(unit.facts.get(ids)) == set(ids[:-1])
    assert FactKeeping(stores, BUILT_IN_CLOCKWORK).catch_up() == 1
    with stores.reading() as unit:
        assert unit.facts.is_complete()
        assert unit.facts.get(ids) == was


def test_a_change_of_a_case_makes_its_fact_of_an_earlier_form_of_the_whole_history(stores: Stores) -> None:
    staff = Staff(stores)
    case = staff.report().case
    assert change(stores, "UPDATE case_facts SET form = NULL, reported_at = NULL") == 1
    staff.walk(case.id, CaseAction.ACCEPT, CaseAction.REGISTER, CaseAction.DISPATCH)
    with stores.writing() as unit:
        kept = unit.facts.get([case.id])[case.id]
        replay_facts(unit, [case.id], BUILT_IN_CLOCKWORK)
        assert unit.facts.get([case.id])[case.id] == kept
        assert kept.reported_at is not None


def test_nobody_waits_while_cases_without_a_fact_are_looked_for(stores: Stores) -> None:
    staff = Staff(stores)
    case = staff.report().case
    assert change(stores, "UPDATE case_facts SET form = NULL") == 1
    looked_while_writing: list[bool] = []

    def listening(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if "NOT (EXISTS" in statement and "LIMIT" in statement:
            looked_while_writing.append(bool(connection.get_execution_options().get(WRITING)))

    event.listen(cast("SqlStores", stores).database.engine, "before_cursor_execute", listening)
    assert FactKeeping(stores, BUILT_IN_CLOCKWORK).step() == 1
    assert looked_while_writing == [False]
    with stores.reading() as unit:
        assert set(unit.facts.get([case.id])) == {case.id}
