"""What partners are told, on every database: with the change or not at all, in numbers without gaps, once."""

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from central.core.case_machine import CaseAction, CaseStatus, GuardRefused, TransferAnswer
from central.core.clock import Clock
from central.core.exchange import Change, DeliveryPolicy, Party, Target, Wants
from central.core.exchange.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, signature
from central.core.retention import RetentionPolicy
from central.core.values import Actor, ActorKind
from central.gateway.deliverer import Deliverer
from central.notify.channel import Permanent, Retryable
from central.services.access import Access
from central.services.cases.audits import Audits
from central.services.cases.leases import Leases
from central.services.cases.receipts import Receipt, ReceiptGiven, Receipts, TransferUnknown
from central.services.desks.actions import CaseRules
from central.services.desks.transfers import PartnerMissing
from central.services.exchange import ChangesGone, Exchange, PartnerRefused, PartnerUnknown
from central.services.retention import Retention
from central.stores.open_stores import SqlStores
from central.stores.ports import PageRequest, Stores
from protocol.messages import CameraState
from tests.support.casework import TO_CHECK, Staff
from tests.support.central_stores import OPERATOR, Central, Counter
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import crashing, rows


@dataclass
class Partner:
    """A partner's system in virtual time: it is down, or refuses some subjects, and notes what it takes."""

    exchange: Exchange
    now: datetime = field(default_factory=lambda: later(0))
    down: tuple[tuple[datetime, datetime], ...] = ()
    refuses: set[str] = field(default_factory=set)
    secret: str = ""
    tries: int = 0
    taken: list[dict[str, object]] = field(default_factory=list)

    def clock(self) -> Clock:
        """The test's time."""
        return Clock(lambda: self.now, self.mono_s)

    def mono_s(self) -> float:
        """Seconds of the test's time."""
        return self.now.timestamp()

    def send(self, _target: Target, headers: dict[str, str], body: bytes) -> None:
        """Take a delivery."""
        self.tries += 1
        if any(begin <= self.now < end for begin, end in self.down):
            raise Retryable("nobody there")
        assert headers[SIGNATURE_HEADER] == signature(self.secret, int(headers[TIMESTAMP_HEADER]), body)
        told = json.loads(body)
        if told["subject"] in self.refuses:
            raise Permanent("it answered 422")
        self.taken.append(told)

    def add(self, wants: Wants = Wants.EVERYTHING, name: str = "police") -> None:
        """Let central know it."""
        url = "https://police.example/hooks"
        told = self.exchange.add_partner(name, Party.POLICE, url, wants, actor=OPERATOR, now=self.now, random=Counter())
        self.secret = told.get_secret_value()

    def step(self) -> None:
        """Let central send."""
        Deliverer(self.exchange, self, self.clock()).step()  # type: ignore[arg-type]


@pytest.fixture
def staff(stores: Stores) -> Staff:
    return Staff(stores)


@pytest.fixture
def exchange(stores: Stores) -> Exchange:
    return Exchange(stores)


@pytest.fixture
def partner(exchange: Exchange) -> Partner:
    return Partner(exchange)


def everything(exchange: Exchange) -> list[Change]:
    """Read all changes, a few at a time, as a client would."""
    found: list[Change] = []
    after = 0
    while True:
        page = exchange.changes(after, 3)
        found += page.items
        if not page.items:
            assert after == page.last
            return found
        after = page.next


# ---------- changes ----------


def test_every_line_of_a_case_is_a_change(staff: Staff, exchange: Exchange) -> None:
    case = staff.handled().case
    told = everything(exchange)
    assert [change.seq for change in told] == list(range(1, len(told) + 1))
    assert [change.data["action"] for change in told] == [step.kind for step in staff.history(case.id)]
    last = told[-1]
    assert (last.subject, last.at, last.data["to_status"]) == (case.id, staff.now, "awaiting_check")
    assert last.data["case"]["unit"] == case.state.unit  # type: ignore[index, call-overload]
    assert "caller" not in str(told)
    assert everything(exchange) == told


def test_every_state_of_a_camera_is_a_change(central: Central, box: SpeakingBox, exchange: Exchange) -> None:
    central.receive(box.camera(CameraState.ONLINE, 10), box.camera(CameraState.OFFLINE, 20))
    told = [change for change in everything(exchange) if change.kind == "camera"]
    assert [(change.subject, change.data["state"]) for change in told] == [
        ("b1.cam-1", "online"),
        ("b1.cam-1", "offline"),
    ]


