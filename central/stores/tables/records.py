"""Alerts, notices, evidence and time series."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from central.core.fleet.series import SeriesGapReason
from central.core.values import (
    AlertKind,
    AlertState,
    NoticeKind,
    NoticeState,
)
from central.stores.database.columns import Document, UtcTime, Word
from central.stores.tables.columns import ID, KEY, SHA, metadata, position
from protocol.messages import (
    EvidenceKind,
)

alerts = Table(
    "alerts",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("kind", Word(AlertKind), nullable=False),
    Column("subject", KEY, nullable=False),
    Column("box", ForeignKey("boxes.id"), nullable=False),
    Column("camera", KEY),
    Column("reason", String(32), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("raised_at", UtcTime, nullable=False),
    Column("state", Word(AlertState), nullable=False),
    Column("cleared_at", UtcTime),
    Index(None, "state", "position"),
    Index(None, "state", "subject"),
)
notices = Table(
    "notices",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("alert", ForeignKey("alerts.id"), nullable=False, index=True),
    Column("kind", Word(NoticeKind), nullable=False),
    Column("state", Word(NoticeState), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("delivered_at", UtcTime),
    Column("error", Text, nullable=False),
    Column("fillings", Document(dict[str, str]), nullable=False),
    Index(None, "state", "next_attempt_at"),
    Index(None, "created_at"),
)
evidence = Table(
    "evidence",
    metadata,
    Column("sha256", SHA, primary_key=True),
    Column("bytes", BigInteger),
    Column("media_type", String(64), nullable=False),
    Column("box", ID),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("stored_at", UtcTime),
    Column("stored_by", Text),
    Index(None, "box", "stored_at", "first_seen_at"),
)
evidence_links = Table(
    "evidence_links",
    metadata,
    position(),
    Column("sha256", ForeignKey("evidence.sha256"), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Word(EvidenceKind), nullable=False),
    Column("box", ID),
    Column("event", ID),
    Column("case_id", ForeignKey("cases.id"), index=True),
    Column("command", ID),
    Index(None, "sha256"),
    Index(None, "event"),
)
series = Table(
    "series",
    metadata,
    Column("metric", String(32), nullable=False),
    Column("entity", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("value", Float, nullable=False),
    PrimaryKeyConstraint("metric", "entity", "at"),
    sqlite_with_rowid=False,
)
series_hours = Table(
    "series_hours",
    metadata,
    Column("metric", String(32), nullable=False),
    Column("entity", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("mean", Float, nullable=False),
    Column("minimum", Float, nullable=False),
    Column("maximum", Float, nullable=False),
    PrimaryKeyConstraint("metric", "entity", "at"),
    sqlite_with_rowid=False,
)
series_buffer = Table(
    "series_buffer",
    metadata,
    position(),
    Column("metric", String(32), nullable=False),
    Column("entity", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("value", Float, nullable=False),
    Index(None, "metric", "entity", "at"),
    sqlite_autoincrement=True,
)
series_gaps = Table(
    "series_gaps",
    metadata,
    position(),
    Column("reason", Word(SeriesGapReason), nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
)
