"""What a visitor looks at, as it stands in the address: a period, a figure, a group. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from central.core.kpis import INDICATORS, BadPeriod, Period, groups_of, period_of, period_of_days
from central.core.kpis.periods import CalendarUnit
from protocol.texts import Language

PAGE = "figures"
TEXT_CHARS_MAX = 200
NUL = "\x00"
MONTHS_SHOWN = 12
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_REVISION = re.compile(r"\d{0,6}", re.ASCII)
OF_PERSONS = frozenset({"person", "actor"})


class Preset(StrEnum):
    """Periods that are chosen by name; an address may name one too, and then means another each day."""

    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"

    def period(self, today: date, zone: tzinfo) -> Period:
        """What it means on a day."""
        which, _, span = self.partition("_")
        this = period_of(CalendarUnit(span), today, zone)
        return this if which == "this" else this.last


class Show(StrEnum):
    """What the page is about."""

    FIGURES = "figures"
    SCORES = "scores"
    MONTHS = "months"


class Problem(StrEnum):
    """Why something else is shown than what the address asks for; the value is the key of a text."""

    PERIOD = "figures.problem_period"
    FIGURE = "figures.problem_figure"
    GROUP = "figures.problem_group"
    SHOW = "figures.problem_show"
    MONTH = "figures.problem_month"


@dataclass(frozen=True, slots=True)
class View:
    """`figure`: "" for all of them; `group`: one value of the field `group_by`, None for all cases.

    `month`: of the published months the one that is opened (2026-03), "" for none; `revision`: 0 for the newest.
    """

    period: Period
    figure: str = ""
    group_by: str = ""
    group: str | None = None
    show: Show = Show.FIGURES
    month: str = ""
    revision: int = 0

    def over(self, period: Period) -> Self:
        """The same of another period."""
        return replace(self, period=period)

    def of(self, figure: str) -> "View":
        """Another figure of the same period, of all cases."""
        return View(self.period, figure)

    def showing(self, show: Show, month: str = "", revision: int = 0) -> "View":
        """Something else of the same period; of the published months one that is opened."""
        return View(self.period, show=show, month=month, revision=revision)

    def by(self, group_by: str, group: str | None = None) -> Self:
        """The same figure told apart by a field, or one group of it."""
        return replace(self, group_by=group_by, group=group)

    def query(self) -> str:
        """The state as it stands behind the question mark."""
        state = {"from": self.period.first_day.isoformat(), "last": self.period.last_day.isoformat()}
        state |= {name: value for name, value in (("figure", self.figure), ("group_by", self.group_by)) if value}
        if self.group is not None:
            state["group"] = self.group
        if self.show is not Show.FIGURES:
            state["show"] = self.show
        state |= {name: str(value) for name, value in (("month", self.month), ("revision", self.revision)) if value}
        return urlencode(state)

    def address(self, language: Language) -> str:
        """Where it is shown."""
        return f"/ui/{language}/{PAGE}?{self.query()}"

    def table_address(self, language: Language) -> str:
        """Where its cases are taken away as a table."""
        return f"/ui/{PAGE}.csv?{self.query()}&lang={language}"


def seen(asked: Mapping[str, str], now: datetime, zone: tzinfo) -> tuple[View, Problem | None]:
    """What an address asks for; what it gets wrong is left out, and named. Without a period it is this month."""
    today = now.astimezone(zone).date()
    period, problem = _period(asked, today, zone)
    view = View(period)
    show = asked.get("show", Show.FIGURES)
    if show not in list(Show):
        return view, Problem.SHOW
    if show != Show.FIGURES:
        return _elsewhere(view.showing(Show(show)), asked, problem)
    figure = asked.get("figure", "")
    if figure and figure not in INDICATORS:
        return view, Problem.FIGURE
    view = view.of(figure)
    group_by, group = asked.get("group_by", ""), asked.get("group")
    is_word = len(group or "") < TEXT_CHARS_MAX and NUL not in (group or "")
    if group_by and not (figure and group_by in shown_groups(figure) and is_word):
        return view, Problem.GROUP
    return view.by(group_by, group if group_by else None), problem


def _elsewhere(view: View, asked: Mapping[str, str], problem: Problem | None) -> tuple[View, Problem | None]:
    month, revision = asked.get("month", ""), asked.get("revision", "")
    if view.show is not Show.MONTHS or not month:
        return view, problem
    if not _MONTH.fullmatch(month) or not _REVISION.fullmatch(revision):
        return view, Problem.MONTH
    return view.showing(Show.MONTHS, month, int(revision or 0)), problem


def is_told_apart(figure: str) -> bool:
    """Whether a figure can be told apart by groups."""
    return bool(shown_groups(figure))


def shown_groups(figure: str) -> tuple[str, ...]:
    """By what the page tells a figure apart: never by persons."""
    return tuple(name for name in groups_of(INDICATORS[figure]) if name not in OF_PERSONS)


def following(period: Period) -> Period | None:
    """The one after it: the next month of a month, else as long a time; None behind the years of periods."""
    try:
        if period.calendar_unit is CalendarUnit.OTHER:
            return Period(period.end, period.end + (period.end - period.begin), period.zone)
        return period_of(period.calendar_unit, period.end.astimezone(period.zone).date(), period.zone)
    except BadPeriod:
        return None


def months_up_to(period: Period, today: date) -> tuple[Period, ...]:
    """The last months up to that in which a period ends, or today's where that is earlier; oldest first."""
    months = [period_of(CalendarUnit.MONTH, min(period.last_day, max(today, period.first_day)), period.zone)]
    while len(months) < MONTHS_SHOWN and (before := months[-1].beside[0]) is not None:
        months.append(before)
    return tuple(reversed(months))


def _period(asked: Mapping[str, str], today: date, zone: tzinfo) -> tuple[Period, Problem | None]:
    month = Preset.THIS_MONTH.period(today, zone)
    named, first, last = asked.get("period", ""), asked.get("from", ""), asked.get("last", "")
    if first and last:
        try:
            return period_of_days(date.fromisoformat(first), date.fromisoformat(last), zone), None
        except (BadPeriod, ValueError):
            return month, Problem.PERIOD
    if named in list(Preset):
        return Preset(named).period(today, zone), None
    return month, Problem.PERIOD if named or first or last else None
