"""Registers and the figures that rest on them, on both databases."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from central.core.availability.spans import Span
from central.core.case_machine import CaseAction
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import Figure, Part, Period, period_between, period_of
from central.core.kpis.composites import SHIPPED
from central.core.kpis.periods import CalendarUnit
from central.core.places import Crs
from central.core.places.grid import Grid, GridDraft
from central.core.places.position import Position
from central.core.registers import COLUMNS, EntryRefused, Register
from central.core.standards import Draft, SheetRow
from central.core.values import CaseSource
from central.services.figures.kpis import Kpis
from central.services.figures.planning.scores import Scores
from central.services.figures.registers import EntryUnknown, Registers
from central.services.places import Places
from central.services.standards import Standards
from central.settings.sheet_file import read_sheet
from central.stores.ports import Asked, PageRequest, Stores
from protocol.messages import EvidenceKind, EvidenceRef
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.full_central import EXAMPLE
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later

CHINA = ZoneInfo("Asia/Shanghai")
MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 2))
AFTER = MARCH.end + timedelta(days=3)


@pytest.fixture
def registers(stores: Stores) -> Registers:
    return Registers(stores)


@pytest.fixture
def kpis(stores: Stores) -> Kpis:
    return Kpis(stores, BUILT_IN_CLOCKWORK)


def cells(register: Register, *values: str) -> Mapping[str, str]:
    return dict(zip(COLUMNS[register], values, strict=True))


def parts(kpis: Kpis, name: str, period: Period = MARCH) -> tuple[Part, ...]:
    return kpis.parts(name, Asked(period, AFTER), None, PageRequest(100)).items


def divided(figure: Figure) -> tuple[int, int]:
    return figure.hits, figure.total


def test_entries_are_versions_of_which_the_last_stands(registers: Registers) -> None:
    shift = cells(Register.ROSTER, "1", "wang", "2026-03-02 08:00", "2026-03-02 16:00")
    shorter = {**shift, "to": "2026-03-02 12:00"}
    first = registers.enter(Register.ROSTER, shift, OPERATOR, later(0))
    registers.enter(Register.ROSTER, shift, OPERATOR, later(1))
    registers.enter(Register.ROSTER, shorter, OPERATOR, later(2))
    (entry,) = registers.entries(Register.ROSTER, PageRequest(9)).items
    assert (entry.written.key, entry.noted_at) == (first.written.key, later(2))
    registers.withdraw(Register.ROSTER, entry.written.key, OPERATOR, later(3))
    assert registers.entries(Register.ROSTER, PageRequest(9)).items == ()
    for register, key in ((Register.ROSTER, entry.written.key), (Register.POPULATION, first.written.key)):
        with pytest.raises(EntryUnknown):
            registers.withdraw(register, key, OPERATOR, later(4))


def test_a_table_is_taken_whole_or_not_at_all(registers: Registers) -> None:
    head = SheetRow(1, tuple(COLUMNS[Register.ROSTER]))
    good = SheetRow(2, ("1", "wang", "2026-03-02 08:00", "2026-03-02 16:00"))
    meets = SheetRow(3, ("1", "li", "2026-03-02 15:00", "2026-03-02 23:00"))
    with pytest.raises(EntryRefused, match="row 3, from: a seat has one person"):
        registers.enter_all(Register.ROSTER, [head, good, meets], OPERATOR, later(0))
    assert registers.entries(Register.ROSTER, PageRequest(9)).items == ()
    assert registers.enter_all(Register.ROSTER, [head, good], OPERATOR, later(0)) == (1, 1)
    assert registers.enter_all(Register.ROSTER, [head, good], OPERATOR, later(9)) == (1, 0)
    with pytest.raises(EntryRefused, match="row 3, from: a seat has one person"):
        registers.enter_all(Register.ROSTER, [head, meets], OPERATOR, later(10))


def test_what_the_city_did_not_import_is_refused(stores: Stores, registers: Registers) -> None:
    square = ((105.0, 34.0), (105.001, 34.0), (105.001, 34.001), (105.0, 34.0))
    draft = GridDraft((Grid("33040200100101", "一格", (square,)),))
    Places(stores).adopt(draft, "g.geojson", Crs.WGS84, OPERATOR, later(0))
    registers.enter(
        Register.POPULATION, cells(Register.POPULATION, "330402001001", "2026", "10", "公报"), OPERATOR, later(1)
    )
    with pytest.raises(EntryRefused, match="community: '330402001002' is not in what the city imported"):
        registers.enter(
            Register.POPULATION, cells(Register.POPULATION, "330402001002", "2026", "10", "公报"), OPERATOR, later(1)
        )
    duty = ("04-01", "33040200100102", "2026-01-01", "2027-01-01")
    with pytest.raises(EntryRefused, match="grid: '33040200100102'"):
        registers.enter(Register.INSPECTION_DUTY, cells(Register.INSPECTION_DUTY, *duty), OPERATOR, later(1))


def test_seats_are_used_in_the_hours_in_which_somebody_acts(stores: Stores, registers: Registers, kpis: Kpis) -> None:
    staff = Staff(stores)
    case = staff.report().case
    staff.walk(case.id, CaseAction.ACCEPT, CaseAction.REGISTER)
    with stores.reading() as unit:
        steps = unit.history.of_case(case.id, PageRequest(9)).items
    person, at = steps[-1].actor.name, steps[-1].at.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)
    begin, until = at - timedelta(hours=2), at + timedelta(hours=3, minutes=30)
    written = (f"{moment:%Y-%m-%d %H:%M}" for moment in (begin, until))
    registers.enter(Register.ROSTER, cells(Register.ROSTER, "1", person, *written), OPERATOR, staff.now)
    hours = {int((step.at - begin).total_seconds() // 3600) for step in steps if step.actor.name == person}
    period, now = Period(begin - timedelta(days=1), until + timedelta(days=1)), until + timedelta(days=2)
    figure = kpis.figure("seat_usage", period, now)
    assert divided(figure) == (3600 * len(hours), 5 * 3600 + 1800)
    assert figure.value == pytest.approx(len(hours) / 5.5)
    assert kpis.figure("seat_usage", period, begin - timedelta(hours=1)).value is None
    half = kpis.figure("seat_usage", Period(period.begin, at), now)
    assert half.total == 2 * 3600
    assert [one.group for one in kpis.grouped("seat_usage", period, now, "person")] == [person]


def test_cases_outside_are_noted_by_whole_months(registers: Registers, kpis: Kpis) -> None:
    year = period_between("2026-01-01", "2026-04-01")
    for month, count in (("2026-01", "10"), ("2026-02", "20")):
        noted = cells(Register.OUTSIDE_CASES, month, count, "月报")
        registers.enter(Register.OUTSIDE_CASES, noted, OPERATOR, later(0))
    reason = kpis.figure("case_usage", year, AFTER).reason
    assert reason is not None
    assert "2026-03" in reason.zh
    registers.enter(Register.OUTSIDE_CASES, cells(Register.OUTSIDE_CASES, "2026-03", "5", "月报"), OPERATOR, later(1))
    assert (kpis.figure("case_usage", year, AFTER).value, divided(kpis.figure("case_usage", year, AFTER))) == (
        0,
        (0, 35),
    )
    assert [part.total for part in parts(kpis, "case_usage", year)] == [0, 10, 20, 5]
    for begin, end in (("2026-01-02", "2026-04-01"), ("2026-01-01", "2026-03-31")):
        reason = kpis.figure("case_usage", period_between(begin, end), AFTER).reason
        assert reason is not None
        assert "whole months" in reason.en


def test_a_camera_is_used_when_it_is_viewed_or_its_case_holds(stores: Stores, registers: Registers, kpis: Kpis) -> None:
    central, box = Central(stores), SpeakingBox()
    central.register(box)
    central.receive(box.birth(0, cameras=("cam-1", "cam-2")), box.heartbeat(1), at_s=1)
    assert divided(kpis.figure("camera_usage", MARCH, AFTER)) == (0, 2)
    registers.see(OPERATOR, ["b1.cam-1", "b1.cam-1"], later(5))
    registers.see(OPERATOR, ["b1.cam-1"], later(50))
    with stores.reading() as unit:
        (view,) = unit.registers.views(Span(MARCH.begin, MARCH.end))
    assert (view.first_at, view.camera) == (later(5), "b1.cam-1")
    assert divided(kpis.figure("camera_usage", MARCH, AFTER)) == (1, 2)
    assert divided(kpis.figure("camera_usage", MARCH.last, AFTER)) == (0, 0)
    assert {part.id: part.note for part in parts(kpis, "camera_usage")} == {"b1.cam-1": "viewed", "b1.cam-2": ""}


def test_opening_a_picture_of_a_camera_is_a_view(stores: Stores, registers: Registers) -> None:
    central, box = Central(stores), SpeakingBox()
    central.register(box)
    picture = EvidenceRef(sha256=PICTURE_SHA, bytes=len(PICTURE), at=later(0), kind=EvidenceKind.RAISED)
    central.receive(box.birth(0), box.heartbeat(1), box.scene(5, evidence=(picture,)))
    for at in (10, 20):
        registers.see_picture(OPERATOR, PICTURE_SHA, later(at))
        registers.see_picture(OPERATOR, "0" * 64, later(at))
    with stores.reading() as unit:
        found = unit.registers.views(Span(MARCH.begin, MARCH.end))
    assert [(view.camera, view.person, view.first_at) for view in found] == [("b1.cam-1", OPERATOR.name, later(10))]


def verified(staff: Staff) -> None:
    """Let a citizen's report be verified, accepted and registered."""
    case = staff.report(CaseSource.HOTLINE, position=Position(34.0003, 105.0008), crs=Crs.WGS84).case.id
    staff.walk(case, CaseAction.SEND_VERIFY, CaseAction.VERIFY, CaseAction.ACCEPT, CaseAction.REGISTER)


