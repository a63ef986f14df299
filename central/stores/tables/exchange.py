"""What others are told."""

from pydantic import JsonValue
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from central.core.case_machine import TransferAnswer
from central.core.exchange import ChangeKind, DeliveryState, Party, Wants
from central.stores.database.columns import Document, UtcTime, Word
from central.stores.tables.columns import ID, KEY, SHA, metadata, position

partners = Table(
    "partners",
    metadata,
    Column("name", ID, primary_key=True),
    Column("party", Word(Party), nullable=False),
    Column("url", Text, nullable=False),
    Column("wants", Word(Wants), nullable=False),
    Column("secret", Text, nullable=False),
    Column("token_hash", SHA),
    Column("added_at", UtcTime, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index(None, "token_hash", unique=True),
)
changes = Table(
    "changes",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("seq", BigInteger),
    Column("kind", Word(ChangeKind), nullable=False),
    Column("subject", KEY, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("data", Document(dict[str, JsonValue]), nullable=False),
    Index(None, "seq", unique=True),
    Index(None, "at"),
)
transfers = Table(
    "transfers",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("partner", ID, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("external_id", String(128), nullable=False),
    Column("answer", Word(TransferAnswer)),
    Column("answered_at", UtcTime),
    Column("answered_by", Text, nullable=False),
    Index(None, "case_id", "partner"),
    Index(None, "partner", "position"),
    Index(None, "answered_at", "sent_at"),
)
deliveries = Table(
    "deliveries",
    metadata,
    position(),
    Column("partner", ForeignKey("partners.name"), nullable=False),
    Column("change", ForeignKey("changes.id"), nullable=False),
    Column("subject", KEY, nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("waiting_since", UtcTime, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("delivered_at", UtcTime),
    Column("error", String(300), nullable=False),
    Index(None, "change", "partner", unique=True),
    Index(None, "state", "partner", "position"),
    Index(None, "partner", "state", "subject", "position"),
)