def test_no_reader_skips_what_commits_later(stores: Stores, staff: Staff, exchange: Exchange) -> None:
    if cast("SqlStores", stores).database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    first, second = staff.report().case, staff.report().case
    begun = everything(exchange)[-1].seq
    assert begun is not None
    is_written, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with stores.writing() as unit:
            unit.cases.get([first.id])
            unit.history.append([staff.history(first.id)[0]])
            is_written.set()
            may_commit.wait(20)

    slow = threading.Thread(target=slowly)
    slow.start()
    assert is_written.wait(20)
    staff.act(second.id, CaseAction.ACCEPT)
    seen = exchange.changes(begun, 100)
    assert [change.subject for change in seen.items] == [second.id]
    may_commit.set()
    slow.join()
    then = exchange.changes(seen.next, 100)
    assert [change.subject for change in then.items] == [first.id]
    assert then.next == begun + 2
    positions = [row["position"] for row in sorted(rows(stores, "changes"), key=lambda row: row["seq"])]
    assert positions != sorted(positions)


def test_a_reader_beside_many_writers_misses_nothing(stores: Stores, staff: Staff, exchange: Exchange) -> None:
    read: list[Change] = []
    is_over = threading.Event()

    def follow() -> None:
        while True:
            ends = is_over.is_set()
            page = exchange.changes(len(read), 7)
            read.extend(page.items)
            if ends and not page.items:
                return

    def work(_: int) -> None:
        case = staff.report().case.id
        for _ in range(3):
            with stores.writing() as unit:
                unit.cases.get([case])
                unit.history.append([staff.history(case)[0]])

    with ThreadPoolExecutor(7) as pool:
        reading = pool.submit(follow)
        list(pool.map(work, range(18)))
        is_over.set()
        reading.result()
    assert [change.seq for change in read] == list(range(1, 18 * 4 + 1))
    assert len({change.id for change in read}) == len(read) == len(rows(stores, "changes"))
    lines: dict[str, list[object]] = {}
    for change in read:
        lines.setdefault(change.subject, []).append(change.data["line"])
    assert all(found == sorted(found) for found in lines.values())  # type: ignore[type-var]


def test_what_is_no_longer_kept_is_said(stores: Stores, staff: Staff, exchange: Exchange) -> None:
    staff.handled()
    kept = everything(exchange)
    staff.now += timedelta(days=100)
    Retention(stores, RetentionPolicy()).step(staff.now)
    assert everything_after(exchange, kept[-2].seq) == kept[-1:]
    with pytest.raises(ChangesGone) as gone:
        exchange.changes(0, 10)
    assert gone.value.first == kept[-1].seq
    new = staff.report().case.id
    assert [(one.seq, one.subject) for one in everything_after(exchange, kept[-1].seq)] == [(len(kept) + 1, new)]


def test_a_clock_that_was_behind_for_a_while_leaves_no_hole(stores: Stores, staff: Staff) -> None:
    exchange, now = Exchange(stores), staff.now
    for at in (now, now - timedelta(days=200), now + timedelta(seconds=1), now + timedelta(seconds=2)):
        staff.now = at
        staff.report()
    kept = everything(exchange)
    for _ in range(3):
        Retention(stores, RetentionPolicy()).step(now + timedelta(days=1))
    assert everything(exchange) == kept
    assert [one.seq for one in kept] == [1, 2, 3, 4]
    Retention(stores, RetentionPolicy()).step(now + timedelta(days=91))
    assert [one.seq for one in everything_after(exchange, 3)] == [4]


def everything_after(exchange: Exchange, seq: int | None) -> list[Change]:
    """Read one page."""
    return list(exchange.changes(seq or 0, 100).items)


# ---------- deliveries ----------


