"""What a box is told about a person's decision: it was so, or it was not, and which spot to leave alone for a while."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from central.core.case_machine import CaseAction, RejectReason
from central.core.cases.casefile import Case
from protocol.messages import Command, CommandName, Judgement, SceneEvent

MASK_DAYS = 7
TOLD_WITHIN_H = 24
"""A box that is away for longer does not learn of it."""
EPISODES_TOLD_MAX = 8
MASKING_REASONS = frozenset({RejectReason.FALSE_ALARM, RejectReason.NO_VIOLATION})
"""What is not there, or may be there, is seen again at the same spot."""
TELLING_REASONS = MASKING_REASONS | {RejectReason.UNCLEAR_PICTURE}
"""The other reasons say nothing about what the box recognised."""


def judgement_of(action: CaseAction, reason: RejectReason | None) -> Judgement | None:
    """What an action says about the box's recognition; None when it says nothing."""
    if action is CaseAction.CONFIRM:
        return Judgement.CONFIRMED
    if action is CaseAction.REJECT and reason in TELLING_REASONS:
        return Judgement.REJECTED
    return None


def judged(case: Case, event: SceneEvent, judgement: Judgement, reason: RejectReason | None, now: datetime) -> Command:
    """The command that tells a box about one of its episodes. The same decision gives the same command."""
    masks = judgement is Judgement.REJECTED and reason in MASKING_REASONS
    return Command(
        command=_command_id(case.id, str(case.version), event.episode),
        name=CommandName.JUDGED,
        camera=event.camera,
        deadline=now + timedelta(hours=TOLD_WITHIN_H),
        zone=event.zone,
        scene=event.scene,
        episode=event.episode,
        box=event.box,
        score=event.score,
        judgement=judgement,
        reason=str(reason or ""),
        mask_until=now + timedelta(days=MASK_DAYS) if masks else None,
    )


def _command_id(*parts: str) -> str:
    return str(UUID(hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:32]))
