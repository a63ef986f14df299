"""Every table of central but that of search, which each database makes in its own way (`sql.search`).

Columns are named as the fields of the values they keep (`case_id` keeps `case`); modules as the ports that use them.
"""

from central.stores.tables.availability import box_waits, device_makers, maintenance_windows, witness_runs
from central.stores.tables.casework import camera_checks, case_episodes, case_numbers, case_reports, case_steps, cases
from central.stores.tables.columns import metadata
from central.stores.tables.concurrency import answers, leases
from central.stores.tables.devices import boot_clocks, box_states, boxes, camera_states, cameras, commands
from central.stores.tables.exchange import changes, deliveries, partners, transfers
from central.stores.tables.inbox import dead_letters, events, gaps, receipts, streams, tallies
from central.stores.tables.kpi_months import kpi_months
from central.stores.tables.kpi_targets import kpi_targets
from central.stores.tables.kpis import case_facts
from central.stores.tables.people import actors, box_secrets, join_codes, join_guesses
from central.stores.tables.places import components, grids, place_books, responsible_units
from central.stores.tables.project_records import project_records
from central.stores.tables.records import (
    alerts,
    evidence,
    evidence_links,
    notices,
    series,
    series_buffer,
    series_gaps,
    series_hours,
)
from central.stores.tables.registers import camera_views, register_entries, zone_grounds
from central.stores.tables.retention import legal_holds, released_pictures, seals, tombstones
from central.stores.tables.standards import standard_books, standards

__all__ = [
    "actors",
    "alerts",
    "answers",
    "boot_clocks",
    "box_secrets",
    "box_states",
    "box_waits",
    "boxes",
    "camera_checks",
    "camera_states",
    "camera_views",
    "cameras",
    "case_episodes",
    "case_facts",
    "case_numbers",
    "case_reports",
    "case_steps",
    "cases",
    "changes",
    "commands",
    "components",
    "dead_letters",
    "deliveries",
    "device_makers",
    "events",
    "evidence",
    "evidence_links",
    "gaps",
    "grids",
    "join_codes",
    "join_guesses",
    "kpi_months",
    "kpi_targets",
    "leases",
    "legal_holds",
    "maintenance_windows",
    "metadata",
    "notices",
    "partners",
    "place_books",
    "project_records",
    "receipts",
    "register_entries",
    "released_pictures",
    "responsible_units",
    "seals",
    "series",
    "series_buffer",
    "series_gaps",
    "series_hours",
    "standard_books",
    "standards",
    "streams",
    "tallies",
    "tombstones",
    "transfers",
    "witness_runs",
    "zone_grounds",
]
