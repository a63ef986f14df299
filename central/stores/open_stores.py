"""The one chooser of storage."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, make_url, text

from central.settings.series_address import SeriesAddress, SeriesBackEnd
from central.stores.backup.sqlite_copy import SqliteCopy
from central.stores.database.connections import Database
from central.stores.database.migrate import migrate
from central.stores.file_blobs import FileBlobs
from central.stores.ports import BlobStore, DatabaseCopy, SeriesStore, Stores, StoreUnavailable, Unit
from central.stores.series.buffered import BufferedSeries
from central.stores.sql.access import SqlAccess, SqlJoining
from central.stores.sql.alerts import SqlAlerts, SqlNotices
from central.stores.sql.camera_checks import SqlCameraChecks
from central.stores.sql.cases import SqlCaseNumbers, SqlCases
from central.stores.sql.concurrency import SqlAnswers, SqlLeases
from central.stores.sql.evidence import SqlEvidence
from central.stores.sql.exchange import SqlChanges, SqlDeliveries, SqlPartners, SqlTransfers
from central.stores.sql.figures.availability import SqlAvailability
from central.stores.sql.figures.fact_sums import SqlFactSums
from central.stores.sql.figures.kpi_months import SqlMonths
from central.stores.sql.figures.kpi_targets import SqlTargets
from central.stores.sql.figures.kpis import SqlFacts
from central.stores.sql.figures.project_records import SqlProjectRecords
from central.stores.sql.figures.public_reports import SqlPublicReports
from central.stores.sql.figures.registers import SqlRegisters
from central.stores.sql.figures.series import SqlSeries
from central.stores.sql.fleet import SqlBoxes, SqlCameras, SqlCommands
from central.stores.sql.history import SqlHistory
from central.stores.sql.inbox import SqlInbox
from central.stores.sql.keeping.retention import SqlRetention
from central.stores.sql.places import SqlPlaces
from central.stores.sql.standards import SqlStandards
from central.stores.sql.streams import SqlStreams
from central.stores.sql.tallies import SqlTallies


def open_stores(
    *, database_url: str, evidence_dir: Path, series: SeriesAddress | None = None, sqlite_pages_max: int | None = None
) -> Stores:
    """Connect, bring the tables up to date, and return all stores.

    `database_url` is `sqlite:///PATH` or `postgresql+psycopg://...`; without `series` they are kept in the same
    database; `sqlite_pages_max` bounds an SQLite file to so many pages of 4,096 bytes. Missing folders are made.
    Raises `StoreUnavailable` when the database cannot be reached, `BadValue` for an address that is neither.
    """
    database = Database(database_url, sqlite_pages_max)
    try:
        _make_folders(database_url, evidence_dir)
        migrate(database)
        return SqlStores(database, _open_series(database, series), FileBlobs(evidence_dir))
    except OSError as error:
        database.close()
        raise StoreUnavailable(f"a data folder cannot be made: {error.strerror} ({error.filename})") from None
    except BaseException:
        database.close()
        raise


def open_database_copy(database_url: str) -> DatabaseCopy:
    """What copies the database of this address, and puts a copy back. Raises `BadValue` as `open_stores`."""
    Database(database_url).close()
    if make_url(database_url).get_backend_name() == "sqlite":
        return SqliteCopy(database_url)
    from central.stores.backup.postgresql_copy import PostgresqlCopy  # noqa: PLC0415 - the driver only where it is used

    return PostgresqlCopy(database_url)


class SqlUnit:
    """`Unit` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self.inbox = SqlInbox(connection)
        self.streams = SqlStreams(connection)
        self.tallies = SqlTallies(connection)
        self.cases = SqlCases(connection)
        self.history = SqlHistory(connection)
        self.facts = SqlFacts(connection)
        self.months = SqlMonths(connection)
        self.fact_sums = SqlFactSums(connection)
        self.public_reports = SqlPublicReports(connection)
        self.targets = SqlTargets(connection)
        self.checks = SqlCameraChecks(connection)
        self.case_numbers = SqlCaseNumbers(connection)
        self.places = SqlPlaces(connection)
        self.standards = SqlStandards(connection)
        self.leases = SqlLeases(connection)
        self.answers = SqlAnswers(connection)
        self.partners = SqlPartners(connection)
        self.changes = SqlChanges(connection)
        self.transfers = SqlTransfers(connection)
        self.deliveries = SqlDeliveries(connection)
        self.boxes = SqlBoxes(connection)
        self.cameras = SqlCameras(connection)
        self.availability = SqlAvailability(connection)
        self.project_records = SqlProjectRecords(connection)
        self.registers = SqlRegisters(connection)
        self.alerts = SqlAlerts(connection)
        self.notices = SqlNotices(connection)
        self.access = SqlAccess(connection)
        self.joining = SqlJoining(connection)
        self.commands = SqlCommands(connection)
        self.evidence = SqlEvidence(connection)
        self.retention = SqlRetention(connection)


@dataclass(frozen=True, slots=True)
class SqlStores:
    """`Stores` over one database and one folder."""

    database: Database
    series: SeriesStore
    blobs: BlobStore

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """See the port."""
        with self.database.reading() as connection:
            yield SqlUnit(connection)

    @contextmanager
    def writing(self) -> Iterator[Unit]:
        """See the port."""
        with self.database.writing() as connection:
            yield SqlUnit(connection)

    def healthy(self) -> bool:
        """See the port."""
        try:
            with self.database.reading() as connection:
                connection.execute(text("SELECT 1"))
        except StoreUnavailable:
            return False
        return True

    def close(self) -> None:
        """See the port."""
        self.series.close()
        self.database.close()


def _open_series(database: Database, address: SeriesAddress | None) -> SeriesStore:
    if address is None:
        return SqlSeries(database)
    try:
        behind = BEHIND[address.back_end](address)
    except ModuleNotFoundError as missing:
        raise StoreUnavailable(
            f"series_url needs {missing.name}, which is not installed: pip install 'gridwarden[{address.back_end}]'"
        ) from None
    return BufferedSeries(database, behind, address.buffer_points_max)


def _influxdb(address: SeriesAddress) -> SeriesStore:
    from central.stores.series.influx import InfluxSeries  # noqa: PLC0415 - its client only where it is used

    return InfluxSeries(address)


BEHIND: Mapping[SeriesBackEnd, Callable[[SeriesAddress], SeriesStore]] = {SeriesBackEnd.INFLUXDB: _influxdb}
"""What opens each back-end of series."""


def _make_folders(database_url: str, evidence_dir: Path) -> None:
    evidence_dir.mkdir(parents=True, exist_ok=True)
    address = make_url(database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
