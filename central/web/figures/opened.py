"""One figure opened: its value, its definition, its months, its groups, the cases behind it."""

from collections.abc import Callable, Iterator, Sequence

from central.core.kpis import INDICATORS, Beside, Duration, Measured, Ratio
from central.core.kpis.page import formula_text
from central.core.kpis.registry.definitions import CONFIDENCE_WORDS
from central.services.figures.group_words import group_words, remarks
from central.services.figures.kpis import KpiRow, Outlook
from central.web.figures.board import side_of, value_of
from central.web.figures.chart import Caption, Dot, Size, drawing
from central.web.figures.frame import hidden
from central.web.figures.parts import Column, cell, drawn, link, pager, row, table, text
from central.web.figures.reading import ROWS_A_PAGE, Month, Parts, Rows
from central.web.figures.summands import PART_NAME, PART_NUMBERS, part_address, part_names, part_words
from central.web.figures.view import View, is_told_apart
from central.web.figures.wording import (
    NOTHING,
    Line,
    counter_words,
    group_names,
    line_of,
    numbers_of,
    titled,
    value_words,
)
from central.web.seat.pieces import attribute, block, words
from central.web.seat.visit import Visit
from central.web.wording import joined

GROUPS_SHOWN_MAX = 100
MOMENTS = ("registered_at", "handle_due_at", "handled_at", "closed_at")