@pytest.mark.parametrize("table", ["changes", "deliveries"])
def test_a_delivery_is_written_with_its_change_or_neither(table: str, staff: Staff, partner: Partner) -> None:
    partner.add()
    case = staff.report().case
    before = [rows(staff.stores, name) for name in ("cases", "case_steps", "changes", "deliveries")]
    with crashing(staff.stores, "INSERT", table), pytest.raises(Exception, match="injected"):
        staff.act(case.id, CaseAction.ACCEPT)
    assert [rows(staff.stores, name) for name in ("cases", "case_steps", "changes", "deliveries")] == before
    staff.act(case.id, CaseAction.ACCEPT)
    assert len(rows(staff.stores, "deliveries")) == len(rows(staff.stores, "changes")) == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_partner_that_is_down_for_six_hours_gets_everything_once_and_in_order(
    seed: int, staff: Staff, partner: Partner
) -> None:
    draw = random.Random(seed)
    hours = timedelta(hours=1)
    partner.add()
    partner.down = ((later(0) + hours, later(0) + 7 * hours),)
    cases: list[str] = []
    end = later(0) + 9 * hours
    deliverer = Deliverer(partner.exchange, partner, partner.clock())  # type: ignore[arg-type]
    while partner.now < end or partner.exchange.callable_partners(partner.now):
        partner.now += timedelta(seconds=draw.randint(20, 90))
        staff.now = max(staff.now, partner.now)
        if partner.now < end and draw.random() < 0.25:
            one_thing_happens(staff, cases, draw)
        if draw.random() < 0.01:
            deliverer = Deliverer(Exchange(staff.stores), partner, partner.clock())  # type: ignore[arg-type]
        deliverer.step()
    told = everything(partner.exchange)
    assert len(told) > 60
    assert sorted(one["id"] for one in partner.taken) == sorted(change.id for change in told)  # type: ignore[type-var]
    for case in cases:
        lines = [one["data"]["line"] for one in partner.taken if one["subject"] == case]  # type: ignore[index]
        assert lines == list(range(1, len(lines) + 1))
    in_vain = partner.tries - len(partner.taken)
    assert 50 <= in_vain <= 80
    assert partner.now < end + hours
    assert [one.findings for one in Audits(staff.stores).check() if one.findings] == []


def one_thing_happens(staff: Staff, cases: list[str], draw: random.Random) -> None:
    """Somebody reports a case, or takes one a step on."""
    if not cases or draw.random() < 0.3:
        cases.append(staff.report().case.id)
        return
    case = draw.choice(cases)
    done = sum(step.kind in TO_CHECK for step in staff.history(case))
    if done < len(TO_CHECK):
        staff.act(case, TO_CHECK[done])


def test_a_refused_change_holds_up_its_own_case_alone_and_dies(staff: Staff, partner: Partner) -> None:
    partner.add()
    bad, good = staff.report().case.id, staff.report().case.id
    partner.refuses = {bad}
    staff.act(bad, CaseAction.ACCEPT)
    staff.act(good, CaseAction.ACCEPT)
    partner.now = staff.now
    partner.step()
    assert [one["subject"] for one in partner.taken] == [good, good]
    for _ in range(60):
        partner.now += timedelta(seconds=100)
        partner.step()
    (view,) = partner.exchange.partners()
    assert (view.backlog.waiting, view.backlog.dead) == (0, 2)
    assert partner.tries == 2 + 2 * DeliveryPolicy().refusals_max
    partner.refuses = set()
    partner.step()
    assert len(partner.taken) == 2
    assert partner.exchange.revive("police", partner.now) == 2
    partner.step()
    assert [(one["subject"], one["data"]["line"]) for one in partner.taken[2:]] == [(bad, 1), (bad, 2)]  # type: ignore[index]
    assert partner.exchange.partners()[0].backlog.dead == 0


def test_what_nobody_took_for_three_days_is_given_up_and_counted(staff: Staff, partner: Partner) -> None:
    partner.add()
    partner.down = ((later(0), later(0) + timedelta(days=9)),)
    staff.report()
    partner.now += timedelta(hours=1)
    partner.step()
    (view,) = partner.exchange.partners()
    assert (view.backlog.waiting, view.backlog.oldest_at, view.partner.failures) == (1, later(0), 1)
    assert view.partner.error == "nobody there"
    partner.now += timedelta(hours=72)
    partner.step()
    assert (partner.exchange.partners()[0].backlog.waiting, partner.exchange.partners()[0].backlog.dead) == (0, 1)
    assert partner.taken == []


@pytest.mark.parametrize(("wants", "kinds"), [(Wants.CASES, {"case"}), (Wants.CAMERAS, {"camera"})])
def test_a_partner_is_sent_what_it_wants(wants: Wants, kinds: set[str], staff: Staff, partner: Partner) -> None:
    partner.add(wants)
    central, box = Central(staff.stores), SpeakingBox()
    central.register(box)
    central.receive(box.camera(CameraState.ONLINE, 10))
    staff.report()
    partner.now = later(100)
    partner.step()
    assert {one["kind"] for one in partner.taken} == kinds


