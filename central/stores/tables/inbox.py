"""What boxes send, and how far each has come."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from central.core.values import (
    DeadLetterReason,
    Tally,
)
from central.stores.database.columns import UtcTime, Word
from central.stores.tables.columns import ID, KEY, metadata, position
from protocol.messages import (
    GapReason,
)

streams = Table(
    "streams",
    metadata,
    Column("box", ForeignKey("boxes.id"), nullable=False),
    Column("epoch", String(16), nullable=False),
    Column("upto", BigInteger, nullable=False),
    Column("top", BigInteger, nullable=False),
    Column("forgotten", BigInteger, nullable=False, server_default="0"),
    Column("moved_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("box", "epoch"),
)
receipts = Table(
    "receipts",
    metadata,
    Column("box", ForeignKey("boxes.id"), nullable=False),
    Column("epoch", String(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("message", ID),
    PrimaryKeyConstraint("box", "epoch", "seq"),
    sqlite_with_rowid=False,
)
gaps = Table(
    "gaps",
    metadata,
    position(),
    Column("box", ForeignKey("boxes.id"), nullable=False),
    Column("epoch", String(16), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("reason", Word(GapReason), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "box", "epoch", "last"),
)
events = Table(
    "events",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("box", ForeignKey("boxes.id"), nullable=False),
    Column("epoch", String(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("type", String(64), nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("corrected_time", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("camera", KEY),
    Column("episode", ID),
    Column("phase", String(16)),
    Column("case_id", ForeignKey("cases.id")),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("box", "epoch", "seq"),
    Index(None, "camera", "position"),
    Index(None, "episode"),
    Index(None, "case_id"),
)
dead_letters = Table(
    "dead_letters",
    metadata,
    position(),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("reason", Word(DeadLetterReason), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("box", ID),
    Column("epoch", String(16)),
    Column("seq", BigInteger),
)
tallies = Table(
    "tallies",
    metadata,
    Column("tally", Word(Tally), nullable=False),
    Column("subject", ID, nullable=False),
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("tally", "subject"),
)
