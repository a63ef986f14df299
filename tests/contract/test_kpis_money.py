"""Costs and satisfaction from the records of the project, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.evaluation.records import Asked as Whom
from central.core.evaluation.records import Payment, Round, Stratum, Survey
from central.core.kpis import period_between, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.project_records import ProjectRecord, RecordKind, Revision, kind_of
from central.services.figures.kpis import Kpis
from central.stores.ports import Asked, PageRequest, Stores
from tests.support.central_stores import Central
from tests.support.speaking_box import SpeakingBox, later

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 2))
AFTER = MARCH.end + timedelta(days=3)


@pytest.fixture
def kpis(stores: Stores) -> Kpis:
    return Kpis(stores, BUILT_IN_CLOCKWORK)


def record(stores: Stores, records: Sequence[ProjectRecord], **more: object) -> None:
    """Keep records as first revisions."""
    with stores.writing() as unit:
        unit.project_records.add(
            [
                Revision(kind_of(one), str(one.id), 1, 2026, None, one, "li", later(0), "test", **more)  # type: ignore[arg-type]
                for one in records
            ]
        )


def payment(name: str, day: str, amount: str) -> Payment:
    """Return a payment."""
    return Payment(id=name, contract="c1", paid=date.fromisoformat(day), amount_cny=Decimal(amount))


def test_a_camera_day_costs_what_was_paid_by_the_days(stores: Stores, kpis: Kpis) -> None:
    assert kpis.figure("cost_per_camera_day", MARCH, AFTER).value is None
    edges = (("p1", "2026-02-28", "1"), ("p2", "2026-03-01", "100.10"), ("p3", "2026-03-31", "0.90"))
    record(stores, [*(payment(*one) for one in edges), payment("p4", "2026-04-01", "1000")])
    reason = kpis.figure("cost_per_camera_day", MARCH, AFTER).reason
    assert reason is not None
    assert "camera-days is 0" in reason.en
    central, box = Central(stores), SpeakingBox()
    central.register(box)
    central.receive(box.birth(0, cameras=("cam-1", "cam-2")), box.heartbeat(1), at_s=1)
    days = (MARCH.end - later(0)).total_seconds() / 86_400
    assert kpis.figure("cost_per_camera_day", MARCH, AFTER).value == pytest.approx(101 / (2 * days), rel=1e-4)
    parts = kpis.parts("cost_per_camera_day", Asked(MARCH, AFTER), None, PageRequest(9)).items
    assert [(part.kind, part.id) for part in parts] == [
        ("payment", "p2"), ("payment", "p3"), ("camera", "b1.cam-1"), ("camera", "b1.cam-2"),
    ]  # fmt: skip
    closed = kpis.figure("cost_per_closed_case", MARCH, AFTER)
    assert (closed.value, closed.hits, closed.total) == (None, 101, 0)


def survey(name: str, day: str, strata: Sequence[tuple[int, int, int]], asked: Whom = Whom.CITIZEN) -> Survey:
    """Return a survey of strata: people, answers, content."""
    told = [Stratum(name=f"s{n}", population=p, answered=a, satisfied=s) for n, (p, a, s) in enumerate(strata)]
    return Survey(id=name, asked=asked, round=Round.CURRENT, on=date.fromisoformat(day), question="满意吗", strata=told)


def test_satisfaction_is_that_of_the_last_survey_of_citizens(stores: Stores, kpis: Kpis) -> None:
    assert kpis.figure("satisfaction", MARCH, AFTER).value is None
    strata = [(900, 30, 27), (100, 10, 5), (50, 0, 0)]
    inside = survey("inside", "2026-03-30", [(9, 9, 0)], Whom.INTERNAL)
    record(stores, [survey("old", "2026-03-02", [(9, 9, 0)]), survey("new", "2026-03-20", strata), inside])
    figure = kpis.figure("satisfaction", MARCH, AFTER)
    assert figure.value == pytest.approx(0.9 * 0.9 + 0.1 * 0.5)
    assert figure.interval is not None
    assert figure.interval[0] < figure.value < figure.interval[1]
    assert not figure.is_below_minimum
    few = kpis.figure("satisfaction", period_between("2026-03-01", "2026-03-10"), AFTER)
    assert (few.value, few.is_below_minimum) == (0, True)


def test_records_that_were_entered_later_are_not_looked_at(stores: Stores, kpis: Kpis) -> None:
    record(stores, [payment("p1", "2026-03-01", "5")])
    assert kpis.figure("cost_per_closed_case", MARCH, later(-1)).hits == 0


def test_what_was_withdrawn_counts_as_of_before(stores: Stores, kpis: Kpis) -> None:
    record(stores, [payment("p1", "2026-03-01", "5")])
    with stores.writing() as unit:
        (paid,) = unit.project_records.standing(RecordKind.PAYMENTS)
        again = replace(paid, number=2, is_withdrawn=True, entered_at=later(100), reason="误录")
        unit.project_records.add([again])
        assert unit.project_records.standing(RecordKind.PAYMENTS) == []
        assert unit.project_records.standing(known_at=later(-1)) == []
    found = [kpis.figure("cost_per_closed_case", MARCH, later(at)).hits for at in (99, 100)]
    assert found == [5, 0]
