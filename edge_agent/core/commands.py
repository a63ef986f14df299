"""What a box does with a command: obey it once, answer it as often as it is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from protocol.geometry import Box
from protocol.messages import Command, CommandName, CommandResult, CommandStatus

RUNNING_MAX = 32
"""Commands in work at the same time."""
WITHIN_S_MAX = 3_600.0
"""Nothing that a box is asked takes longer, whatever the deadline: a command holds one of the places meanwhile."""
CLOCK_ERROR_MAX = timedelta(minutes=5)
"""By which the clocks of central and of the box may differ."""
RESULTS_MAX = 1_000
"""Results kept so that a repeated command is answered, not done again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Nothing is to be done; this is the result. `keep`: it is final and new, so it is remembered."""

    result: CommandResult
    keep: bool


@dataclass(frozen=True, slots=True)
class Obey:
    """Do what `command` says, within `within_s` seconds."""

    command: Command
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
    mistake = _mistake(command, now, cameras)
    if not mistake and len(running) >= RUNNING_MAX:
        mistake = "too many commands at once; ask again later"
    if mistake or command.camera is None:
        return Answer(_final(command, CommandStatus.FAILED, mistake), keep=True)
    return Obey(command, command.camera, min(within_s, WITHIN_S_MAX))


def _mistake(command: Command, now: datetime, cameras: Collection[str]) -> str:
    """What is wrong with a command; empty when it can be obeyed."""
    if command.camera not in cameras:
        return "this box has no such camera"
    if command.stood_at is not None and command.stood_at > now + CLOCK_ERROR_MAX:
        return "`stood_at` lies in the future"
    return _incomplete(command)


def _incomplete(command: Command) -> str:
    """What a command of its name lacks; empty when it is whole."""
    match command.name:
        case CommandName.SNAPSHOT:
            return ""
        case CommandName.LOOK:
            if command.zone is None:
                return "`look` needs a zone"
            return "" if command.box is None or _has_area(command.box) else "the `box` of `look` has no area"
        case CommandName.JUDGED:
            told = (command.zone, command.scene, command.episode, command.judgement)
            return "" if None not in told else "`judged` needs zone, scene, episode and judgement"


def _has_area(box: Box) -> bool:
    x1, y1, x2, y2 = box
    return x1 < x2 and y1 < y2


def _final(command: Command, status: CommandStatus, detail: str) -> CommandResult:
    return CommandResult(command=command.command, status=status, detail=detail)
