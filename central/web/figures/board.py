"""All figures of a period: the headlines, then a table for each subject, then cameras and the platform."""

from collections.abc import Collection, Iterable, Sequence

from central.core.kpis import Beside
from central.core.kpis.registry.subjects import SUBJECT_WORDS, Subject
from central.services.figures.kpis import Outlook
from central.web.figures.devices import (
    OPENED,
    ROWS_MAX,
    DeviceLine,
    device_lines,
    failures_line,
    platform_lines,
    trouble_of,
)
from central.web.figures.parts import Column, cell, link, row, table, text
from central.web.figures.reading import Cameras, Devices
from central.web.figures.subjects import HEADLINES, by_subject
from central.web.figures.view import View
from central.web.figures.wording import NOTHING, Line, Side, line_of, shown_sides
from central.web.seat.pieces import attribute, block, heading, words
from central.web.seat.visit import Visit


class Board:
    """Draws what was read for all figures, in the current place."""

    def __init__(self, visit: Visit, view: View) -> None:
        self._visit, self._view = visit, view
        self._shown: Collection[Beside] = ()

    def figures(self, outlooks: Sequence[Outlook]) -> None:
        """Headlines and a table for each subject."""
        lines = {one.figure.indicator: line_of(one, self._visit.texts) for one in outlooks}
        self._shown = shown_sides(lines.values())
        with block("gw-heads", "ul"):
            for name in HEADLINES:
                if name in lines:
                    self._headline(lines[name])
        subjects = by_subject((name, line) for name, line in lines.items() if name not in OPENED)
        self._ways(subjects)
        for subject, listed in subjects.items():
            with block("gw-subject", "section") as section:
                name = SUBJECT_WORDS[subject].say(self._visit.texts.language)
                heading("gw-subject__title", name, level=3).props(f"id=gw-subject-{subject}")
                self._table(listed, name)
            attribute(section, "aria-labelledby", f"gw-subject-{subject}")

    def _ways(self, subjects: Iterable[Subject]) -> None:
        """Links to each subject on this page."""
        visit = self._visit
        with block("gw-subjects", "nav") as ways:
            for subject in subjects:
                link("gw-preset", SUBJECT_WORDS[subject].say(visit.texts.language), f"#gw-subject-{subject}")
            for name in ("part_devices", "part_cameras"):
                link("gw-preset", visit.say(f"figures.{name}"), f"#gw-{name}")
        attribute(ways, "aria-label", visit.say("figures.subjects"))

    def devices(self, found: Devices) -> None:
        """Cameras and the platform."""
        texts = self._visit.texts
        self._device_table(device_lines(found.online, found.now, texts), texts.say("figures.cameras"))
        self._device_table(platform_lines(found.system, texts), texts.say("figures.platform"))

    def cameras(self, found: Cameras) -> None:
        """How often cameras failed, and those that were in trouble, worst first."""
        visit = self._visit
        self._device_table((failures_line(found.rows, visit.texts),), visit.say("figures.camera_failures"))
        if not found.troubled:
            words("gw-muted gw-part__word", visit.say("figures.no_trouble"))
            return
        count = visit.say("figures.troubled", count=len(found.troubled), total=len(found.rows))
        words("gw-part__word", count)
        columns = [
            Column(visit.word("figures_trouble", name), is_number=name not in {"camera", "place", "site"})
            for name in ("camera", "place", "site", "share", "offline", "unknown", "failures")
        ]
        with table("trouble", columns, visit.say("figures.trouble_table")):
            for one in found.troubled[:ROWS_MAX]:
                told = trouble_of(one, found.places.get(one.camera, ""), visit.texts)
                said = (told.camera, told.place, told.site, told.share, told.offline, told.unknown, told.failures)
                with row():
                    for number, (column, value) in enumerate(zip(columns, said, strict=True)):
                        cell(column, value, is_head=number == 0)
        if len(found.troubled) > ROWS_MAX:
            words("gw-muted gw-part__word", visit.say("figures.cut", count=ROWS_MAX))

    def _headline(self, line: Line) -> None:
        with block("gw-head", "li"):
            link("gw-head__name", line.name, self._address(line))
            words("gw-head__value", line.value)
            words("gw-head__numbers", line.numbers or NOTHING)
            if line.reason:
                words("gw-head__word", line.reason)
            for side in line.sides[:1]:
                side_words("gw-head__word", side)

    def _table(self, lines: Sequence[Line], caption: str) -> None:
        visit = self._visit
        sides = [side.name for side in lines[0].sides if side.beside in self._shown]
        columns = [
            Column(visit.say("figures.column_figure")),
            Column(visit.say("figures.column_value"), is_number=True),
            *(Column(name, is_number=True) for name in sides),
        ]
        with table("figures", columns, caption):
            for line in lines:
                with row():
                    with cell(columns[0], is_head=True):
                        link("gw-figure-link", line.name, self._address(line))
                    with cell(columns[1]):
                        value_of(line)
                    told = [side for side in line.sides if side.beside in self._shown]
                    for column, side in zip(columns[2:], told, strict=True):
                        with cell(column):
                            side_of(side)

    def _device_table(self, lines: Sequence[DeviceLine], caption: str) -> None:
        visit = self._visit
        columns = [
            Column(visit.say("figures.column_figure")),
            Column(visit.say("figures.column_value"), is_number=True),
            Column(visit.say("figures.column_target"), is_number=True),
        ]
        with table("devices", columns, caption):
            for line in lines:
                with row():
                    self._device_name(columns[0], line)
                    with cell(columns[1]), block("gw-value"):
                        words("gw-value__main", line.value)
                        if line.numbers:
                            words("gw-value__numbers", line.numbers)
                        for note in (line.reason, *line.notes):
                            if note:
                                words("gw-value__note", note)
                    with cell(columns[2]), block("gw-side"):
                        words("gw-side__other", line.target or NOTHING)
                        if line.verdict:
                            words(f"gw-side__change gw-tone gw-tone--{line.tone}", line.verdict)

    def _device_name(self, column: Column, line: DeviceLine) -> None:
        if not line.figure:
            cell(column, line.name, is_head=True)
            return
        with cell(column, is_head=True):
            link("gw-figure-link", line.name, self._view.of(line.figure).address(self._visit.texts.language))

    def _address(self, line: Line) -> str:
        return self._view.of(line.figure).address(self._visit.texts.language)


