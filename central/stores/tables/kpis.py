"""What figures know of each case. A case that retention takes leaves its fact, which then names nobody."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from central.core.case_machine import CaseStatus, Closing
from central.core.kpis.registry.persons import PERSONS
from central.core.values import CaseSource
from central.stores.database.columns import UtcTime, Word
from central.stores.tables.columns import ID, KEY, metadata, position

MOMENTS = (
    "reported_at", "accepted_at", "accept_due_at", "verify_asked_at", "verify_sent_at", "verify_send_due_at",
    "verified_at", "verify_due_at", "registered_at", "register_due_at", "dispatched_at", "dispatch_due_at",
    "handled_at", "handle_due_at", "check_asked_at", "check_sent_at", "check_send_due_at", "checked_at",
    "check_due_at", "closed_at", "close_due_at", "rejected_at", "voided_at", "gone_at", "merged_at",
)  # fmt: skip
SECONDS = (
    "found_to_handled_s", "found_to_handled_work_s", "dispatched_to_handled_s", "dispatched_to_handled_work_s",
    "registered_to_closed_s", "registered_to_closed_work_s",
)  # fmt: skip
FLAGS = (
    "is_self_handled", "is_task", "is_component", "is_genuine", "is_late", "is_exempt", "is_reworked", "is_misdirected",
    "is_reopened", "is_recurrence", "was_suspended", "has_left",
)  # fmt: skip

case_facts = Table(
    "case_facts",
    metadata,
    position(),
    Column("case_id", ID, nullable=False, unique=True),
    Column("number", String(32), nullable=False),
    Column("source", Word(CaseSource), nullable=False),
    Column("status", Word(CaseStatus), nullable=False),
    Column("closing", Word(Closing)),
    Column("opened_at", UtcTime, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    *(Column(name, UtcTime) for name in MOMENTS),
    Column("camera", KEY, nullable=False),
    *(Column(name, ID, nullable=False) for name in ("scene", "zone")),
    Column("grid", String(16), nullable=False),
    Column("community", String(12), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("code", String(64), nullable=False),
    *(Column(name, String(64), nullable=False, server_default="") for name in PERSONS),
    *(Column(name, Integer) for name in SECONDS),
    *(Column(name, Boolean, nullable=False) for name in FLAGS),
    Column("form", Integer),
    Index(None, "case_id", "form"),
    Index(None, "opened_at", "position"),
    Index(None, "reported_at", "position"),
    Index(None, "registered_at", "position"),
)
