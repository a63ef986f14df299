"""Whom figures judge: the fields of a fact that name persons, and which counter or indicator goes with which of them.

Persons are no groups like others: only those who may plan see them, and no target, month or figure on a page
is told apart by them.
"""

from collections.abc import Mapping
from datetime import datetime

from central.core.kpis.facts import CaseFact

JUDGED: Mapping[str, tuple[str, ...]] = {
    "reported_by": ("reported_collector", "collector_valid_report_rate"),
    "accepted_by": ("reported_accepted", "acceptance_in_time_rate"),
    "verify_sent_by": ("verify_to_send", "verification_sent_in_time_rate"),
    "verified_by": ("verified", "verification_in_time_rate", "verification_true_rate"),
    "registered_by": ("registered", "registration_in_time_rate", "registration_accuracy", "voiding_rate"),
    "dispatched_by": ("dispatched", "to_handle", "dispatch_in_time_rate", "dispatch_accuracy"),
    "checked_by": ("check_in_time_rate",),
    "closed_by": ("closed", "desk_closing_in_time_rate"),
}
"""By field: the counters and indicators that say something of the person it names."""
PERSONS = tuple(JUDGED)
"""The fields; what nobody has done yet, and what a machine did, belongs to ""."""
PERSON = "person"
"""Told apart by whoever each part of a score judges."""

_JUDGES = {name: field for field, judged in JUDGED.items() for name in judged}


def judges(name: str) -> str:
    """The field that names whom a counter or an indicator judges; "" where no line of a history names anybody."""
    return _JUDGES.get(name, "")


def moment_of(field: str) -> str:
    """The field of the moment at which the person came in: what was not done yet was nobody's."""
    return f"{field.removesuffix('_by')}_at"


def group_of(fact: CaseFact, field: str, as_of: datetime) -> str:
    """To which group a fact belonged as of a moment."""
    if field not in JUDGED:
        return str(getattr(fact, field))
    moment: datetime | None = getattr(fact, moment_of(field))
    return str(getattr(fact, field)) if moment is not None and moment <= as_of else ""
