"""Cases, their episodes and their history."""

from pydantic import JsonValue
from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from central.core.camera_check import CheckTerms, Look, Verdict
from central.core.case_machine import CaseAction, CaseState, CaseStatus
from central.core.case_machine.audit import FIRST
from central.core.case_machine.stages import Runs
from central.core.cases.casefile import Occurrence
from central.core.places import Crs
from central.core.values import (
    ActorKind,
    CaseSource,
    Role,
)
from central.stores.database.columns import Document, Record, UtcTime, Word
from central.stores.tables.columns import ID, KEY, SHA, metadata, position
from protocol.messages import (
    EndReason,
)

cases = Table(
    "cases",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("number", String(32), nullable=False, unique=True),
    Column("state", Record(CaseState), nullable=False),
    Column("runs", Record(Runs), nullable=False),
    Column("status", Word(CaseStatus), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("due_at", UtcTime),
    Column("suspended_until", UtcTime),
    Column("merged_into", ID, nullable=False),
    Column("parent", ID, nullable=False),
    Column("lines", Integer, nullable=False, server_default="0"),
    Column("seal", SHA, nullable=False, server_default=FIRST),
    Column("source", Word(CaseSource), nullable=False),
    Column("reporter", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("box", ID),
    Column("camera", KEY),
    Column("zone", ID),
    Column("scene", ID),
    Column("label", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("opened_by_event", ID, unique=True),
    Column("spot", String(200)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("cell", Integer),
    Column("grid", String(16), nullable=False, server_default=""),
    Column("recurrence_of", ID, nullable=False, server_default=""),
    Column("recurrence", Integer, nullable=False, server_default="0"),
    Index(None, "status", "position"),
    Index(None, "camera", "position"),
    Index(None, "source", "position"),
    Index(None, "spot", "status", "position"),
    Index(None, "camera", "status"),
    Index(None, "cell", "position"),
    Index(None, "grid", "position"),
    Index(None, "cell", "status"),
    Index(None, "status", "suspended_until"),
    Index(None, "status", "due_at"),
    Index(None, "unit", "position"),
    Index(None, "merged_into"),
    Index(None, "parent"),
    Index(None, "scene", "position"),
    Index(None, "box", "position"),
    Index(None, "opened_at", "position"),
    Index(None, "updated_at", "position"),
    Index(None, "due_at", "position"),
)
case_episodes = Table(
    "case_episodes",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("ended_at", UtcTime),
    Column("end_reason", Word(EndReason)),
    Index(None, "case_id", "end_reason"),
)
case_reports = Table(
    "case_reports",
    metadata,
    position(),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("source", Word(CaseSource), nullable=False),
    Column("reporter", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("taken_by", Text, nullable=False),
    Column("crs", Word(Crs), nullable=False, server_default=Crs.WGS84),
)
case_steps = Table(
    "case_steps",
    metadata,
    position(),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Word(CaseAction, Occurrence), nullable=False),
    Column("actor_kind", Word(ActorKind), nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_role", Word(Role)),
    Column("actor_unit", String(64), nullable=False),
    Column("from_status", Word(CaseStatus)),
    Column("to_status", Word(CaseStatus), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("event", ID),
    Column("details", Record(dict[str, JsonValue]), nullable=False),
    Column("state", SHA, nullable=False),
    Column("seal", SHA, nullable=False),
    Index(None, "case_id", "number", unique=True),
)
camera_checks = Table(
    "camera_checks",
    metadata,
    position(),
    Column("id", ID, nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("handled_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),
    Column("due_at", UtcTime),
    Column("next_at", UtcTime),
    Column("command", ID),
    Column("terms", Document(CheckTerms), nullable=False),
    Column("looks", Document(tuple[Look, ...]), nullable=False),
    Column("verdict", Document(Verdict)),
    Index(None, "case_id", "position"),
    Index(None, "next_at"),
)
case_numbers = Table(
    "case_numbers",
    metadata,
    Column("day", Date, primary_key=True),
    Column("taken", Integer, nullable=False),
)
