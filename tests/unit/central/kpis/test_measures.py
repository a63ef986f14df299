"""What the registry says of measures: whether they read facts of cases, and which of their sums are seconds."""

from datetime import timedelta
from typing import Any, cast

import pytest

from central.core.kpis import INDICATORS, Measure, Measured
from central.core.places import Crs
from central.core.registers import COLUMNS, Register
from central.services.figures.availability import Availability
from central.services.figures.measuring import Grounds, read
from central.services.figures.registers import Registers
from central.stores.ports import Asked, Stores, Unit
from tests.contract.test_field_recall import feature
from tests.support.central_stores import OPERATOR, sqlite_stores
from tests.support.full_central import MONTH, fill
from tests.support.speaking_box import later

ENTRIES = {
    Register.ROSTER: ("1", "wang", "2026-03-02 08:00", "2026-03-02 16:00"),
    Register.OUTSIDE_CASES: ("2026-03", "4", "月报"),
    Register.POPULATION: ("620523001001", "2026", "10", "公报"),
    Register.INSPECTION_DUTY: ("04-01", "6205230010010001", "2026-01-01", "2027-01-01"),
}


class Watched:
    """A unit that knows whether facts of cases were asked for."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.facts_read = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the unit has
        self.facts_read = self.facts_read or name in {"facts", "fact_sums", "public_reports"}
        return getattr(self._unit, name)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Return a city with an entry in every register, and the ground of a zone."""
    with sqlite_stores(tmp_path_factory.mktemp("city")) as stores:
        fill(stores)
        registers = Registers(stores)
        for register, values in ENTRIES.items():
            registers.enter(register, dict(zip(COLUMNS[register], values, strict=True)), OPERATOR, later(0))
        registers.draw([feature()], Crs.WGS84, OPERATOR, later(0))
        yield stores


@pytest.mark.parametrize("measure", list(Measure))
def test_a_measure_says_whether_it_reads_facts(measure: Measure, city: Stores) -> None:
    with city.reading() as unit:
        watched = Watched(unit)
        asked = Asked(MONTH, MONTH.end + timedelta(days=1))
        read(measure, Grounds(cast("Unit", watched), asked, Availability(city)))
    assert watched.facts_read == measure.reads_facts


@pytest.mark.parametrize("name", [one.id for one in INDICATORS.values() if isinstance(one.formula, Measured)])
def test_sums_that_are_called_durations_are_in_seconds(name: str) -> None:
    formula = INDICATORS[name].formula
    assert isinstance(formula, Measured)
    assert (formula.hits.zh.endswith("时长"), formula.total.zh.endswith("时长")) == (
        formula.hits_in_s,
        formula.total_in_s,
    )
