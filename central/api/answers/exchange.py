"""Changes and partners as clients read them."""

from pydantic import AwareDatetime, Field, JsonValue

from central.api.answers.answer import Answer, fields
from central.core.case_machine import CaseStatus, TransferAnswer
from central.core.exchange import Change, ChangeKind, Party, Wants
from central.core.exchange.transfers import Transfer
from central.services.cases.receipts import TransferView
from central.services.exchange import ChangePage, PartnerView


class ChangeAnswer(Answer):
    """What has changed; also the body of a webhook."""

    id: str = Field(description="The same for the same change, however often it is sent")
    seq: int = Field(description="Its number; there are no gaps")
    kind: ChangeKind
    subject: str = Field(description="Id of the case, or key of the camera")
    at: AwareDatetime
    data: dict[str, JsonValue]


class ChangesAnswer(Answer):
    """Changes by number."""

    items: list[ChangeAnswer]
    next: int = Field(description="Give it as `after` to go on")
    last: int = Field(
        description="The newest number; smaller than what you have read: central was restored from a backup"
    )


class PartnerAnswer(Answer):
    """A partner, without its secret and without the path of its address."""

    name: str
    party: Party
    wants: Wants
    origin: str = Field(description="Scheme, host and port that it is sent to; empty where nothing is sent")
    waiting: int = Field(description="Deliveries that it has not got")
    oldest_at: AwareDatetime | None = Field(description="Since when the oldest of them waits")
    dead: int = Field(description="Deliveries that were given up")
    failures: int = Field(description="How often in a row it did not answer")
    next_attempt_at: AwareDatetime
    error: str = Field(description="The last reason")


class PartnersAnswer(Answer):
    """All partners."""

    items: list[PartnerAnswer]


class CaseTransferAnswer(Answer):
    """A case that was transferred to an outside party."""

    id: str
    case: str
    partner: str
    sent_at: AwareDatetime
    sent_by: str
    reason: str
    external_id: str = Field(description="What the case is called there")
    answer: TransferAnswer | None = Field(description="What they said; null while their receipt is awaited")
    answered_at: AwareDatetime | None
    answered_by: str


class PartnerTransferAnswer(Answer):
    """A case that was transferred to the asking party: where it is, what it is about, and what was answered."""

    id: str
    case: str = Field(description="The `subject` of its changes")
    number: str = Field(description="What people call it here")
    status: CaseStatus
    scene: str | None
    label: str
    place: str
    latitude: float | None = Field(description="WGS84")
    longitude: float | None
    sent_at: AwareDatetime
    external_id: str = Field(description="What you call it")
    answer: TransferAnswer | None = Field(description="null while your receipt is awaited")
    answered_at: AwareDatetime | None


def show_partner_transfer(view: TransferView) -> PartnerTransferAnswer:
    """A transfer as the party that it went to sees it: no reporter, no note, no name of a person."""
    case = view.case
    known = fields(view.transfer) | {"number": case.number, "status": case.status}
    told = {name: getattr(case, name) for name in ("scene", "label", "place", "latitude", "longitude")}
    return PartnerTransferAnswer(**known | told)


def show_transfer(transfer: Transfer) -> CaseTransferAnswer:
    """A transfer."""
    return CaseTransferAnswer.model_validate(transfer)


def show_changes(page: ChangePage) -> ChangesAnswer:
    """A page of changes."""
    return ChangesAnswer(items=[_show_change(change) for change in page.items], next=page.next, last=page.last)


def show_partner(view: PartnerView) -> PartnerAnswer:
    """A partner with its backlog."""
    partner, behind = view.partner, view.backlog
    return PartnerAnswer(
        name=partner.name,
        party=partner.party,
        wants=partner.wants,
        origin=view.origin,
        waiting=behind.waiting,
        oldest_at=behind.oldest_at,
        dead=behind.dead,
        failures=partner.failures,
        next_attempt_at=partner.next_attempt_at,
        error=partner.error,
    )


def _show_change(change: Change) -> ChangeAnswer:
    return ChangeAnswer.model_validate(change)
