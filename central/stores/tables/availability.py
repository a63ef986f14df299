"""What availability is computed from, beside what was told of boxes and cameras: maintenance, makers, witnesses."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text, UniqueConstraint

from central.core.availability.maintenance import Scope
from central.core.availability.witnesses import WITNESS_CHARS_MAX
from central.stores.database.columns import UtcTime, Word
from central.stores.tables.columns import ID, KEY, metadata, position

maintenance_windows = Table(
    "maintenance_windows",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("scope", Word(Scope), nullable=False),
    Column("subject", KEY, nullable=False),
    Column("start", UtcTime, nullable=False),
    Column("end", UtcTime, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("announced_by", Text, nullable=False),
    Column("announced_at", UtcTime, nullable=False),
    Column("cancelled_at", UtcTime),
)
device_makers = Table(
    "device_makers",
    metadata,
    Column("device", KEY, primary_key=True),
    Column("vendor", Text, nullable=False),
    Column("model", Text, nullable=False),
)
box_waits = Table(
    "box_waits",
    metadata,
    Column("box", ID, primary_key=True),
    Column("boot", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False, index=True),
    Column("connected", Boolean, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)
witness_runs = Table(
    "witness_runs",
    metadata,
    position(),
    Column("witness", String(WITNESS_CHARS_MAX), nullable=False),
    Column("instance", ID, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=False),
    Column("is_up", Boolean, nullable=False),
    Column("clock_set", Boolean, nullable=False),
    Column("looks", BigInteger, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("witness", "instance", "started_at", "recorded_at"),
    Index(None, "witness", "ended_at"),
)
