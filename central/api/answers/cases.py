"""Cases, their pictures and their history as clients read them."""

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from central.api.answers.answer import Answer, fields
from central.api.answers.camera_checks import CameraCheckAnswer, show_check
from central.api.answers.places import NearComponentAnswer, NearUnitAnswer, show_components, show_units
from central.api.answers.standards import ConditionAnswer, show_condition
from central.core.camera_check import CameraCheck
from central.core.case_machine import (
    CameraWord,
    CaseAction,
    CaseState,
    CaseStatus,
    Choice,
    Closing,
    Guard,
    Petition,
    Post,
    RejectReason,
    Stage,
)
from central.core.cases.casefile import CaseStep, CaseView, StepKind
from central.core.cases.leases import Lease
from central.core.clocks.explaining import explanation, warnings
from central.core.places import Crs
from central.core.standards import Standard
from central.core.values import ActorKind, CaseSource, EvidenceItem, EvidenceState
from central.services.cases.casework import StageView
from central.services.cases.choice_words import why_not
from central.services.places import Near
from central.settings.texts import Texts, load_texts
from protocol.messages import EndReason, EvidenceKind
from protocol.texts import Language

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
    "unit": "",
    "due_at": None,
    "absorbed": [],
    "latitude": 34.7368,
    "longitude": 105.3382,
    "grid": "62052300100107",
    "recurrence_of": "",
    "recurrence": 0,
    "reports": [],
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


class ReportAnswer(Answer):
    """What a person told, whether it opened the case or joined it."""

    at: AwareDatetime
    source: CaseSource
    reporter: str
    place: str
    description: str
    latitude: float | None = Field(description="WGS84")
    longitude: float | None
    crs: Crs = Field(description="What latitude and longitude were told in")


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
    version: int = Field(description="Grows with each decision; also the ETag")
    episodes: list[EpisodeAnswer]
    opened_by_event: str | None
    ended: bool = Field(description="All its episodes have ended")
    evidence: list[EvidenceAnswer]
    unit: str = Field(description="The responsible unit; empty before it is dispatched")
    due_at: AwareDatetime | None = Field(description="End of the handling limit, while that runs")
    absorbed: list[str] = Field(description="Ids of cases that are merged into it; what they brought is shown here")
    latitude: float | None = Field(description="WGS84: of the report, else of its camera")
    longitude: float | None
    grid: str = Field(description="Code of the unit grid (单元网格) where it is; empty if none is known there")
    recurrence_of: str = Field(
        description="Id of the closed case of this spot that it repeats (反复发案); empty if none. Once retention "
        "has deleted that one, its address answers 410 with its number"
    )
    recurrence: int = Field(description="How often it came back at this spot: 0 for the first case")
    reports: list[ReportAnswer] = Field(description="What people told, oldest first; all of it is of this one case")


class StageAnswer(Answer):
    """A stage by its clock. Seconds are of the time that its limit is counted in."""

    stage: Stage
    began_at: AwareDatetime
    ended_at: AwareDatetime | None
    due_at: AwareDatetime | None = Field(description="None while a pause without an end holds it")
    paused: bool
    used_s: float
    limit_s: float
    overtime: bool


class ComponentAnswer(Answer):
    """The component (部件) that a case was registered for, as its version says."""

    id: str
    version: int = Field(description="Of the components that were imported then")
    name: str
    code: str = Field(description="Its class, such as 01-50; empty where the table did not say")
    unit: str = Field(description="Who is responsible for it, as the table says")
    address: str


class StateAnswer(Answer):
    """What the case machine decides on."""

    registered_under: str
    standard: str = Field(description="Id of the standard; empty where no table was imported")
    standards_version: int | None = Field(description="Version of the table that holds for the case")
    units: list[str] = Field(description="Who is responsible by that standard")
    component: ComponentAnswer | None = Field(description="None where it is about none, or none was named")
    closing_condition: str = Field(description="结案条件 of that standard")
    closed_under: str
    closing: Closing | None
    self_handled: bool = Field(validation_alias="is_self_handled", description="Counted apart")
    reworks: int
    misdirected: int
    reopened: int
    overtime: bool = Field(description="A fact; an appeal that is upheld only sets `exempt`")
    exempt: bool
    extensions: int
    suspended_until: AwareDatetime | None
    taken_at: AwareDatetime | None = Field(description="When the unit took it")
    camera: CameraWord | None = Field(description='What the camera says to "done"')
    asked: Petition | None = Field(description="What waits for the word of others")
    merged_into: str
    transferred_to: str = Field(description="The outside party whose receipt is awaited")
    parent: str
    children_open: int


class LeaseAnswer(Answer):
    """Who works on a case now."""

    holder: str
    since: AwareDatetime
    until: AwareDatetime = Field(description="Ends by itself then; renewed while somebody is at it")
    taken_from: str = Field(description="Who had it before, if it was taken over")


