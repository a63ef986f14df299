"""Commands are obeyed once, in time, and answered again."""

from datetime import UTC, datetime, timedelta

import pytest

from edge_agent.core.commands import RUNNING_MAX, WITHIN_S_MAX, Answer, Obey, receive
from protocol.geometry import Box
from protocol.messages import Command, CommandName, CommandResult, CommandStatus

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = "01900000-0000-7000-8000-000000000001"


def command(camera: str | None = "c1", within_s: float = 10.0) -> Command:
    return Command(command=ID, name=CommandName.SNAPSHOT, camera=camera, deadline=NOW + timedelta(seconds=within_s))


def look(box: Box) -> Command:
    return command().model_copy(update={"name": CommandName.LOOK, "zone": "z1", "box": box})


def test_a_new_command_is_obeyed_within_its_time() -> None:
    assert receive(command(), NOW, known=None, running=(), cameras={"c1"}) == Obey(command(), "c1", 10.0)

    assert isinstance(receive(look((0.1, 0.1, 0.2, 0.2)), NOW, known=None, running=(), cameras={"c1"}), Obey)


def test_a_deadline_in_another_century_holds_no_place_for_ever() -> None:
    far = command(within_s=1e9)
    assert receive(far, NOW, known=None, running=(), cameras={"c1"}) == Obey(far, "c1", WITHIN_S_MAX)


@pytest.mark.parametrize(
    ("asked", "running", "status", "keep"),
    [
        (command(within_s=0), (), CommandStatus.EXPIRED, True),
        (command(within_s=-5), (), CommandStatus.EXPIRED, True),
        (command("nobody"), (), CommandStatus.FAILED, True),
        (command(None), (), CommandStatus.FAILED, True),
        (command(), (ID,), CommandStatus.ACCEPTED, False),
        (look((0.9, 0.9, 0.1, 0.1)), (), CommandStatus.FAILED, True),
        (look((0.5, 0.2, 0.5, 0.4)), (), CommandStatus.FAILED, True),
        (
            look((0.1, 0.1, 0.2, 0.2)).model_copy(update={"stood_at": NOW + timedelta(hours=1)}),
            (),
            CommandStatus.FAILED,
            True,
        ),
        (command(), tuple(map(str, range(RUNNING_MAX))), CommandStatus.FAILED, True),
    ],
)
def test_what_cannot_be_done_is_answered(
    asked: Command, running: tuple[str, ...], status: CommandStatus, keep: object
) -> None:
    answer = receive(asked, NOW, known=None, running=running, cameras={"c1"})
    assert isinstance(answer, Answer)
    assert (answer.result.status, answer.keep) == (status, keep)


def test_a_known_command_is_answered_again_even_after_its_deadline() -> None:
    known = CommandResult(command=ID, status=CommandStatus.DONE)
    assert receive(command(within_s=-99), NOW, known=known, running=(), cameras=()) == Answer(known, keep=False)
