"""One transaction, and all storage."""

from contextlib import AbstractContextManager
from typing import Protocol

from central.stores.ports.availability import AvailabilityStore
from central.stores.ports.casework import BlobStore, CaseNumbers, CaseStore, CheckStore, EvidenceStore, HistoryStore
from central.stores.ports.concurrency import AnswerStore, LeaseStore
from central.stores.ports.devices import BoxStore, CameraStore, CommandStore
from central.stores.ports.exchange import ChangeStore, DeliveryStore, PartnerStore, TransferStore
from central.stores.ports.inbox import InboxStore, StreamStore, TallyStore
from central.stores.ports.kpi_months import MonthStore
from central.stores.ports.kpi_targets import TargetStore
from central.stores.ports.kpis import FactStore, FactSums
from central.stores.ports.people import AccessStore, AlertStore, JoinStore, NoticeStore
from central.stores.ports.places import PlaceStore
from central.stores.ports.project_records import RecordStore
from central.stores.ports.public_reports import PublicReportStore
from central.stores.ports.registers import RegisterStore
from central.stores.ports.retention import RetentionStore
from central.stores.ports.series import SeriesStore
from central.stores.ports.standards import StandardStore


class Unit(Protocol):
    """One transaction over everything."""

    @property
    def inbox(self) -> InboxStore:
        """What boxes sent."""
        ...

    @property
    def streams(self) -> StreamStore:
        """How far each stream is complete."""
        ...

    @property
    def tallies(self) -> TallyStore:
        """What is counted while it happens."""
        ...

    @property
    def cases(self) -> CaseStore:
        """Cases."""
        ...

    @property
    def history(self) -> HistoryStore:
        """What was done with cases."""
        ...

    @property
    def facts(self) -> FactStore:
        """What figures know of cases."""
        ...

    @property
    def months(self) -> MonthStore:
        """Figures of months as they were published."""
        ...

    @property
    def fact_sums(self) -> FactSums:
        """Sums over them."""
        ...

    @property
    def public_reports(self) -> PublicReportStore:
        """What the public told beside what machines found."""
        ...

    @property
    def targets(self) -> TargetStore:
        """What figures should reach."""
        ...

    @property
    def checks(self) -> CheckStore:
        """Checks by camera."""
        ...

    @property
    def case_numbers(self) -> CaseNumbers:
        """Display numbers."""
        ...

    @property
    def standards(self) -> StandardStore:
        """What cases are registered under."""
        ...

    @property
    def leases(self) -> LeaseStore:
        """Who works on which case."""
        ...

    @property
    def answers(self) -> AnswerStore:
        """What was answered to requests that may come again."""
        ...

    @property
    def places(self) -> PlaceStore:
        """The city's ground."""
        ...

    @property
    def partners(self) -> PartnerStore:
        """Whom central tells."""
        ...

    @property
    def changes(self) -> ChangeStore:
        """What they are told of."""
        ...

    @property
    def transfers(self) -> TransferStore:
        """What was transferred to outside parties."""
        ...

    @property
    def deliveries(self) -> DeliveryStore:
        """What each has been told."""
        ...

    @property
    def boxes(self) -> BoxStore:
        """Boxes."""
        ...

    @property
    def cameras(self) -> CameraStore:
        """Cameras."""
        ...

    @property
    def availability(self) -> AvailabilityStore:
        """What devices and the platform were when."""
        ...

    @property
    def project_records(self) -> RecordStore:
        """What the project was given, bought, paid and heard."""
        ...

    @property
    def registers(self) -> RegisterStore:
        """What people keep for figures, and who looked at which camera."""
        ...

    @property
    def alerts(self) -> AlertStore:
        """Alerts."""
        ...

    @property
    def notices(self) -> NoticeStore:
        """Notices."""
        ...

    @property
    def access(self) -> AccessStore:
        """Persons."""
        ...

    @property
    def joining(self) -> JoinStore:
        """Join codes and box secrets."""
        ...

    @property
    def commands(self) -> CommandStore:
        """Commands."""
        ...

    @property
    def evidence(self) -> EvidenceStore:
        """What is known about pictures."""
        ...

    @property
    def retention(self) -> RetentionStore:
        """What goes by the rules, and what must not."""
        ...


class Stores(Protocol):
    """All storage of one central."""

    @property
    def series(self) -> SeriesStore:
        """Figures over time."""
        ...

    @property
    def blobs(self) -> BlobStore:
        """Pictures."""
        ...

    def reading(self) -> AbstractContextManager[Unit]:
        """A consistent view; nothing may be written."""
        ...

    def writing(self) -> AbstractContextManager[Unit]:
        """A transaction: committed at the end of the block, undone when the block raises.

        `StoreUnavailable` and `StoreRejected` come out of the block's statements or of the commit; never nest.
        """
        ...

    def healthy(self) -> bool:
        """Whether the database answers."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...