def test_participation_is_reports_by_people(stores: Stores, registers: Registers, kpis: Kpis) -> None:
    square = ((105.0, 34.0), (105.001, 34.0), (105.001, 34.001), (105.0, 34.0))
    grids = GridDraft((Grid("33040200100101", "一格", (square,)),))
    Places(stores).adopt(grids, "g.geojson", Crs.WGS84, OPERATOR, later(0))
    staff = Staff(stores)
    verified(staff)
    assert kpis.figure("public_participation", MARCH, AFTER).value is None
    for year, people in (("2020", "900"), ("2024", "400"), ("2027", "5")):
        noted = cells(Register.POPULATION, "330402001001", year, people, "公报")
        registers.enter(Register.POPULATION, noted, OPERATOR, later(0))
    figure = kpis.figure("public_participation", MARCH, AFTER)
    assert (figure.value, divided(figure)) == (1 / 400, (1, 400))
    assert [one.group for one in kpis.grouped("public_participation", MARCH, AFTER, "community")] == ["330402001001"]
    late = period_of(CalendarUnit.MONTH, date(2036, 3, 1))
    assert kpis.figure("public_participation", late, late.end).total == 5
    early = period_of(CalendarUnit.YEAR, date(1990, 1, 1))
    assert kpis.figure("public_participation", early, AFTER).value is None