def value_of(line: Line) -> None:
    """A value with what has to be known beside it."""
    with block("gw-value"):
        words("gw-value__main", line.value)
        if line.numbers:
            words("gw-value__numbers", line.numbers)
        if line.share is not None:
            with block("gw-value__how"):
                bar(line)
                words("", line.interval)
        if line.reason:
            words("gw-value__note", line.reason)
        for note in line.notes:
            words("gw-value__note", note)


def bar(line: Line) -> None:
    """The share as a bar with its interval, for the eye alone: the numbers stand beside it."""
    low, high = line.edges or (line.share or 0, line.share or 0)
    with block("gw-bar").props("aria-hidden=true"):
        block("gw-bar__filled").style(f"width: {100 * (line.share or 0):.2f}%")
        block("gw-bar__edges").style(f"left: {100 * low:.2f}%; width: {100 * (high - low):.2f}%")


def side_of(side: Side) -> None:
    """What stands beside, in a cell of its own."""
    with block("gw-side"):
        words("gw-side__other", side.other)
        if side.change:
            with block(f"gw-side__change gw-tone gw-tone--{side.tone}"):
                text("span", "", side.change)
                text("span", "gw-side__verdict", side.verdict)


def side_words(classes: str, side: Side) -> None:
    """What stands beside, in one line."""
    with block(classes):
        text("span", "", side.name)
        if side.change:
            text("span", f"gw-tone gw-tone--{side.tone}", f"{side.change} {side.verdict}")
        else:
            text("span", "", side.other)
