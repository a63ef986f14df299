"""`/api/v1/cases`: report a case, look at one, decide."""

import re
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Header, Response
from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from central.api.answers.cases import (
    ActionsAnswer,
    CaseAnswer,
    CaseDetailAnswer,
    StepAnswer,
    show_case,
    show_choice,
    show_detail,
    show_step,
)
from central.api.bodies import Body
from central.api.dependencies import Person, RequestKey, WithClock, WithLanguage, WithRandom, WithServices, once_of
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import Problem, problem_responses
from central.core.case_machine import CaseAction, TransferAnswer, Wish
from central.core.case_machine.guards import CHILDREN_MAX
from central.core.exchange.transfers import EXTERNAL_ID_LENGTH_MAX
from central.core.places import Crs, Position, crs_of
from central.core.standards.sheet import CONDITION
from central.core.values import CaseSource
from central.services.cases.casework import REASON_LENGTH_MAX
from central.services.desks.actions import NOTE_LENGTH_MAX
from central.services.desks.reports import PICTURES_MAX, TEXT_LENGTH_MAX, PersonReport
from central.settings.texts import load_texts
from protocol.identifiers import SceneId, Sha256
from protocol.messages import Moment
from protocol.texts import Words

NAME_LENGTH_MAX, CONDITION_LENGTH_MAX = 64, CONDITION.chars_max
VERSION_MISSING = Words(
    zh='请在 If-Match 中带上您看到的案件的 ETag，例如 "1"。',
    en='Send `If-Match` with the ETag of the case that you looked at, for example "1".',
)
NO_ETAG = Words(
    zh="If-Match 不是这个案件的 ETag；请重新读取。", en="`If-Match` is no ETag of this case; load it again."
)
ETAG = re.compile(r'"(\d{1,9})"')

case_routes = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class ReportBody(Body):
    """What a person reports; source and reporter of the case that it opens never change afterwards."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "hotline",
                    "reporter": "12319 来电 0007",
                    "place": "人民路 88 号门前",
                    "description": "水果摊占道",
                }
            ]
        },
    )

    source: CaseSource = Field(description="Anything but detector")
    reporter: Annotated[str, Field(min_length=1, max_length=200, description="Who told it: a caller, a collector")]
    place: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=TEXT_LENGTH_MAX)] = ""
    scene: SceneId | None = None
    camera: Annotated[str, Field(max_length=100)] | None = Field(default=None, description="box.camera")
    evidence: Annotated[list[Sha256], Field(max_length=PICTURES_MAX)] = Field(
        default_factory=list, description="Pictures uploaded before, by PUT /api/v1/evidence/{sha256}"
    )
    self_handled: bool = Field(default=False, description="Dealt with on the spot; the pictures show before and after")
    latitude: Annotated[float, Field(ge=-90, le=90, description="In degrees, together with longitude")] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    crs: Annotated[
        Crs,
        BeforeValidator(crs_of),
        Field(
            description="What the degrees mean: gcj02 on maps of 高德 and 腾讯; GCJ-02, EPSG:4490 are understood too"
        ),
    ] = Crs.WGS84
    join: bool = Field(
        default=True, description="False: a case of its own even where an open one of its scene is near by"
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("latitude and longitude belong together")
        return self

    def report(self) -> PersonReport:
        """What the service is told."""
        said = self.model_dump(exclude={"evidence", "latitude", "longitude"})
        place = None if self.latitude is None or self.longitude is None else Position(self.latitude, self.longitude)
        return PersonReport(**said, evidence=tuple(self.evidence), position=place)


class ActionBody(Body):
    """What is asked; `GET /api/v1/cases/{case}/actions` says which of these an action needs."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"action": "reject", "reason": "false_alarm", "note": "送货临时停靠"}]},
    )

    action: CaseAction
    reason: Annotated[str, Field(max_length=REASON_LENGTH_MAX)] = Field(
        default="", description="In a few words; one of the list to reject or void"
    )
    note: Annotated[str, Field(max_length=NOTE_LENGTH_MAX)] = ""
    condition: Annotated[str, Field(max_length=CONDITION_LENGTH_MAX)] = Field(
        default="",
        description="Under which it is registered or closed: the id of a standard or its text; "
        "any text where no table of standards is imported",
    )
    component: Annotated[str, Field(max_length=NAME_LENGTH_MAX)] = Field(
        default="", description="To register: the component (部件) that it is about, by its 部件标识码; empty if none"
    )
    unit: Annotated[str, Field(max_length=NAME_LENGTH_MAX)] = Field(default="", description="The unit to dispatch to")
    until: Moment | None = Field(default=None, description="End of a suspension")
    into: Annotated[str, Field(max_length=NAME_LENGTH_MAX)] = Field(
        default="", description="Id of the case that survives a merge"
    )
    evidence: Annotated[list[Sha256], Field(max_length=PICTURES_MAX)] = Field(
        default_factory=list, description="Pictures uploaded before, by PUT /api/v1/evidence/{sha256}"
    )
    genuine: bool | None = Field(default=None, description="Whether a verified report is true")
    children: Annotated[int, Field(ge=0, le=CHILDREN_MAX)] = Field(default=0, description="Tasks of a split")
    partner: Annotated[str, Field(max_length=NAME_LENGTH_MAX)] = Field(
        default="", description="To transfer: a partner's name, or police, traffic_police, hotline_12345 ..."
    )
    external_id: Annotated[str, Field(max_length=EXTERNAL_ID_LENGTH_MAX)] = Field(
        default="", description="For a receipt: what the case is called there"
    )
    answer: TransferAnswer | None = Field(default=None, description="For a receipt: whether they have accepted it")

    def wish(self) -> Wish:
        """What the case machine is asked; pictures and surviving case are looked up by the service."""
        return Wish(
            self.action,
            reason=self.reason,
            note=self.note,
            condition=self.condition,
            unit=self.unit,
            until=self.until,
            genuine=self.genuine,
            children=self.children,
            partner=self.partner,
            external_id=self.external_id,
            answer=self.answer,
            component_id=self.component,
        )


