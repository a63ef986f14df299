"""What services need of storage, and nothing of how it is done.

A `Unit` is one transaction: what is written inside it is there together or not at all. Ports fetch for many keys at
once, so that a batch of messages costs few statements. Lists are paged by opaque cursors.
"""

from central.stores.ports.availability import AskedCameras, AvailabilityStore, Watched
from central.stores.ports.backup import DatabaseCopy
from central.stores.ports.casework import (
    NEAR_MAX,
    BlobStore,
    CaseNumbers,
    CaseStore,
    CheckStore,
    EvidenceStore,
    HistoryStore,
)
from central.stores.ports.concurrency import AnswerStore, LeaseStore
from central.stores.ports.devices import BoxStore, CameraStore, CommandStore
from central.stores.ports.exchange import ChangeStore, DeliveryStore, PartnerStore, TransferStore
from central.stores.ports.inbox import InboxStore, StreamStore, TallyStore
from central.stores.ports.kpi_months import MonthHead, MonthStore
from central.stores.ports.kpi_targets import TargetStore
from central.stores.ports.kpis import Asked, FactStore, FactSums, Kept, Summed
from central.stores.ports.people import AccessStore, AlertStore, JoinStore, NoticeStore
from central.stores.ports.places import PlaceStore
from central.stores.ports.project_records import RecordFilter, RecordStore
from central.stores.ports.public_reports import Found, JoinedReport, Narrowed, PublicReportStore, VerifiedReport
from central.stores.ports.records import (
    BadCursor,
    BlobTooLarge,
    CaseAudit,
    CaseFilter,
    Claim,
    EventFilter,
    EvidenceLink,
    EvidenceRecord,
    JoinCodeRecord,
    PageRequest,
    Receipt,
    SeriesUnavailable,
    StoredEvent,
    StoreRejected,
    StoreUnavailable,
    Stream,
    WrongContent,
)
from central.stores.ports.registers import AskedEntries, CameraView, DrawnGround, RegisterStore
from central.stores.ports.retention import Buried, RetentionStore, Window
from central.stores.ports.series import SeriesBacklog, SeriesKey, SeriesStore
from central.stores.ports.standards import StandardStore
from central.stores.ports.unit import Stores, Unit

__all__ = [
    "NEAR_MAX",
    "AccessStore",
    "AlertStore",
    "AnswerStore",
    "Asked",
    "AskedCameras",
    "AskedEntries",
    "AvailabilityStore",
    "BadCursor",
    "BlobStore",
    "BlobTooLarge",
    "BoxStore",
    "Buried",
    "CameraStore",
    "CameraView",
    "CaseAudit",
    "CaseFilter",
    "CaseNumbers",
    "CaseStore",
    "ChangeStore",
    "CheckStore",
    "Claim",
    "CommandStore",
    "DatabaseCopy",
    "DeliveryStore",
    "DrawnGround",
    "EventFilter",
    "EvidenceLink",
    "EvidenceRecord",
    "EvidenceStore",
    "FactStore",
    "FactSums",
    "Found",
    "HistoryStore",
    "InboxStore",
    "JoinCodeRecord",
    "JoinStore",
    "JoinedReport",
    "Kept",
    "LeaseStore",
    "MonthHead",
    "MonthStore",
    "Narrowed",
    "NoticeStore",
    "PageRequest",
    "PartnerStore",
    "PlaceStore",
    "PublicReportStore",
    "Receipt",
    "RecordFilter",
    "RecordStore",
    "RegisterStore",
    "RetentionStore",
    "SeriesBacklog",
    "SeriesKey",
    "SeriesStore",
    "SeriesUnavailable",
    "StandardStore",
    "StoreRejected",
    "StoreUnavailable",
    "StoredEvent",
    "Stores",
    "Stream",
    "StreamStore",
    "Summed",
    "TallyStore",
    "TargetStore",
    "TransferStore",
    "Unit",
    "VerifiedReport",
    "Watched",
    "Window",
    "WrongContent",
]
