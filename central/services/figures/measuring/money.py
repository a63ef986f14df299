"""Cost per camera-day and per closed case of what was paid in a period, and what citizens say."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from central.core.evaluation.records import Asked as Whom
from central.core.evaluation.records import Payment, Round, Survey
from central.core.evaluation.surveys import latest, satisfaction
from central.core.kpis import Part, PartKind, Reading
from central.core.project_records import RecordKind
from central.services.figures.camera_rows import CameraRow
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.of_cameras import OfCameras
from protocol.texts import Words

DAY_S = 86_400
NO_PAYMENT = Words(zh="这一时段没有支付记录", en="no payment was recorded in this period")
NO_SURVEY = Words(zh="这一时段没有市民满意度调查", en="no survey of citizens was recorded in this period")


def _paid(grounds: Grounds) -> Reading:
    parts = _payments(grounds)
    return Reading(parts, None if parts else NO_PAYMENT)


def _days(row: CameraRow) -> Iterator[Part]:
    if row.time.total_s:
        yield Part(PartKind.CAMERA, row.camera, 0, row.time.total_s / DAY_S)


COST_OF_CAMERA_DAYS = OfCameras(lambda _: _days, before=_paid)
"""Each payment in CNY, and each camera's days in service, whatever its state."""


def cost_of_closed_cases(grounds: Grounds) -> Reading:
    """Each payment in CNY, and how many of the period's cases were closed.

    Payments are few: people enter each by its contract, some dozens a year.
    """
    paid = _paid(grounds)
    if paid.reason is not None:
        return paid
    return Reading([*paid.parts, Part(PartKind.INSIDE, "closed", 0, grounds.counts("closed").get("", 0))])


def citizens_satisfied(grounds: Grounds) -> Reading:
    """The strata of the period's last survey of citizens, each by how many it stands for; one survey has few."""
    surveys = [
        revision.record
        for revision in grounds.records(RecordKind.SURVEYS)
        if isinstance(revision.record, Survey) and _is_in(grounds, revision.record.on)
    ]
    last = latest(surveys, Whom.CITIZEN, Round.CURRENT)
    if last is None:
        return Reading((), NO_SURVEY)
    found = satisfaction(last)
    parts = [
        Part(PartKind.STRATUM, one.name, one.population * one.satisfied / one.answered, one.population, note=last.id)
        for one in last.strata
        if one.answered
    ]
    return Reading(parts, None, found.answers, (found.low, found.high))


def _payments(grounds: Grounds) -> list[Part]:
    return [
        Part(
            PartKind.PAYMENT, one.id, float(one.amount_cny), 0, 0, "", _midnight(grounds, one.paid), None, one.contract
        )
        for one in (revision.record for revision in grounds.records(RecordKind.PAYMENTS))
        if isinstance(one, Payment) and _is_in(grounds, one.paid)
    ]


def _is_in(grounds: Grounds, day: date) -> bool:
    return grounds.span.start <= _midnight(grounds, day) < grounds.span.end


def _midnight(grounds: Grounds, day: date) -> datetime:
    return datetime.combine(day, time(), grounds.asked.period.zone).astimezone(UTC)
