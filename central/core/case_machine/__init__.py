"""The case machine: one table of statuses, actions, posts, guards and effects, and one function that obeys it. Pure."""

from central.core.case_machine.guards import Guard
from central.core.case_machine.machine import (
    CaseProblem,
    Choice,
    GuardRefused,
    IllegalTransition,
    PostMissing,
    act,
    begin,
    choices,
)
from central.core.case_machine.state import Asked, CaseState, Doer, StageLimit, Survivor, UnderStandard, Wish
from central.core.case_machine.table import OPENINGS, TABLE, Cell
from central.core.case_machine.words import (
    OPEN,
    STAGES,
    CameraWord,
    CaseAction,
    CaseStatus,
    Closing,
    Petition,
    Post,
    RejectReason,
    Stage,
    TransferAnswer,
)

__all__ = [
    "OPEN",
    "OPENINGS",
    "STAGES",
    "TABLE",
    "Asked",
    "CameraWord",
    "CaseAction",
    "CaseProblem",
    "CaseState",
    "CaseStatus",
    "Cell",
    "Choice",
    "Closing",
    "Doer",
    "Guard",
    "GuardRefused",
    "IllegalTransition",
    "Petition",
    "Post",
    "PostMissing",
    "RejectReason",
    "Stage",
    "StageLimit",
    "Survivor",
    "TransferAnswer",
    "UnderStandard",
    "Wish",
    "act",
    "begin",
    "choices",
]
