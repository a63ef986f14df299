"""Errors of the services as problems: one table, most derived class first."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import Response

from central.api import refusal_words as words
from central.api.languages import language_for
from central.api.problems import Problem, respond
from central.core.availability.maintenance import WindowRefused
from central.core.case_machine import GuardRefused, IllegalTransition, PostMissing
from central.core.cases.leases import LeaseHeld
from central.core.cases.requests import KeyReused
from central.core.kpis import BadPeriod, BadTarget
from central.core.places.zone_grounds import GroundRefused
from central.core.registers import EntryRefused
from central.services.cases.casework import CaseGone, CaseUnknown, StaleVersion
from central.services.cases.leases import MayNotDecide
from central.services.cases.receipts import ReceiptGiven, TransferUnknown
from central.services.commands import CommandRefused, CommandUnknown
from central.services.desks.components import ComponentUnknown
from central.services.desks.reports import PictureMissing, ReportRefused
from central.services.desks.standards import ConditionUnknown
from central.services.desks.transfers import PartnerMissing
from central.services.evidence import EvidenceNoRoom, EvidenceTooLarge, EvidenceUnknown, EvidenceWrong
from central.services.exchange import ChangesGone
from central.services.figures.availability import PeriodRefused
from central.services.figures.device_notes import WindowUnknown
from central.services.figures.kpis import KpiUnknown
from central.services.figures.planning.scores import ScoresUnknown
from central.services.figures.project_records import RecordNeeded, RecordsRefused, RecordStale, RecordUnknown
from central.services.figures.publishing import MonthRefused, MonthUnknown
from central.services.figures.registers import EntryUnknown
from central.services.fleet import BoxUnknown, CameraUnknown, JoinRefused, TooManyGuesses
from central.stores.ports import BadCursor, SeriesUnavailable, StoreUnavailable
from protocol.texts import Language, Told, Words

RETRY_AFTER_S = 5
CONDITIONS_TOLD_MAX = 20

STOPS = {Language.CHINESE: "。", Language.ENGLISH: "."}

log = structlog.get_logger()


def install_refusals(api: FastAPI) -> None:
    """Answer the services' errors as problems."""
    for kind, make in _PROBLEMS.items():
        api.add_exception_handler(kind, _handler(make))


def _handler(make: Callable[[Exception], Problem]) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        problem, language = make(error), language_for(request)
        if isinstance(error, Told):
            problem.detail = _sentence(error.say(language), STOPS[language])
        if isinstance(error, RecordsRefused):
            problem.detail = words.RECORDS_REFUSED.say(language)
            problem.extra["errors"] = _record_faults(error, language)
        if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("request refused", problem=problem.name)
        return respond(problem, language)

    return handle


def _told(status: HTTPStatus, name: str) -> Callable[[Exception], Problem]:
    """The error's own text is made for the person who asked; what is told in both languages comes in theirs."""
    return lambda error: Problem(status, name, _sentence(str(error)))


def _fixed(status: HTTPStatus, name: str, detail: Words, retry_after_s: int = 0) -> Callable[[Exception], Problem]:
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}
    return lambda _error: Problem(status, name, detail, headers=headers)


def _stale(error: Exception) -> Problem:
    problem = _told(HTTPStatus.PRECONDITION_FAILED, "stale-version")(error)
    if isinstance(error, StaleVersion):
        problem.extra["current_version"] = error.current
    return problem


def _record_faults(error: RecordsRefused, language: Language) -> list[dict[str, str]]:
    return [
        {"at": ".".join(["record", *map(str, one.loc)]), "detail": one.say(language)}
        for one in error.faults[:CONDITIONS_TOLD_MAX]
    ]


def _stale_record(error: Exception) -> Problem:
    problem = _told(HTTPStatus.PRECONDITION_FAILED, "stale-revision")(error)
    if isinstance(error, RecordStale):
        problem.extra["current_revision"] = error.current
    return problem


def _illegal(error: Exception) -> Problem:
    problem = _told(HTTPStatus.CONFLICT, "illegal-transition")(error)
    if isinstance(error, IllegalTransition):
        problem.extra["allowed"] = list(error.allowed)
    return problem


def _no_post(error: Exception) -> Problem:
    problem = _told(HTTPStatus.FORBIDDEN, "post-missing")(error)
    if isinstance(error, PostMissing):
        problem.extra["posts"] = sorted(error.posts)
    return problem


def _guarded(error: Exception) -> Problem:
    problem = _told(HTTPStatus.UNPROCESSABLE_ENTITY, "guard-refused")(error)
    if isinstance(error, GuardRefused):
        problem.extra["guards"] = list(error.guards)
    return problem


def _no_condition(error: Exception) -> Problem:
    problem = _told(HTTPStatus.UNPROCESSABLE_ENTITY, "condition-unknown")(error)
    if isinstance(error, ConditionUnknown):
        problem.extra["known"] = [
            {"id": row.id, "code": row.code, "condition": row.condition} for row in error.known[:CONDITIONS_TOLD_MAX]
        ]
    return problem


