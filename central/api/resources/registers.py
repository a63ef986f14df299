"""`/api/v1/registers`: rosters, cases handled outside, population, inspection duty."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from central.api.answers.registers import EntryAnswer, TakenAnswer, show_entry
from central.api.dependencies import Person, WithClock, WithServices, needs
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses
from central.core.registers import Register
from central.core.values import Actor, Role

CELL_CHARS_MAX = 200
ROWS_MAX = 2_000
_Keeper = Annotated[Actor, Depends(needs(Role.OPERATOR, Role.SUPERVISOR))]
_Cell = Annotated[str, Field(max_length=CELL_CHARS_MAX)]

register_routes = APIRouter(prefix="/api/v1/registers", tags=["registers"])


class EntryBody(BaseModel):
    """An entry by the columns of its register, as a table for import has them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"cells": {"seat": "1", "person": "wang", "from": "2026-03-01 08:00", "to": "2026-03-01 16:00"}},
                {"cells": {"month": "2026-03", "cases": "40", "source": "网格中心月报"}},
                {"cells": {"community": "330402001001", "year": "2026", "people": "8200", "source": "统计公报"}},
                {"cells": {"class": "04-01", "grid": "330402001001", "from": "2026-01-01", "to": "2027-01-01"}},
            ]
        },
    )

    cells: Annotated[dict[Annotated[str, Field(max_length=20)], _Cell], Field(max_length=8)]


@register_routes.get("/{register}", summary="Entries of a register", responses=problem_responses())
def list_entries(
    register: Register, _person: Person, paging: Paging, services: WithServices
) -> PageAnswer[EntryAnswer]:
    """As they stand, last noted first."""
    return page_answer(paging, services.registers.entries(register, paging), show_entry)


@register_routes.post(
    "/{register}",
    summary="Enter into a register",
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.FORBIDDEN),
)
def enter(
    register: Register, body: EntryBody, person: _Keeper, services: WithServices, clock: WithClock
) -> EntryAnswer:
    """A new entry, or a later version of one with the same subject, party and beginning. Safe to repeat."""
    return show_entry(services.registers.enter(register, body.cells, person, clock.now()))


class TableBody(BaseModel):
    """Entries by the columns of their register, taken whole or not at all."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[
        list[Annotated[dict[Annotated[str, Field(max_length=20)], _Cell], Field(max_length=8)]],
        Field(min_length=1, max_length=ROWS_MAX),
    ]


@register_routes.post(
    "/{register}/import",
    summary="Enter a table into a register",
    responses=problem_responses(HTTPStatus.FORBIDDEN),
)
def enter_table(
    register: Register, body: TableBody, person: _Keeper, services: WithServices, clock: WithClock
) -> TakenAnswer:
    """All rows or none, as an imported file; a refusal names the row, from 1 on. Safe to repeat."""
    entries, new = services.registers.enter_rows(register, body.rows, person, clock.now())
    return TakenAnswer(entries=entries, new=new)


@register_routes.delete(
    "/{register}/{entry}",
    summary="Withdraw an entry",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
def withdraw(register: Register, entry: str, person: _Keeper, services: WithServices, clock: WithClock) -> None:
    """It does not count from now on; a figure as of earlier still has it."""
    services.registers.withdraw(register, entry, person, clock.now())
