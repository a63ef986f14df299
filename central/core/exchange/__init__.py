"""What others are told: changes of cases and cameras, partners, deliveries. Pure."""

from central.core.exchange.changes import Change, ChangeKind, body_of, camera_change, case_change
from central.core.exchange.delivery import Backlog, Delivery, DeliveryPolicy, DeliveryState
from central.core.exchange.partners import Partner, Party, Wants, partner_name, wants
from central.core.exchange.targets import BadTarget, Target, target_of

__all__ = [
    "Backlog",
    "BadTarget",
    "Change",
    "ChangeKind",
    "Delivery",
    "DeliveryPolicy",
    "DeliveryState",
    "Partner",
    "Party",
    "Target",
    "Wants",
    "body_of",
    "camera_change",
    "case_change",
    "partner_name",
    "target_of",
    "wants",
]
