"""All services of one central, built once by `app.py` and shared by API, pages and gateway."""

from dataclasses import dataclass
from datetime import tzinfo

from central.services.access import Access
from central.services.alerting import Alerting
from central.services.cases.audits import Audits
from central.services.cases.camera_checks import CameraChecks
from central.services.cases.casework import Casework
from central.services.cases.leases import Leases
from central.services.cases.legal_holds import LegalHolds
from central.services.cases.receipts import Receipts
from central.services.commands import Commands
from central.services.evidence import Evidence
from central.services.exchange import Exchange
from central.services.figures.availability import Availability
from central.services.figures.device_notes import DeviceNotes
from central.services.figures.kpis import Kpis
from central.services.figures.planning.changes import Changes
from central.services.figures.planning.proposing import Proposing
from central.services.figures.planning.scores import Scores
from central.services.figures.planning.targets import KpiTargets
from central.services.figures.project_records import ProjectRecords
from central.services.figures.publishing import Publishing
from central.services.figures.registers import Registers
from central.services.fleet import Fleet
from central.services.health import Health
from central.services.notices import Notices
from central.services.places import Places
from central.services.reception import Reception
from central.services.retention import Retention
from central.services.series_keeping import SeriesKeeping
from central.services.standards import Standards


@dataclass(frozen=True, slots=True)
class Services:
    """Thread-safe; every border calls the same ones, so locks, roles and history exist once."""

    access: Access
    alerting: Alerting
    audits: Audits
    availability: Availability
    device_notes: DeviceNotes
    camera_checks: CameraChecks
    casework: Casework
    commands: Commands
    evidence: Evidence
    exchange: Exchange
    fleet: Fleet
    health: Health
    kpi_targets: KpiTargets
    changes: Changes
    proposing: Proposing
    kpis: Kpis
    leases: Leases
    legal_holds: LegalHolds
    notices: Notices
    places: Places
    project_records: ProjectRecords
    publishing: Publishing
    receipts: Receipts
    reception: Reception
    registers: Registers
    retention: Retention
    scores: Scores
    series_keeping: SeriesKeeping
    standards: Standards
    zone: tzinfo
    """The city's: its midnights are where days, months and periods begin."""
