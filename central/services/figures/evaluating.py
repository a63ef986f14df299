"""What an evaluation takes from the platform: records of the project, figures of its period."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from central.core.evaluation.facts import Facts
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.records import Records
from central.core.evaluation.sources import Computed, Sources, of_line, stated_kinds
from central.core.kpis import period_of_days
from central.core.project_records.chain import MADE_OF
from central.core.project_records.ledger import of_year, until
from central.services.figures.kpis import Kpis
from central.services.figures.project_records import ProjectRecords


class Evaluating:
    """Reads, and changes nothing. `zone`: the city's, at whose midnights the days of a period begin."""

    def __init__(self, records: ProjectRecords, kpis: Kpis, zone: tzinfo) -> None:
        self._records = records
        self._kpis = kpis
        self._zone = zone

    def stored(self, year: int) -> Records:
        """The records of a year, and those that they hang on."""
        return of_year(self._records.standing(), year)

    def sources(self, facts: Facts, as_of: datetime) -> Sources:
        """What stands behind facts that `stored` records were put into. Raises `BadPeriod`, `StoreUnavailable`.

        Where the file states records of the chain itself, over-runs are looked for among those of the report alone.
        """
        stated = stated_kinds(facts)
        of_store = frozenset(Records.model_fields) - stated
        ledger = None if stated & frozenset(MADE_OF) else until(self._records.standing(), facts.year)
        period = facts.period
        return Sources(of_store, ledger, self._figures(facts, as_of), period.first, period.last, self._local(as_of))

    def _figures(self, facts: Facts, as_of: datetime) -> Mapping[str, Computed]:
        period = period_of_days(facts.period.first, facts.period.last, self._zone)
        wanted = [one for one in facts.index_tree if isinstance(one, Quantitative) and one.kpi is not None]
        return {one.id: of_line(one, self._kpis.figure(one.kpi or "", period, as_of)) for one in wanted}

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)