class Opened:
    """Draws what was read for one figure, in the current place."""

    def __init__(self, visit: Visit, view: View) -> None:
        self._visit, self._view = visit, view
        self._indicator = INDICATORS[view.figure]
        self._target: float | None = None

    @property
    def name(self) -> str:
        """The figure's name."""
        return titled(self._indicator.names.say(self._visit.texts.language))

    @property
    def is_measured(self) -> bool:
        """Whether it is the sum of parts that are no cases."""
        return isinstance(self._indicator.formula, Measured)

    def value(self, outlook: Outlook) -> None:
        """The value and what stands beside it."""
        line = line_of(outlook, self._visit.texts)
        self._target = outlook.plan
        with block("gw-one"):
            with block("gw-one__value"):
                value_of(line)
            with block("gw-one__sides", "dl"):
                for side in line.sides:
                    with block("gw-one__side"):
                        text("dt", "", side.name)
                        with block("", "dd"):
                            side_of(side)
                            if side.basis:
                                text("p", "gw-side__basis", side.basis)

    def definition(self) -> None:
        """What is divided by what, by whose definition."""
        with block("gw-definition", "dl"):
            for name, said in self._definition():
                text("dt", "", self._visit.say(f"figures.def_{name}"))
                text("dd", "", said)

    def _definition(self) -> Iterator[tuple[str, str]]:
        one, texts = self._indicator, self._visit.texts
        language = texts.language
        yield "formula", formula_text(one.formula, language)
        match one.formula:
            case Ratio(numerator, denominator, excluded):
                yield "numerator", counter_words(numerator, texts)
                yield "denominator", counter_words(denominator, texts)
            case Duration(_, counter, excluded):
                yield "denominator", counter_words(counter, texts)
            case Measured(hits=hits, total=total):
                yield "numerator", hits.say(language)
                yield "denominator", total.say(language)
                excluded = ()
            case _:
                excluded = ()
        if excluded:
            yield "excluded", texts.say("figures.list").join(counter_words(name, texts) for name in excluded)
        if one.note is not None:
            yield "note", one.note.say(language)
        yield "better", texts.word("figures_better", one.better)
        yield "sample", texts.say("figures.at_least", minimum=one.minimum_sample)
        yield (
            "source",
            texts.say(
                "figures.source",
                source=one.source,
                grade=one.confidence,
                word=CONFIDENCE_WORDS[one.confidence].say(language),
            ),
        )
        yield "id", one.id

    def months(self, found: Sequence[Month]) -> None:
        """The last months as a drawing, and the same as a table."""
        texts, unit = self._visit.texts, self._indicator.unit
        dots = [self._dot(number, month) for number, month in enumerate(found)]
        known = [(dot.label, dot.told) for dot in dots if dot.value is not None]
        if known:
            summary = self._visit.say(
                "figures.chart_summary", name=self.name, count=len(known), first=known[0][1], last=known[-1][1]
            )
        else:
            summary = self._visit.say("figures.chart_empty", name=self.name)
        for size in Size:
            with block(f"gw-drawing gw-drawing--{size.name.lower()}"):
                drawn(drawing(dots, unit, self._target, Caption(summary, texts.language), size))
        self._legend(dots)
        with block("gw-twin", "details"):
            text("summary", "", self._visit.say("figures.as_table"))
            names = ("month", "value", "numbers")
            columns = [Column(texts.say(f"figures.column_{name}"), is_number=name != "month") for name in names]
            with table("months", columns, self._visit.say("figures.months")):
                for month in reversed(found):
                    with row():
                        cell(columns[0], f"{month.period.begin.astimezone(month.period.zone):%Y-%m}", is_head=True)
                        cell(columns[1], value_words(month.figure.value, unit, texts, beside=self._target))
                        cell(columns[2], numbers_of(month.figure, texts) or NOTHING)

    def _dot(self, number: int, month: Month) -> Dot:
        texts, figure = self._visit.texts, month.figure
        begin = month.period.begin.astimezone(month.period.zone)
        label = f"{begin:%Y-%m}" if number == 0 or begin.month == 1 else f"{begin.month}"
        said = value_words(figure.value, self._indicator.unit, texts, beside=self._target)
        numbers = numbers_of(figure, texts)
        return Dot(label, figure.value, f"{said} ({numbers})" if numbers else said, figure.is_below_minimum)

    def _legend(self, dots: Sequence[Dot]) -> None:
        marks = {
            "small": any(dot.is_small for dot in dots),
            "none": any(dot.value is None for dot in dots),
            "target": self._target is not None,
        }
        with block("gw-legend"):
            for name, is_there in marks.items():
                if is_there:
                    words(f"gw-legend__mark gw-legend__mark--{name}", self._visit.say(f"figures.legend_{name}"))

    def choose_group(self) -> None:
        """The form that tells the figure apart."""
        visit, view = self._visit, self._view
        if not is_told_apart(view.figure):
            words("gw-muted gw-part__word", visit.say("figures.not_apart"))
            return
        with block("gw-days", "form").props("method=get") as form:
            for name, value in (
                ("from", view.period.first_day),
                ("last", view.period.last_day),
                ("figure", view.figure),
            ):
                hidden(name, str(value))
            text("label", "gw-days__label", visit.say("figures.group_by")).props("for=gw-group-by")
            with block("gw-input", "select").props("name=group_by id=gw-group-by"):
                for name, called in {"": visit.say("figures.whole"), **group_names(view.figure, visit.texts)}.items():
                    option = text("option", "", called)
                    attribute(option, "value", name)
                    attribute(option, "selected", "selected" if name == view.group_by else None)
            text("button", "gw-input gw-input--go", visit.say("figures.show")).props("type=submit")
        attribute(form, "action", f"/ui/{visit.texts.language}/figures")
        if view.group is not None:
            self._chosen_group(view.group)

    def _chosen_group(self, group: str) -> None:
        visit, view = self._visit, self._view
        name = visit.word("figures_by", view.group_by)
        with block("gw-chosen"):
            words("", visit.say("figures.only", by=name, group=group_words(view.group_by, group, visit.texts)))
            link("gw-preset", visit.say("figures.all_groups"), view.by(view.group_by).address(visit.texts.language))

    def groups(self, found: Sequence[Outlook]) -> None:
        """The figure of each group, beside its plan where any has one."""
        visit, view, texts = self._visit, self._view, self._visit.texts
        if not found:
            words("gw-muted gw-part__word", visit.say("figures.no_groups"))
            return
        columns = [
            Column(titled(visit.word("figures_by", view.group_by))),
            *(Column(visit.say(f"figures.column_{name}"), is_number=True) for name in ("value", "numbers", "interval")),
        ]
        plans = [Column(visit.word("figures_beside", Beside.PLAN), is_number=True)] if _has_plan(found) else []
        with table("groups", [*columns, *plans], visit.say("figures.groups")):
            for one in found[:GROUPS_SHOWN_MAX]:
                line, figure = line_of(one, texts), one.figure
                said = group_words(view.group_by, figure.group, texts, one.called)
                with row():
                    with cell(columns[0], is_head=True):
                        address = view.by(view.group_by, figure.group).address(texts.language)
                        way = link("gw-figure-link", said, address)
                        attribute(way, "aria-current", "true" if figure.group == view.group else None)
                    cell(columns[1], line.value)
                    cell(columns[2], line.numbers or NOTHING)
                    cell(columns[3], joined(texts, *remarks(figure, texts)) or NOTHING)
                    for column in plans:
                        with cell(column):
                            _plan(line)
        if len(found) > GROUPS_SHOWN_MAX:
            words("gw-muted gw-part__word", visit.say("figures.cut", count=GROUPS_SHOWN_MAX))

    def rows(self, found: Rows, at: int, turn: Callable[[int], object]) -> None:
        """A page of cases; `at` is its number from 0, `turn` shows the one before (-1) or behind (1)."""
        visit, page = self._visit, found.page
        if not page.items:
            words("gw-muted gw-part__word", visit.say("figures.no_cases"))
            return
        names = ("number", "hit", "status", "source", "what", "unit", *MOMENTS)
        columns = [Column(visit.word("figures_column", name)) for name in names]
        with table("rows", columns, visit.say("figures.rows")):
            for one in page.items:
                self._row(one, columns)
        first = at * ROWS_A_PAGE + 1
        last = first + len(page.items) - 1
        place = visit.say("figures.rows_shown", first=f"{first:,}", last=f"{last:,}", total=f"{found.total:,}")
        pager(visit, place, at, turn, has_more=page.next is not None)

    def parts(self, found: Parts, at: int, turn: Callable[[int], object]) -> None:
        """A page of what a measured figure is the sum of."""
        visit, page = self._visit, found.page
        if not page.items:
            words("gw-muted gw-part__word", visit.say("figures.no_parts"))
            return
        names = part_names(self._indicator, visit.texts)
        columns = [Column(titled(name), is_number=at in PART_NUMBERS) for at, name in enumerate(names)]
        with table("parts", columns, visit.say("figures.parts")):
            for one in page.items:
                with row():
                    said = part_words(one, self._indicator, visit.texts, visit.zone)
                    address = part_address(one, visit.texts)
                    for number, (column, value) in enumerate(zip(columns, said, strict=True)):
                        if number == PART_NAME and address:
                            with cell(column):
                                link("gw-figure-link", value, address)
                        else:
                            cell(column, value or NOTHING, is_head=number == 0)
        first = at * ROWS_A_PAGE + 1
        place = visit.say("figures.parts_shown", first=f"{first:,}", last=f"{first + len(page.items) - 1:,}")
        pager(visit, place, at, turn, has_more=page.next is not None)

    def _row(self, one: KpiRow, columns: Sequence[Column]) -> None:
        fact, texts = one.fact, self._visit.texts
        what = texts.word("scene", fact.scene) if fact.scene else fact.code
        said = (
            texts.word("status", fact.status), texts.word("source", fact.source), what or NOTHING,
            fact.unit or NOTHING, *(self._moment(fact, name) for name in MOMENTS),
        )  # fmt: skip
        with row():
            with cell(columns[0], is_head=True):
                link("gw-figure-link", fact.number, f"/ui/{texts.language}?case={fact.case}")
            hit = "yes" if one.hit else "no"
            cell(columns[1], texts.word("figures_hit", hit), classes=f"gw-hit gw-hit--{hit}")
            for column, value in zip(columns[2:], said, strict=True):
                cell(column, value)

    def _moment(self, fact: object, name: str) -> str:
        at = getattr(fact, name)
        return NOTHING if at is None else f"{at.astimezone(self._visit.zone):%Y-%m-%d %H:%M}"


def _has_plan(found: Sequence[Outlook]) -> bool:
    return any(one.target is not None for one in found[:GROUPS_SHOWN_MAX])


def _plan(line: Line) -> None:
    if line.sides:
        side_of(line.sides[0])
    else:
        words("", NOTHING)