def test_partners_come_and_go(stores: Stores, staff: Staff, partner: Partner) -> None:
    staff.report()
    partner.add()
    partner.now = later(100)
    partner.step()
    assert partner.taken == []
    with pytest.raises(PartnerRefused, match="already"):
        partner.add()
    old = partner.secret
    new = partner.exchange.renew_secret("police", bytes).get_secret_value()
    assert not any(secret in repr(partner.exchange.partners()) for secret in (old, new))
    partner.secret = new
    staff.report()
    partner.step()
    assert len(partner.taken) == 1
    partner.exchange.remove_partner("police")
    partner.step()
    assert (rows(stores, "partners"), rows(stores, "deliveries")) == ([], [])
    for ask in (partner.exchange.remove_partner, lambda name: partner.exchange.revive(name, partner.now)):
        with pytest.raises(PartnerUnknown):
            ask("police")


# ---------- transfers ----------


def test_a_case_goes_to_an_outside_party_and_its_receipt_comes_back(staff: Staff, partner: Partner) -> None:
    partner.add(Wants.TRANSFERRED)
    case, other = (staff.walk(staff.report().case.id, *TO_CHECK[:2]).case.id for _ in range(2))
    with pytest.raises(PartnerMissing, match="no partner nobody"):
        staff.act(case, CaseAction.TRANSFER, partner="nobody")
    sent = staff.act(case, CaseAction.TRANSFER, partner="police").case
    assert (sent.state.transferred_to, sent.status) == ("police", CaseStatus.REGISTERED)
    with pytest.raises(GuardRefused):
        staff.act(case, CaseAction.TRANSFER, partner="hotline_12345")
    staff.act(other, CaseAction.DISPATCH)
    with staff.stores.reading() as unit:
        assert unit.transfers.awaited() == (1, sent.updated_at)
    (waiting,) = partner.exchange.transfers(PageRequest(9), unanswered=True).items
    assert (waiting.case, waiting.partner, waiting.sent_at, waiting.answer) == (case, "police", sent.updated_at, None)
    staff.act(case, CaseAction.RECEIPT, external_id="110-2026-7", answer=TransferAnswer.REFUSED)
    (told,) = partner.exchange.transfers(PageRequest(9), unanswered=False).items
    assert (told.external_id, told.answer, told.answered_at) == ("110-2026-7", TransferAnswer.REFUSED, staff.now)
    with staff.stores.reading() as unit:
        assert unit.transfers.awaited() == (0, None)
    partner.now = staff.now
    partner.step()
    assert [(one["subject"], one["data"]["action"]) for one in partner.taken] == [  # type: ignore[index]
        (case, "transfer"),
        (case, "receipt"),
    ]
    assert partner.taken[0]["data"]["partner"] == "police"  # type: ignore[index]
    assert [one.findings for one in Audits(staff.stores).check() if one.findings] == []


def test_a_transfer_is_written_with_its_step_or_neither(staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:2]).case
    with crashing(staff.stores, "INSERT", "case_steps"), pytest.raises(Exception, match="injected"):
        staff.act(case.id, CaseAction.TRANSFER)
    assert (rows(staff.stores, "transfers"), staff.case(case.id)) == ([], case)
    assert staff.act(case.id, CaseAction.TRANSFER).case.state.transferred_to == "police"


# ---------- receipts by the party itself ----------


def receipts_of(staff: Staff, *names: str) -> tuple[Receipts, list[Actor]]:
    """Return the service, and partners by the tokens that they were given."""
    exchange, receipts = Exchange(staff.stores), Receipts(staff.stores, CaseRules())
    for name in names:
        exchange.add_partner(name, Party.POLICE, "", Wants.CASES, actor=OPERATOR, now=later(0), random=staff.random)
    holders = [receipts.holder(receipts.new_token(name, staff.random)) for name in names]
    assert holders == [Actor(ActorKind.PARTNER, name) for name in names]
    return receipts, [holder for holder in holders if holder is not None]


