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
from protocol.texts import Words

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
OTHER_ID = Words(zh="记录的 id 应与地址中的相同。", en="The record's `id` should be that of the address.")
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


class _Routes:
    """The routes of one kind; FastAPI reads each kind's own classes from the functions."""

    def __init__(self, kind: RecordKind, model: type[ProjectRecord]) -> None:
        self.kind, self.model = kind, model
        self.path, self.what = f"/{kind.replace('_', '-')}", NAMES[kind]
        self.answer = cast("Any", RevisionAnswer)[model]
        self.part = cast("Any", PageAnswer)[self.answer]

    def add(self) -> None:
        """All of them, in the order of the documentation."""
        self._list()
        self._enter()
        self._correct()
        self._withdraw()
        self._list_revisions()

    def _list(self) -> None:
        kind = self.kind

        @project_record_routes.get(
            self.path,
            summary=f"List {self.what}",
            operation_id=f"list_{kind}",
            response_model=self.part,
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
            return page_answer(paging, services.project_records.find(wanted, paging), show_revision)

    def _enter(self) -> None:
        model: Any = self.model

        @project_record_routes.post(
            self.path,
            summary=f"Enter one of the {self.what}",
            operation_id=f"enter_{self.kind}",
            status_code=HTTPStatus.CREATED,
            response_model=self.answer,
            responses=problem_responses(HTTPStatus.FORBIDDEN),
        )
        def enter(body: model, person: Bookkeeper, services: WithServices, clock: WithClock) -> Any:  # noqa: ANN401
            """The same again is the same record; another content under its id is refused: correct it instead."""
            entered = services.project_records.enter([Draft(body, SOURCE)], person, clock.now())
            return show_revision(entered.revisions[0])

    def _correct(self) -> None:
        kind, model = self.kind, self.model
        correction: Any = create_model(f"{model.__name__}Correction", __base__=CorrectionBody, record=(model, ...))

        @project_record_routes.put(
            f"{self.path}/{{id}}",
            summary=f"Correct one of the {self.what}",
            operation_id=f"correct_{kind}",
            response_model=self.answer,
            responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED),
        )
        def correct(  # noqa: PLR0913, PLR0917 - one for each part of the request
            name: Name,
            body: correction,
            person: Bookkeeper,
            services: WithServices,
            clock: WithClock,
            language: WithLanguage,
        ) -> Any:  # noqa: ANN401
            """A further revision, with the reason; what was stays to be read."""
            if body.record.id != name:
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "record-refused", OTHER_ID.say(language))
            records, now = services.project_records, clock.now()
            return show_revision(records.correct(body.revision, body.record, body.reason, SOURCE, person, now))

    def _withdraw(self) -> None:
        kind = self.kind

        @project_record_routes.post(
            f"{self.path}/{{id}}/withdrawal",
            summary=f"Withdraw one of the {self.what}",
            operation_id=f"withdraw_{kind}",
            response_model=self.answer,
            responses=problem_responses(
                HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED
            ),
        )
        def withdraw(name: Name, body: ChangeBody, person: Bookkeeper, services: WithServices, clock: WithClock) -> Any:  # noqa: ANN401
            """It counts no more, and stays to be read with the reason. What others name is refused with 409."""
            records, now = services.project_records, clock.now()
            return show_revision(records.withdraw(kind, name, body.revision, body.reason, person, now))

    def _list_revisions(self) -> None:
        kind = self.kind

        @project_record_routes.get(
            f"{self.path}/{{id}}/revisions",
            summary=f"All states of one of the {self.what}",
            operation_id=f"list_revisions_of_{kind}",
            response_model=self.part,
            responses=problem_responses(HTTPStatus.NOT_FOUND),
        )
        def revisions(name: Name, _person: Person, paging: Paging, services: WithServices) -> Any:  # noqa: ANN401
            """Oldest first: who entered what, when, from where and why."""
            return page_answer(paging, services.project_records.revisions(kind, name, paging), show_revision)


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
    _Routes(_kind, _model).add()
for _kind in MADE_OF:
    _add_chain(_kind)
