"""A change as partners read it: codes, times and numbers; nobody's name, note or telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from central.core.case_machine import RejectReason
from central.core.case_machine.audit import canonical, plain
from central.core.cases.casefile import CaseStep
from central.core.fleet.devices import CameraFact
from central.core.values import derived_id

CASE_FIELDS = (
    "number", "source", "scene", "label", "place", "box", "camera", "zone", "unit", "component", "opened_at", "due_at",
    "version",
)  # fmt: skip
"""What is told of a case beside its status."""
_REASONS = frozenset(RejectReason)


class ChangeKind(StrEnum):
    """What has changed."""

    CASE = "case"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to `subject` (a case's id, a camera's key).

    The same change always has the same `id`. `seq` is None until it is numbered, after its commit.
    """

    id: str
    kind: ChangeKind
    subject: str
    at: datetime
    data: Mapping[str, JsonValue]
    seq: int | None = None


def case_change(step: CaseStep, line: int, seal: str, case: Mapping[str, object]) -> Change:
    """A line of a case's history; `case` holds `CASE_FIELDS` as they are after it."""
    data: dict[str, JsonValue] = {
        "line": line,
        "action": str(step.kind),
        "from_status": plain(step.from_status),
        "to_status": str(step.to_status),
        "reason": step.reason if step.reason in _REASONS else "",
        "partner": plain(step.details.get("partner", "")),
        "case": {name: plain(case[name]) for name in CASE_FIELDS},
    }
    return Change(derived_id("change", step.case, str(line), seal), ChangeKind.CASE, step.case, step.at, data)


def camera_change(fact: CameraFact) -> Change:
    """What became known of a camera."""
    data: dict[str, JsonValue] = {
        "state": str(fact.state),
        "reason": plain(fact.reason),
        "since": plain(fact.since),
        "source": str(fact.source),
        "value": fact.value,
        "threshold": fact.threshold,
    }
    told = (fact.camera, str(fact.state), str(fact.reason), fact.since.isoformat(), fact.recorded_at.isoformat())
    change = derived_id("change", *told, fact.event or "")
    return Change(change, ChangeKind.CAMERA, fact.camera, fact.recorded_at, data)


def shown(change: Change) -> dict[str, JsonValue]:
    """A numbered change as it is sent and listed."""
    return {
        "id": change.id,
        "seq": change.seq,
        "kind": str(change.kind),
        "subject": change.subject,
        "at": plain(change.at),
        "data": dict(change.data),
    }


def body_of(change: Change) -> bytes:
    """The body of its delivery: the same bytes at each attempt."""
    return canonical(shown(change))
