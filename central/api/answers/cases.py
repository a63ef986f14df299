"""Cases, their pictures and their history as clients read them."""

from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.config import JsonDict

from central.api.answers.answer import Answer, fields
from central.core.values import (
    ActorKind,
    CaseAction,
    CaseSource,
    CaseStatus,
    CaseStep,
    CaseView,
    EvidenceItem,
    EvidenceState,
    RejectReason,
    StepKind,
)
from protocol.messages import EndReason, EvidenceKind

CASE_EXAMPLE: JsonDict = {
    "id": "019ad0e2-6b1c-7c5e-9a5c-3f6c6f1f2a10",
    "number": "E20260301-0007",
    "status": "candidate",
    "source": "detector",
    "reporter": "box-01",
    "camera": "box-01.cam-2",
    "zone": "pavement",
    "scene": "stay",
    "label": "stall",
    "place": "人民路与解放街路口",
    "description": "",
    "opened_at": "2026-03-01T02:14:09Z",
    "updated_at": "2026-03-01T02:15:40Z",
    "version": 1,
    "episodes": [{"id": "ep-8c1f", "ended_at": None, "end_reason": None}],
    "opened_by_event": "ep-8c1f.0",
    "ended": False,
    "evidence": [],
}


class EpisodeAnswer(Answer):
    """One stay of one thing."""

    id: str
    ended_at: AwareDatetime | None
    end_reason: EndReason | None


class EvidenceAnswer(Answer):
    """A picture by its content; fetch it at `/api/v1/evidence/{sha256}` once it is stored."""

    sha256: str
    bytes: int
    at: AwareDatetime = Field(description="When it was taken")
    kind: EvidenceKind
    state: EvidenceState
    episode: str | None = Field(description="The episode that it shows, if an episode's report brought it")


class CaseAnswer(Answer):
    """A case as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [CASE_EXAMPLE]})

    id: str
    number: str = Field(description="What people call it")
    status: CaseStatus
    source: CaseSource
    reporter: str
    camera: str | None
    zone: str | None
    scene: str | None
    label: str
    place: str
    description: str
    opened_at: AwareDatetime
    updated_at: AwareDatetime
    version: int = Field(description="Grows with each change of status; also the ETag")
    episodes: list[EpisodeAnswer]
    opened_by_event: str | None
    ended: bool = Field(description="All its episodes have ended")
    evidence: list[EvidenceAnswer]


class StepAnswer(Answer):
    """One line of a case's history."""

    at: AwareDatetime
    kind: StepKind
    actor_kind: ActorKind
    actor: str
    from_status: CaseStatus | None
    to_status: CaseStatus
    reason: str
    note: str
    event: str | None


class ActionAnswer(Answer):
    """What the asking person may do with a case, or why not."""

    action: CaseAction
    allowed: bool
    why_not: str = Field(description="Empty where it is allowed")
    reasons: list[RejectReason] = Field(description="Reasons to choose from; empty where none is needed")


class ActionsAnswer(Answer):
    """All actions of a case for the asking person."""

    items: list[ActionAnswer]


def show_case(view: CaseView) -> CaseAnswer:
    """A case with its episodes and pictures."""
    return CaseAnswer(
        **fields(view.case),
        episodes=[EpisodeAnswer.model_validate(episode) for episode in view.episodes],
        ended=view.ended,
        evidence=[show_evidence(item) for item in view.evidence],
    )


def show_evidence(item: EvidenceItem) -> EvidenceAnswer:
    """A picture's reference."""
    return EvidenceAnswer.model_validate(item)


def show_step(step: CaseStep) -> StepAnswer:
    """A line of the history."""
    return StepAnswer(**fields(step) | {"actor": step.actor.name}, actor_kind=step.actor.kind)