def test_what_collectors_had_to_find_is_missed(stores: Stores, registers: Registers, kpis: Kpis) -> None:
    square = ((105.0, 34.0), (105.001, 34.0), (105.001, 34.001), (105.0, 34.0))
    grids = GridDraft((Grid("33040200100101", "一格", (square,)),))
    Places(stores).adopt(grids, "g.geojson", Crs.WGS84, OPERATOR, later(0))
    standards = Standards(stores, BUILT_IN_CLOCKWORK)
    draft = standards.read(read_sheet(EXAMPLE))
    assert isinstance(draft, Draft)
    standards.adopt(draft, EXAMPLE.name, OPERATOR, later(0))
    with stores.reading() as unit:
        book = unit.standards.book(unit.standards.version())
    assert book is not None
    standard = book.standards[0]
    staff = Staff(stores)
    case = staff.report(CaseSource.HOTLINE, position=Position(34.0003, 105.0008), crs=Crs.WGS84).case.id
    staff.walk(case, CaseAction.SEND_VERIFY, CaseAction.VERIFY, CaseAction.ACCEPT)
    staff.act(case, CaseAction.REGISTER, condition=standard.id)
    other = staff.report(CaseSource.COLLECTOR).case.id
    staff.walk(other, CaseAction.ACCEPT)
    staff.act(other, CaseAction.REGISTER, condition=standard.id)
    assert kpis.figure("missed_report_rate", MARCH, AFTER).value is None
    with pytest.raises(EntryRefused, match="class: '99'"):
        enter_duty(registers, "99", "33040200100101", "2026-01-01", "2027-01-01")
    enter_duty(registers, standard.code, "33040200100101", "2026-01-01", "2026-03-02")
    assert divided(kpis.figure("missed_report_rate", MARCH, AFTER)) == (0, 2)
    enter_duty(registers, standard.code[:2], "330402001001", "2026-01-01", "2027-01-01")
    figure = kpis.figure("missed_report_rate", MARCH, AFTER)
    assert (figure.value, divided(figure)) == (0.5, (1, 2))
    assert [part.id for part in parts(kpis, "missed_report_rate") if part.hits] == [case]
    by_grid = {one.group: divided(one) for one in kpis.grouped("missed_report_rate", MARCH, AFTER, "grid")}
    assert by_grid == {"": (0, 1), "33040200100101": (1, 1)}
    scored = Scores(stores, SHIPPED, kpis).score("collector", MARCH, AFTER, "person")
    assert scored.whole is not None
    for one, points in ((scored.whole, 50), *((person, None) for person in scored.scores)):
        assert {part.points for part in one.composite.parts if part.part.of.id == "missed_report_rate"} == {points}
    assert scored.total == 1


def enter_duty(registers: Registers, *values: str) -> None:
    """Note a duty."""
    registers.enter(Register.INSPECTION_DUTY, cells(Register.INSPECTION_DUTY, *values), OPERATOR, later(0))
