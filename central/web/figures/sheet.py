"""The cases behind a figure as a table for offices: UTF-8 with a mark, and no cell is taken for a formula."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from http import HTTPStatus
from itertools import chain, islice
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from central.core.kpis import INDICATORS, CaseFact
from central.services.cases.case_sheet import local_time, table_chunks
from central.services.figures.kpis import KpiRow, KpiUnknown
from central.settings.texts import Texts, load_texts
from central.stores.ports import StoreUnavailable
from central.web.door.gate import Gate
from central.web.door.routes import SIGN_IN
from central.web.figures.reading import FigureDesk
from central.web.figures.summands import sheet_cells, sheet_names
from central.web.figures.view import PAGE, View, seen
from protocol.texts import Language

ROWS_MAX = 100_000
CSV = "text/csv; charset=utf-8"

_CELLS: Mapping[str, Callable[[CaseFact, Texts], str]] = {
    "number": lambda fact, _texts: fact.number,
    "status": lambda fact, texts: texts.word("status", fact.status),
    "source": lambda fact, texts: texts.word("source", fact.source),
    "scene": lambda fact, texts: texts.word("scene", fact.scene),
    "code": lambda fact, _texts: fact.code,
    "unit": lambda fact, _texts: fact.unit,
    "community": lambda fact, _texts: fact.community,
    "grid": lambda fact, _texts: fact.grid,
    "camera": lambda fact, _texts: fact.camera,
}
_MOMENTS = (
    "opened_at", "reported_at", "registered_at", "dispatched_at", "handle_due_at", "handled_at", "close_due_at",
    "closed_at",
)  # fmt: skip


def header(texts: Texts) -> list[str]:
    """What the columns are called."""
    return [texts.word("figures_column", name) for name in ("hit", *_CELLS, *_MOMENTS, "id")]


def row(one: KpiRow, texts: Texts, zone: tzinfo) -> list[str]:
    """The cells of a case behind a figure."""
    cells = [cell(one.fact, texts) for cell in _CELLS.values()]
    moments = [local_time(getattr(one.fact, name), zone) for name in _MOMENTS]
    return [texts.word("figures_hit", "yes" if one.hit else "no"), *cells, *moments, one.fact.case]


def file_name(view: View) -> str:
    """What the file is called: figure and days, in letters that every system takes."""
    return re.sub(r"[^a-z0-9_-]", "", f"{view.figure}_{view.period.first_day}_{view.period.last_day}") + ".csv"


def open_table(api: FastAPI, gate: Gate, zone: ZoneInfo) -> None:
    """Add the address of the table to `api`, for whoever may see the page."""
    routes = APIRouter(include_in_schema=False)
    desk = FigureDesk(gate.services, gate.clock.now)

    @routes.get(f"/ui/{PAGE}.csv")
    def read_table(request: Request, lang: Language | None = None) -> Response:
        language = gate.language(request, lang)
        texts = load_texts(language)
        try:
            if gate.visitor(request) is None:
                return RedirectResponse(f"{SIGN_IN}?lang={language}", HTTPStatus.SEE_OTHER)
            view, problem = seen(request.query_params, gate.clock.now(), zone)
            if problem is not None or not view.figure:
                return _refused(texts, problem or "figures.problem_figure", HTTPStatus.UNPROCESSABLE_ENTITY)
            return _whole_table(desk, view, texts, zone)
        except KpiUnknown:
            return _refused(texts, "figures.no_rows", HTTPStatus.UNPROCESSABLE_ENTITY)
        except StoreUnavailable:
            return _refused(texts, "figures.unavailable", HTTPStatus.SERVICE_UNAVAILABLE)

    api.include_router(routes)


def _whole_table(desk: FigureDesk, view: View, texts: Texts, zone: tzinfo) -> Response:
    if desk.is_measured(view):
        parts = (sheet_cells(one, texts, zone) for one in desk.each_part(view))
        return _table(sheet_names(INDICATORS[view.figure], texts), parts, view)
    if desk.count(view) > ROWS_MAX:
        return _refused(texts, "figures.table_too_long", HTTPStatus.UNPROCESSABLE_ENTITY)
    return _table(header(texts), (row(one, texts, zone) for one in desk.each_row(view)), view)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]], view: View) -> Response:
    """The first row is read before the answer begins, so that what cannot be read is still told in words."""
    whole = chain(list(islice(rows, 1)), rows)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(view)}"', "Cache-Control": "no-store"}
    return StreamingResponse(table_chunks(head, whole), media_type=CSV, headers=headers)


def _refused(texts: Texts, key: str, status: HTTPStatus) -> Response:
    return PlainTextResponse(texts.say(key), status)