def transferred(staff: Staff, partner: str) -> str:
    """Transfer a new case; returns its id."""
    case = staff.walk(staff.report().case.id, *TO_CHECK[:2]).case.id
    staff.act(case, CaseAction.TRANSFER, partner=partner)
    return case


def test_a_party_answers_its_own_transfers_by_its_own_token(staff: Staff) -> None:
    receipts, (police, traffic) = receipts_of(staff, "police", "traffic")
    case, other = transferred(staff, "police"), transferred(staff, "traffic")
    (own,) = receipts.transfers(police, PageRequest(9), unanswered=True).items
    assert (own.case.id, own.transfer.partner) == (case, "police")
    said = Receipt(TransferAnswer.ACCEPTED, "110-2026-7", "已派警")
    with pytest.raises(TransferUnknown):
        receipts.give(traffic, own.transfer.id, said, staff.now)
    with pytest.raises(TransferUnknown):
        receipts.give(police, "transfer-none", said, staff.now)
    given = receipts.give(police, own.transfer.id, said, staff.now)
    assert (given.transfer.external_id, given.transfer.answered_by) == ("110-2026-7", "police")
    assert (given.case.state.transferred_to, given.case.version) == ("", own.case.version + 1)
    line = staff.history(case)[-1]
    assert (line.kind, line.actor, line.note) == (CaseAction.RECEIPT, Actor(ActorKind.PARTNER, "police"), "已派警")
    assert line.details == {"external_id": "110-2026-7", "answer": "accepted"}
    assert receipts.transfers(police, PageRequest(9), unanswered=True).items == ()
    assert staff.case(other).state.transferred_to == "traffic"
    assert [one.findings for one in Audits(staff.stores).check() if one.findings] == []


def test_the_same_receipt_again_changes_nothing_and_another_is_refused(staff: Staff) -> None:
    receipts, (police,) = receipts_of(staff, "police")
    case = transferred(staff, "police")
    (own,) = receipts.transfers(police, PageRequest(9), unanswered=False).items
    said = Receipt(TransferAnswer.REFUSED, "110-1")
    first = receipts.give(police, own.transfer.id, said, staff.now)
    lines = staff.history(case)
    assert receipts.give(police, own.transfer.id, said, later(9000)) == first
    with pytest.raises(ReceiptGiven, match="110-1"):
        receipts.give(police, own.transfer.id, replace(said, answer=TransferAnswer.ACCEPTED), staff.now)
    assert staff.history(case) == lines
    staff.act(case, CaseAction.TRANSFER, partner="hotline_12345")
    staff.act(case, CaseAction.RECEIPT)
    staff.act(case, CaseAction.TRANSFER, partner="police")
    assert receipts.give(police, own.transfer.id, said, staff.now).transfer == first.transfer
    assert staff.case(case).state.transferred_to == "police"


def test_a_party_waits_for_nobody_at_work_and_for_no_version(staff: Staff) -> None:
    receipts, (police,) = receipts_of(staff, "police")
    case = transferred(staff, "police")
    Leases(staff.stores, CaseRules()).take(case, OPERATOR, staff.now)
    (own,) = receipts.transfers(police, PageRequest(9), unanswered=True).items
    with ThreadPoolExecutor(8) as pool:
        said = Receipt(TransferAnswer.ACCEPTED, "110-2")
        answers = list(pool.map(lambda _: receipts.give(police, own.transfer.id, said, staff.now), range(8)))
    assert {answer.transfer.external_id for answer in answers} == {"110-2"}
    assert [line.kind for line in staff.history(case)].count(CaseAction.RECEIPT) == 1


def test_a_token_ends_with_the_next_one_with_its_revocation_and_with_its_partner(staff: Staff) -> None:
    receipts, (police,) = receipts_of(staff, "police")
    first, second = receipts.new_token("police", staff.random), receipts.new_token("police", staff.random)
    assert (receipts.holder(first), receipts.holder(second)) == (None, police)
    assert Access(staff.stores).authenticate(second) is None
    assert not any(token in repr(rows(staff.stores, "partners")) for token in (first, second))
    receipts.revoke("police")
    assert receipts.holder(second) is None
    third = receipts.new_token("police", staff.random)
    Exchange(staff.stores).remove_partner("police")
    assert receipts.holder(third) is None
    for ask in (receipts.revoke, lambda name: receipts.new_token(name, staff.random)):
        with pytest.raises(PartnerUnknown):
            ask("nobody")
