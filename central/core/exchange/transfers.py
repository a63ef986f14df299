"""A case that was transferred to an outside party (公安, 交警, 12345), and what they said."""

from dataclasses import dataclass
from datetime import datetime

from central.core.case_machine import TransferAnswer

EXTERNAL_ID_LENGTH_MAX = 128


@dataclass(frozen=True, slots=True)
class Transfer:
    """`partner` is a partner's name or a kind of authority; `external_id` what the case is called there."""

    id: str
    case: str
    partner: str
    sent_at: datetime
    sent_by: str
    reason: str
    external_id: str = ""
    answer: TransferAnswer | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