class CaseDetailAnswer(CaseAnswer):
    """A case with its state, the clock of each stage, and why the running one is due when it is."""

    lease: LeaseAnswer | None = Field(description="Who works on it now; actions of others are refused meanwhile")
    state: StateAnswer
    stages: list[StageAnswer]
    deadline: list[str] = Field(description="The hours that lead to the deadline of the running stage, in words")
    warnings: list[str] = Field(description="What may still move that deadline")
    camera_checks: list[CameraCheckAnswer] = Field(description='What the camera says to each "done", oldest first')


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
    details: dict[str, JsonValue] = Field(description="What else was said: condition, unit, until, evidence ...")


class ActionAnswer(Answer):
    """What the asking person may do with a case, or why not."""

    action: CaseAction
    word: str = Field(description="What people call it")
    allowed: bool
    held_by: str = Field(description="Who works on the case now, if it is somebody else; take it over, or wait")
    why_not: str = Field(description="Empty where it is allowed")
    asks: list[Guard] = Field(description="What has to come with it")
    refused: list[Guard] = Field(description="What is in the way")
    posts: list[Post] = Field(description="The posts that may do it, where the person fills none of them")
    reasons: list[RejectReason] = Field(description="Reasons to choose from; empty where none is needed")
    conditions: list[ConditionAnswer] = Field(
        description="To register: the standards of what the case's scene watches for; others are in /api/v1/standards"
    )
    components: list[NearComponentAnswer] = Field(description="To register: the nearest within 100 m, at most 5")
    units: list[NearUnitAnswer] = Field(
        description="To register and dispatch: those of the case's grid, then the nearest; at most 5"
    )


class ActionsAnswer(Answer):
    """All actions of a case for the asking person."""

    items: list[ActionAnswer]


def show_case(view: CaseView) -> CaseAnswer:
    """A case with its episodes and pictures."""
    return CaseAnswer(**_shown(view))


def show_detail(
    view: CaseView, stages: Sequence[StageView], checks: Sequence[CameraCheck], lease: Lease | None, language: Language
) -> CaseDetailAnswer:
    """A case with everything that decides about it."""
    texts = load_texts(language)
    running = [stage.deadline for stage in stages if stage.ended_at is None and stage.deadline is not None]
    return CaseDetailAnswer(
        **_shown(view),
        lease=show_lease(lease) if lease is not None else None,
        state=_show_state(view.case.state),
        stages=[_show_stage(stage) for stage in stages],
        deadline=list(explanation(running[-1], language)) if running else [],
        warnings=list(warnings(running[-1], language)) if running else [],
        camera_checks=[show_check(check, texts) for check in checks],
    )


def show_lease(lease: Lease) -> LeaseAnswer:
    """A lease."""
    return LeaseAnswer.model_validate(lease)


def _show_state(state: CaseState) -> StateAnswer:
    asked = state.asked.petition if state.asked is not None else None
    under = state.standard
    return StateAnswer(
        **fields(state)
        | {
            "asked": asked,
            "component": ComponentAnswer.model_validate(state.component) if state.component is not None else None,
            "standard": under.id if under is not None else "",
            "standards_version": under.version if under is not None else None,
            "units": list(under.units) if under is not None else [],
            "closing_condition": under.closing if under is not None else "",
        }
    )


def _show_stage(stage: StageView) -> StageAnswer:
    due = stage.deadline.due if stage.deadline is not None else None
    return StageAnswer(**fields(stage), due_at=due, paused=stage.is_paused, overtime=stage.overtime)


def _shown(view: CaseView) -> dict[str, Any]:
    case = fields(view.case)
    del case["state"]
    return case | {
        "status": view.case.status,
        "unit": view.case.state.unit,
        "due_at": view.case.state.due_at,
        "absorbed": list(view.absorbed),
        "episodes": [EpisodeAnswer.model_validate(episode) for episode in view.episodes],
        "ended": view.ended,
        "evidence": [show_evidence(item) for item in view.evidence],
        "reports": [ReportAnswer.model_validate(report) for report in view.reports],
    }


def show_choice(choice: Choice, texts: Texts, fitting: Sequence[Standard], near: Near) -> ActionAnswer:
    """An action as it is offered to one person, in their language.

    `fitting` are the standards for the case, `near` what is near it.
    """
    return ActionAnswer(
        action=choice.action,
        word=texts.word("action", choice.action),
        allowed=choice.allowed,
        held_by=choice.held_by,
        why_not=why_not(choice, texts),
        asks=list(choice.asks),
        refused=list(choice.refused),
        posts=sorted(choice.needs_post),
        reasons=list(RejectReason) if Guard.TYPED_REASON in choice.asks else [],
        conditions=[show_condition(row) for row in fitting] if choice.action is CaseAction.REGISTER else [],
        components=show_components(near) if choice.action is CaseAction.REGISTER else [],
        units=show_units(near) if choice.action in {CaseAction.REGISTER, CaseAction.DISPATCH} else [],
    )


def show_evidence(item: EvidenceItem) -> EvidenceAnswer:
    """A picture's reference."""
    return EvidenceAnswer.model_validate(item)


def show_step(step: CaseStep) -> StepAnswer:
    """A line of the history."""
    return StepAnswer(**fields(step) | {"actor": step.actor.name}, actor_kind=step.actor.kind)
