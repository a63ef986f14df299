"""A central in which something of everything has happened."""

from datetime import date

from central.core.availability.maintenance import Scope
from central.core.case_machine import CaseAction, TransferAnswer
from central.core.exchange import Party, Wants
from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesHour
from central.core.kpis import Target, frozen, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.places import Crs
from central.core.places.nearest import Component
from central.core.places.reading import ComponentDraft
from central.core.registers import Register
from central.core.standards import Draft
from central.core.values import Delivery, Role
from central.services.access import Access
from central.services.cases.legal_holds import LegalHolds
from central.services.cases.receipts import Receipt, Receipts
from central.services.desks.actions import CaseRules
from central.services.exchange import Exchange
from central.services.figures.device_notes import DeviceNotes
from central.services.figures.device_notes import Draft as Window
from central.services.figures.planning.targets import KpiTargets
from central.services.figures.registers import Registers
from central.services.figures.witnesses import Ticker
from central.services.places import Places
from central.services.standards import Standards
from central.settings.sheet_file import read_sheet
from central.stores.ports import PageRequest, Stores
from protocol.messages import CameraReason, CameraState, EvidenceKind, EvidenceRef
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.project_records import keep_records
from tests.support.sources import REPOSITORY
from tests.support.speaking_box import SpeakingBox, later

MONTH = period_of(CalendarUnit.MONTH, date(2026, 3, 1))
EXAMPLE = REPOSITORY / "docs" / "examples" / "standards.csv"


def fill(stores: Stores) -> None:
    """Put in cases of people and of a box, lines, a picture, reports, a gap, alerts, standards, figures, a person.

    And a component, a partner with what waits for it, transfers with and without a receipt.
    """
    staff, central, box = Staff(stores), Central(stores), SpeakingBox()
    Access(stores).add_actor("wang", Role.OPERATOR, later(0), staff.random)
    central.register(box)
    LegalHolds(stores).set(staff.handled().case.id, "court 2026-17", OPERATOR, staff.now)
    staff.report(description="暴露垃圾")
    given_to_partners(staff)
    standards = Standards(stores, CaseRules().timing.clockwork)
    draft = standards.read(read_sheet(EXAMPLE))
    assert isinstance(draft, Draft)
    standards.adopt(draft, EXAMPLE.name, OPERATOR, later(0))
    picture = EvidenceRef(sha256=PICTURE_SHA, bytes=len(PICTURE), at=later(0), kind=EvidenceKind.RAISED)
    central.receive(box.birth(0), box.heartbeat(1), box.scene(5, evidence=(picture,)), box.scene(8, zone="z2"))
    central.receive(box.camera(CameraState.OFFLINE, 10, reason=CameraReason.STALLED), box.gap(4, 6, 12, seq=7))
    central.receive(Delivery(box.scene(0).topic, b"{", later(0)))
    notes = DeviceNotes(stores)
    notes.announce(Window(Scope.BOX, "b1", later(0), later(60), "检修"), OPERATOR, later(0))
    notes.set_makers({"b1.cam-1": ("甲", "T1")})
    Ticker(stores, "a").tick(later(0), 0.0)
    keep_records(stores)
    with stores.writing() as unit:
        unit.months.add(frozen(MONTH, MONTH.end, unit.months.marks(MONTH), ()))
    KpiTargets(stores).say([Target("closing_rate", 0.9, "甲", date(2026, 1, 1), "计划")], OPERATOR, later(0))
    registers = Registers(stores)
    registers.enter(Register.OUTSIDE_CASES, {"month": "2026-02", "cases": "4", "source": "月报"}, OPERATOR, later(0))
    registers.see(OPERATOR, ["b1.cam-1"], later(30))
    stores.series.write([SeriesPoint("fps", "b1.cam-1", later(minute * 60), 9.5) for minute in range(3)])
    stores.series.write_hours([SeriesHour("fps", "b1.cam-1", later(0), 3, 9.5, 9.5, 9.5)])


def given_to_partners(staff: Staff) -> None:
    """Add a partner that has a token; transfer a case that it answers, and one that it does not."""
    exchange, receipts = Exchange(staff.stores), Receipts(staff.stores, CaseRules())
    url = "https://police.example/hook"
    exchange.add_partner(
        "police", Party.POLICE, url, Wants.TRANSFERRED, actor=OPERATOR, now=later(0), random=staff.random
    )
    police = receipts.holder(receipts.new_token("police", staff.random))
    assert police is not None
    stand = Component("6205230305000007", "垃圾箱", "03-05", "环卫所", "12 号", 34.7365, 105.3385)
    Places(staff.stores).adopt(ComponentDraft((stand,)), "c.csv", Crs.WGS84, OPERATOR, later(0))
    for _ in range(2):
        case = staff.walk(staff.report(position=stand.position, crs=Crs.GCJ02).case.id, CaseAction.ACCEPT).case.id
        staff.walk(case, CaseAction.REGISTER, CaseAction.TRANSFER)
    (first, _) = receipts.transfers(police, PageRequest(9), unanswered=True).items
    receipts.give(police, first.transfer.id, Receipt(TransferAnswer.ACCEPTED, "110-7"), staff.now)
    exchange.number()