@case_routes.post(
    "",
    status_code=HTTPStatus.CREATED,
    summary="Report a case",
    responses={
        HTTPStatus.OK: {"model": CaseAnswer, "description": "It joined this open case"},
        **problem_responses(HTTPStatus.FORBIDDEN),
    },
)
def report_case(  # noqa: PLR0913 - one parameter is one part of the request
    *,
    body: ReportBody,
    person: Person,
    services: WithServices,
    clock: WithClock,
    random: WithRandom,
    response: Response,
    key: RequestKey = None,
) -> CaseAnswer:
    """For hotline, collectors, video patrol and all sources but the detector; the answer's `Location` is the case.

    201: a new case. 200: the report joined the open case of the same scene near by (camera, or position within
    `merge_radius_m`, and `merge_window_s`); that case keeps its source, and `reports` names everybody who told.
    With `Idempotency-Key`, the same request sent again does nothing and is answered as before.
    """
    view = services.casework.report(body.report(), person, clock.now(), random, once_of(key, person, "report", body))
    response.status_code = HTTPStatus.OK if view.joined else HTTPStatus.CREATED
    response.headers["Location"] = f"/api/v1/cases/{view.case.id}"
    response.headers["ETag"] = _etag(view.case.version)
    return show_case(view)


@case_routes.get("/{case}", summary="One case", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.GONE))
def read_case(
    case: str,
    _person: Person,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    response: Response,
) -> CaseDetailAnswer:
    """With the clock of each stage, and who works on it.

    Its `ETag` is the version that a decision must name in `If-Match`.
    """
    view, now = services.casework.case(case), clock.now()
    response.headers["ETag"] = _etag(view.case.version)
    stages, checks = services.casework.stages(view.case, now), services.camera_checks.of_case(case)
    return show_detail(view, stages, checks, services.leases.of([case], now).get(case), language)


@case_routes.get(
    "/{case}/history", summary="History of a case", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
)
def read_history(case: str, _person: Person, paging: Paging, services: WithServices) -> PageAnswer[StepAnswer]:
    """Oldest first; every line names a person, a box or a rule. Nothing is ever changed or removed."""
    return page_answer(paging, services.casework.history(case, paging), show_step)


@case_routes.get(
    "/{case}/actions", summary="What may be done", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
)
def list_actions(
    case: str, person: Person, services: WithServices, clock: WithClock, language: WithLanguage
) -> ActionsAnswer:
    """Every action that the case's status knows: allowed, with what it asks, or why not, for the asking person.

    `register` lists the conditions that fit the case where a table of standards is imported, the nearest components
    (部件) and the units that it may be for; `dispatch` lists the units too.
    """
    choices, texts = services.casework.actions(case, person, clock.now()), load_texts(language)
    fitting, near = services.standards.fitting(case), services.places.near(case)
    return ActionsAnswer(items=[show_choice(choice, texts, fitting, near) for choice in choices])


@case_routes.post(
    "/{case}/actions",
    summary="Decide",
    responses=problem_responses(
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.PRECONDITION_REQUIRED,
    ),
)
def act_on_case(  # noqa: PLR0913 - one parameter is one part of the request
    *,
    case: str,
    body: ActionBody,
    person: Person,
    services: WithServices,
    clock: WithClock,
    response: Response,
    if_match: Annotated[str | None, Header(description='The case\'s ETag, for example "1"')] = None,
    key: RequestKey = None,
) -> CaseAnswer:
    """Needs `If-Match`: 428 without, 412 when somebody else changed the case meanwhile.

    409 when its status does not know the action (`allowed` says what it does know) or when another person works on the
    case (`lease-held`), 403 without the post, 422 with the names of the `guards` that were not content, or with
    conditions that are `known` where this one is not. With `Idempotency-Key`, the same request sent again changes
    nothing and is answered as before.
    """
    view = services.casework.act(
        case,
        body.wish(),
        person,
        expected_version=_expected_version(if_match),
        now=clock.now(),
        evidence=body.evidence,
        into=body.into,
        once=once_of(key, person, case, body),
    )
    response.headers["ETag"] = _etag(view.case.version)
    return show_case(view)


def _etag(version: int) -> str:
    return f'"{version}"'


def _expected_version(if_match: str | None) -> int:
    if if_match is None or if_match.strip() == "*":
        raise Problem(
            HTTPStatus.PRECONDITION_REQUIRED,
            "version-missing",
            VERSION_MISSING,
        )
    found = ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "stale-version", NO_ETAG)
    return int(found[1])
