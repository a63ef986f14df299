"""The case machine: one table of statuses, actions, posts, guards and effects, and one function that obeys it. Pure."""

from central.core.case_machine.guards import Guard
from central.core.case_machine.machine import (
    Choice,
    GuardRefused,
    IllegalTransition,
    PostMissing,
    Refusal,
    act,
    choices,
)
from central.core.case_machine.state import Asked, CaseState, Doer, Survivor, Wish
from central.core.case_machine.table import TABLE, Cell
from central.core.case_machine.words import OPEN, STAGES, Action, Closing, Petition, Post, Stage, Status

__all__ = [
    "OPEN",
    "STAGES",
    "TABLE",
    "Action",
    "Asked",
    "CaseState",
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
    "Refusal",
    "Stage",
    "Status",
    "Survivor",
    "Wish",
    "act",
    "choices",
]
