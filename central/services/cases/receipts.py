"""What an outside party does by itself: read the cases that were transferred to it, and say what it answers."""

from dataclasses import dataclass
from datetime import datetime

from central.core.access import PARTNER_TOKEN_PREFIX, SECRET_BYTES, fingerprint, new_partner_token, token_form
from central.core.case_machine import CaseAction, TransferAnswer, Wish
from central.core.cases.casefile import Case
from central.core.exchange.transfers import Transfer
from central.core.values import Actor, ActorKind, Page, RandomBytes
from central.services.desks.actions import ActionDesk, CaseRules
from central.services.desks.transfers import note_transfer, receipt_details
from central.services.exchange import PartnerUnknown
from central.stores.ports import PageRequest, Stores, Unit


class TransferUnknown(LookupError):
    """There is no such transfer, or it is another party's: a partner is not told which."""


class ReceiptGiven(Exception):
    """The transfer has another answer already."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a party says: whether it has accepted the case, and what that is called there."""

    answer: TransferAnswer
    external_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer with the case as it is now."""

    transfer: Transfer
    case: Case


class Receipts:
    """Everything that a partner's own token opens; each partner sees and answers its own transfers alone."""

    def __init__(self, stores: Stores, rules: CaseRules) -> None:
        self._stores = stores
        self._rules = rules

    def new_token(self, name: str, random: RandomBytes) -> str:
        """Give a partner another token, which is told only here; the one before ends. Raises `PartnerUnknown`."""
        token = new_partner_token(random(SECRET_BYTES))
        self._set(name, fingerprint(token))
        return token

    def revoke(self, name: str) -> None:
        """End a partner's token at once. Raises `PartnerUnknown`."""
        self._set(name, None)

    def holder(self, token: str) -> Actor | None:
        """The partner whose token it is."""
        if not token_form(token, PARTNER_TOKEN_PREFIX):
            return None
        with self._stores.reading() as unit:
            name = unit.partners.holder(fingerprint(token))
        return Actor(ActorKind.PARTNER, name) if name is not None else None

    def transfers(self, partner: Actor, page: PageRequest, *, unanswered: bool) -> Page[TransferView]:
        """A partner's transfers, oldest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            found = unit.transfers.find(page, unanswered=unanswered, partner=partner.name)
            cases = unit.cases.get(sorted({one.case for one in found.items}))
        return Page(tuple(TransferView(one, cases[one.case]) for one in found.items), found.next)

    def give(self, partner: Actor, transfer: str, receipt: Receipt, now: datetime) -> TransferView:
        """Note the answer of the party as a step of the case, in one transaction; the same once more changes nothing.

        Raises `TransferUnknown`, `ReceiptGiven` or `CaseProblem`.
        """
        with self._stores.writing() as unit:
            case = _own(unit, partner, transfer).case
            desk = ActionDesk(unit, self._rules, partner, now)
            desk.lock(sorted({case, *unit.cases.related(case)}))
            before, asked = desk.case(case), _own(unit, partner, transfer)
            if before is None:
                raise TransferUnknown("there is no such transfer")
            if asked.answer is not None:
                return _given_before(asked, receipt, before)
            wish = Wish(CaseAction.RECEIPT, note=receipt.note, external_id=receipt.external_id, answer=receipt.answer)
            after = desk.act(before, wish, receipt_details(wish))
            note_transfer(unit, after, wish, partner, now)
            desk.flush()
            return TransferView(_own(unit, partner, transfer), after)

    def _set(self, name: str, token_hash: str | None) -> None:
        with self._stores.writing() as unit:
            if unit.partners.get(name) is None:
                raise PartnerUnknown(f"there is no partner called {name}")
            unit.partners.set_token(name, token_hash)


def _own(unit: Unit, partner: Actor, transfer: str) -> Transfer:
    found = unit.transfers.get(transfer)
    if found is None or found.partner != partner.name:
        raise TransferUnknown("there is no such transfer")
    return found


def _given_before(asked: Transfer, receipt: Receipt, case: Case) -> TransferView:
    if (asked.answer, asked.external_id) != (receipt.answer, receipt.external_id):
        raise ReceiptGiven(
            f"this transfer is answered already: {asked.answer}, {asked.external_id or 'without a number'}; "
            "ask the centre to transfer it again"
        )
    return TransferView(asked, case)
