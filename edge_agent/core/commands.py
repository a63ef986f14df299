"""What a box does with a command: obey it once, answer it as often as it is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from protocol.messages import Command, CommandResult, CommandStatus

RUNNING_MAX = 32
"""Commands in work at the same time."""
RESULTS_MAX = 1_000
"""Results kept so that a repeated command is answered, not done again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Nothing is to be done; this is the result. `keep`: it is final and new, so it is remembered."""

    result: CommandResult
    keep: bool


@dataclass(frozen=True, slots=True)
class Obey:
    """Take a picture of `camera` within `within_s` seconds."""

    command: str
    camera: str
    within_s: float


def receive(
    command: Command,
    now: datetime,
    *,
    known: CommandResult | None,
    running: Collection[str],
    cameras: Collection[str],
) -> Answer | Obey:
    """Decide about an arriving command; `known` is its stored result."""
    if known is not None:
        return Answer(known, keep=False)
    if command.command in running:
        return Answer(CommandResult(command=command.command, status=CommandStatus.ACCEPTED), keep=False)
    within_s = (command.deadline - now).total_seconds()
    if within_s <= 0:
        return Answer(_final(command, CommandStatus.EXPIRED, "arrived after its deadline"), keep=True)
    if command.camera is None or command.camera not in cameras:
        return Answer(_final(command, CommandStatus.FAILED, "this box has no such camera"), keep=True)
    if len(running) >= RUNNING_MAX:
        return Answer(_final(command, CommandStatus.FAILED, "too many commands at once; ask again later"), keep=True)
    return Obey(command.command, command.camera, within_s)


def _final(command: Command, status: CommandStatus, detail: str) -> CommandResult:
    return CommandResult(command=command.command, status=status, detail=detail)
