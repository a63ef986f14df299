"""`/api/v1/project-records`: one resource for each kind of record of the project."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field, create_model

from central.api.answers.project_records import (
    ChainAnswer,
    FlagsAnswer,
    RevisionAnswer,
    show_chain,
    show_flag,
    show_revision,
)
from central.api.bodies import Body
from central.api.dependencies import Person, WithClock, WithLanguage, WithServices, needs
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import Problem, problem_responses
from central.core.evaluation.facts import YEAR_MAX, YEAR_MIN
from central.core.project_records import VALUES, ProjectRecord, RecordKind
from central.core.project_records.chain import MADE_OF
from central.core.values import Actor, Role
from central.services.figures.project_records import REASON_CHARS_MAX, Draft
from central.stores.ports import RecordFilter

SOURCE = "api"
NAMES: Mapping[RecordKind, str] = {
    RecordKind.BUDGET_LINES: "budget lines (预算项)",
    RecordKind.CONTRACTS: "contracts (合同)",
    RecordKind.PAYMENTS: "payments (支付)",
    RecordKind.ACCEPTANCES: "acceptances (验收登记)",
    RecordKind.DEVICES: "delivered devices (交付设备)",
    RecordKind.TRAININGS: "training sessions (培训)",
    RecordKind.SURVEYS: "surveys (问卷)",
    RecordKind.MILESTONES: "milestones (里程碑)",
    RecordKind.INTERVIEWS: "interviews (访谈)",
}
Bookkeeper = Annotated[Actor, Depends(needs(Role.OPERATOR, Role.SUPERVISOR))]
Name = Annotated[str, Path(alias="id", pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Year = Annotated[int | None, Query(ge=YEAR_MIN, le=YEAR_MAX, description="Of one project year")]
Withdrawn = Annotated[bool, Query(description="Those that were withdrawn too")]

project_record_routes = APIRouter(prefix="/api/v1/project-records", tags=["project-records"])


class ChangeBody(Body):
    """What was looked at, and why it changes."""

    revision: int = Field(ge=1, description="The one that you looked at; another one now is answered with 412")
    reason: Annotated[str, Field(min_length=1, max_length=REASON_CHARS_MAX, pattern=r"\S")]


class CorrectionBody(ChangeBody):
    """The record as it should be."""

    record: Any


@project_record_routes.get("/flags", summary="Over-runs and contradictions", responses=problem_responses())
def list_flags(_person: Person, services: WithServices, language: WithLanguage) -> FlagsAnswer:
    """Of all years: payments above the contract, two acceptances of one item, devices that are not registered."""
    return FlagsAnswer(items=[show_flag(one, language) for one in services.project_records.flags()])


def _add(kind: RecordKind, model: type[ProjectRecord]) -> None:
    """The routes of one kind; FastAPI reads each kind's own classes from the functions."""
    path, what, answer = f"/{kind.replace('_', '-')}", NAMES[kind], cast("Any", RevisionAnswer)[model]
    correction: Any = create_model(f"{model.__name__}Correction", __base__=CorrectionBody, record=(model, ...))
    written = problem_responses(HTTPStatus.FORBIDDEN)
    changed = problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED)
    routes = project_record_routes

    @routes.get(
        path,
        summary=f"List {what}",
        operation_id=f"list_{kind}",
        response_model=cast("Any", PageAnswer)[answer],
        responses=problem_responses(),
    )
    def find(
        _person: Person,
        paging: Paging,
        services: WithServices,
        year: Year = None,
        withdrawn: Withdrawn = False,  # noqa: FBT002 - a query parameter
    ) -> Any:  # noqa: ANN401 - `response_model` says it
        """As they stand now, last entered first."""
        wanted = RecordFilter(kind, year, withdrawn)
        return page_answer(services.project_records.find(wanted, paging), show_revision)

    @routes.post(
        path,
        summary=f"Enter one of the {what}",
        operation_id=f"enter_{kind}",
        status_code=HTTPStatus.CREATED,
        response_model=answer,
        responses=written,
    )
    def enter(body: model, person: Bookkeeper, services: WithServices, clock: WithClock) -> Any:  # type: ignore[valid-type]  # noqa: ANN401
        """The same again is the same record; another content under its id is refused: correct it instead."""
        entered = services.project_records.enter([Draft(body, SOURCE)], person, clock.now())
        return show_revision(entered.revisions[0])

    @routes.put(
        f"{path}/{{id}}",
        summary=f"Correct one of the {what}",
        operation_id=f"correct_{kind}",
        response_model=answer,
        responses=changed,
    )
    def correct(name: Name, body: correction, person: Bookkeeper, services: WithServices, clock: WithClock) -> Any:  # noqa: ANN401
        """A further revision, with the reason; what was stays to be read."""
        if body.record.id != name:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "record-refused", "The record's `id` should be that of the address."
            )
        return show_revision(
            services.project_records.correct(body.revision, body.record, body.reason, SOURCE, person, clock.now())
        )

    @routes.post(
        f"{path}/{{id}}/withdrawal",
        summary=f"Withdraw one of the {what}",
        operation_id=f"withdraw_{kind}",
        response_model=answer,
        responses=problem_responses(
            HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED
        ),
    )
    def withdraw(name: Name, body: ChangeBody, person: Bookkeeper, services: WithServices, clock: WithClock) -> Any:  # noqa: ANN401
        """It counts no more, and stays to be read with the reason. What others name is refused with 409."""
        return show_revision(
            services.project_records.withdraw(kind, name, body.revision, body.reason, person, clock.now())
        )

    @routes.get(
        f"{path}/{{id}}/revisions",
        summary=f"All states of one of the {what}",
        operation_id=f"list_revisions_of_{kind}",
        response_model=cast("Any", PageAnswer)[answer],
        responses=problem_responses(HTTPStatus.NOT_FOUND),
    )
    def revisions(name: Name, _person: Person, services: WithServices) -> Any:  # noqa: ANN401
        """Oldest first: who entered what, when, from where and why."""
        return PageAnswer(
            items=[show_revision(one) for one in services.project_records.revisions(kind, name)], next=None
        )


def _add_chain(kind: RecordKind) -> None:
    @project_record_routes.get(
        f"/{kind.replace('_', '-')}/{{id}}/chain",
        summary=f"What hangs together with one of the {NAMES[kind]}",
        operation_id=f"trace_{kind}",
        responses=problem_responses(HTTPStatus.NOT_FOUND),
    )
    def trace(name: Name, _person: Person, services: WithServices) -> ChainAnswer:
        """Budget line, contract, payments, acceptances and devices, followed up and down."""
        return show_chain(services.project_records.trace(kind, name))


for _kind, _model in VALUES.items():
    _add(_kind, _model)
for _kind in MADE_OF:
    _add_chain(_kind)