def _held(error: Exception) -> Problem:
    problem = _told(HTTPStatus.CONFLICT, "lease-held")(error)
    if isinstance(error, LeaseHeld):
        lease = error.lease
        problem.extra |= {
            "holder": lease.holder,
            "since": lease.since.isoformat(),
            "until": lease.until.isoformat(),
            "taken_from": lease.taken_from,
        }
    return problem


def _gone(error: Exception) -> Problem:
    problem = _told(HTTPStatus.GONE, "changes-gone")(error)
    if isinstance(error, ChangesGone):
        problem.extra["first"] = error.first
    return problem


def _deleted(error: Exception) -> Problem:
    problem = _told(HTTPStatus.GONE, "case-gone")(error)
    if isinstance(error, CaseGone):
        stone = error.stone
        problem.extra |= {"rule": stone.rule, "deleted_at": stone.deleted_at.isoformat()}
        problem.extra |= {"number": stone.details.get("number", "")}
    return problem


def _too_many_guesses(error: Exception) -> Problem:
    wait_s = round(error.retry_after_s + 0.5) if isinstance(error, TooManyGuesses) else RETRY_AFTER_S
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-guesses",
        words.TOO_MANY_GUESSES,
        headers={"Retry-After": str(wait_s)},
    )


def _sentence(text: str, stop: str = ".") -> str:
    return text[:1].upper() + text[1:].rstrip(stop) + stop


_PROBLEMS: dict[type[Exception], Callable[[Exception], Problem]] = {
    CaseGone: _deleted,
    CaseUnknown: _fixed(HTTPStatus.NOT_FOUND, "case-unknown", words.NO_CASE),
    BoxUnknown: _fixed(HTTPStatus.NOT_FOUND, "box-unknown", words.NO_BOX),
    CameraUnknown: _fixed(HTTPStatus.NOT_FOUND, "camera-unknown", words.NO_CAMERA),
    WindowUnknown: _told(HTTPStatus.NOT_FOUND, "window-unknown"),
    ScoresUnknown: _told(HTTPStatus.NOT_FOUND, "scores-unknown"),
    KpiUnknown: _told(HTTPStatus.NOT_FOUND, "kpi-unknown"),
    MonthUnknown: _told(HTTPStatus.NOT_FOUND, "month-unknown"),
    MonthRefused: _told(HTTPStatus.CONFLICT, "month-refused"),
    BadTarget: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "target-refused"),
    EntryUnknown: _fixed(HTTPStatus.NOT_FOUND, "entry-unknown", words.NO_ENTRY),
    EntryRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "entry-refused"),
    GroundRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "ground-refused"),
    BadPeriod: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "period-refused"),
    CommandUnknown: _fixed(HTTPStatus.NOT_FOUND, "command-unknown", words.NO_COMMAND),
    EvidenceUnknown: _fixed(HTTPStatus.NOT_FOUND, "evidence-unknown", words.NO_EVIDENCE),
    TransferUnknown: _fixed(HTTPStatus.NOT_FOUND, "transfer-unknown", words.NO_TRANSFER),
    ReceiptGiven: _told(HTTPStatus.CONFLICT, "receipt-given"),
    StaleVersion: _stale,
    IllegalTransition: _illegal,
    PostMissing: _no_post,
    GuardRefused: _guarded,
    ConditionUnknown: _no_condition,
    LeaseHeld: _held,
    ChangesGone: _gone,
    KeyReused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
    MayNotDecide: _told(HTTPStatus.FORBIDDEN, "role-missing"),
    ComponentUnknown: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "component-unknown"),
    PartnerMissing: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "partner-unknown"),
    PictureMissing: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "picture-missing"),
    ReportRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "report-refused"),
    WindowRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "window-refused"),
    PeriodRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "period-refused"),
    CommandRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "command-refused"),
    RecordUnknown: _told(HTTPStatus.NOT_FOUND, "record-unknown"),
    RecordStale: _stale_record,
    RecordNeeded: _told(HTTPStatus.CONFLICT, "record-needed"),
    RecordsRefused: _told(HTTPStatus.UNPROCESSABLE_ENTITY, "record-refused"),
    BadCursor: _fixed(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "bad-cursor",
        words.BAD_CURSOR,
    ),
    EvidenceTooLarge: _fixed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "evidence-too-large", words.TOO_LARGE),
    EvidenceWrong: _fixed(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "evidence-wrong",
        words.OTHER_BYTES,
    ),
    EvidenceNoRoom: _fixed(
        HTTPStatus.INSUFFICIENT_STORAGE,
        "evidence-no-room",
        words.NO_ROOM,
        RETRY_AFTER_S * 12,
    ),
    JoinRefused: _fixed(HTTPStatus.FORBIDDEN, "join-refused", words.JOIN_REFUSED),
    TooManyGuesses: _too_many_guesses,
    SeriesUnavailable: _fixed(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "series-unavailable",
        words.NO_SERIES,
        RETRY_AFTER_S,
    ),
    StoreUnavailable: _fixed(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "store-unavailable",
        words.NO_STORE,
        RETRY_AFTER_S,
    ),
}
