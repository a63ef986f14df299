"""Notices in words, and commands to boxes."""

from datetime import timedelta, timezone

import pytest
from structlog.testing import capture_logs

from central.core.alerting.notices import NOTICE_KEYS, NoticePolicy
from central.core.values import AlertKind, CommandState, NoticeKind
from central.gateway.notifier import Notifier
from central.notify.log_channel import LogChannel
from central.services.commands import CommandRefused, Commands, CommandUnknown
from central.services.fleet import BoxUnknown
from central.services.notices import Notices
from central.settings.texts import load_texts
from protocol import messages as m
from protocol import topics
from protocol.messages import CameraReason, CameraState, CommandName, EvidenceKind, EvidenceRef
from protocol.texts import Language
from tests.support.central_stores import OPERATOR, VIEWER, Central
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import rows

POLICY = NoticePolicy(timezone(timedelta(hours=8)), "http://central:8080", attempts_max=3)
PICTURE = EvidenceRef(sha256="cd" * 32, bytes=10, at=later(0), kind=EvidenceKind.LAST_GOOD)


@pytest.fixture
def notices(central: Central) -> Notices:
    """Return notices in Chinese."""
    return Notices(central.stores, load_texts(Language.CHINESE).entries, POLICY)


def go_dark(central: Central, box: SpeakingBox, at_s: float = 20) -> None:
    central.receive(
        box.birth(0), box.camera(CameraState.OFFLINE, at_s, reason=CameraReason.AUTH_FAILED, picture=PICTURE)
    )


def test_a_problem_says_where_why_since_when_and_what_to_try(
    central: Central, box: SpeakingBox, notices: Notices
) -> None:
    go_dark(central, box)
    (notice,) = notices.due(later(60))
    words = notice.title + notice.body
    assert notice.urgent
    for expected in ("cam-1 路口", "2026-03-02 09:00:20", f"http://central:8080/ui/pictures/{'cd' * 32}", "密码"):
        assert expected in words


def test_without_an_address_no_notice_is_called_delivered(central: Central, box: SpeakingBox, notices: Notices) -> None:
    go_dark(central, box)
    with capture_logs() as lines:
        Notifier(notices, LogChannel(), lambda: later(60)).step()
    (line,) = lines
    assert line["event"].startswith("nobody was notified: set notify_url in central.yaml")
    assert "cam-1 路口" in line["title"] + line["body"]
    assert notices.due(later(60)) == ()


def test_in_english_too(central: Central, box: SpeakingBox) -> None:
    go_dark(central, box)
    (notice,) = Notices(central.stores, load_texts(Language.ENGLISH).entries, POLICY).due(later(60))
    assert "password" in notice.body


@pytest.mark.parametrize("language", Language)
def test_every_text_is_there(language: Language) -> None:
    assert set(NOTICE_KEYS) <= set(load_texts(language).entries)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize("when", NoticeKind)
def test_every_text_can_be_filled(language: Language, kind: AlertKind, when: NoticeKind) -> None:
    texts = load_texts(language).entries
    names = ("id", "name", "place", "site", "reason", "try", "since", "until", "length", "picture")
    for part in ("title", "body"):
        assert texts[f"notice.{kind}.{when}.{part}"].format_map(dict.fromkeys(names, "*"))


def test_recovery_waits_until_the_problem_was_told(central: Central, box: SpeakingBox, notices: Notices) -> None:
    go_dark(central, box)
    central.receive(box.camera(CameraState.ONLINE, 200), at_s=201)
    (problem,) = notices.due(later(201))
    notices.delivered(problem.id, later(202))
    (recovery,) = notices.due(later(203))
    assert not recovery.urgent
    assert "3 分 1 秒" in recovery.body
    notices.delivered(recovery.id, later(204))
    assert notices.due(later(205)) == ()


def test_failures_are_retried_with_growing_pauses_then_given_up(
    central: Central, box: SpeakingBox, notices: Notices
) -> None:
    go_dark(central, box)
    central.receive(box.camera(CameraState.ONLINE, 30))
    (notice,) = notices.due(later(60))
    notices.failed(notice.id, "no route", later(60))
    assert notices.due(later(64.9)) == ()
    assert notices.due(later(65))[0].attempts == 1
    notices.failed(notice.id, "no route", later(65))
    assert notices.due(later(74.9)) == ()
    notices.failed(notice.id, "x" * 10_000, later(75))
    assert notices.due(later(10_000)) == ()
    problem, recovery = rows(central.stores, "notices")
    assert (problem["state"], problem["attempts"], len(problem["error"])) == ("failed", 3, 500)
    assert recovery["state"] == "dropped"


def test_a_recovery_after_the_problem_was_given_up_is_not_told(
    central: Central, box: SpeakingBox, notices: Notices
) -> None:
    go_dark(central, box)
    (notice,) = notices.due(later(60))
    for attempt in range(POLICY.attempts_max):
        notices.failed(notice.id, "no route", later(60 + attempt))
    central.receive(box.camera(CameraState.ONLINE, 200), at_s=201)
    assert [row["state"] for row in rows(central.stores, "notices")] == ["failed", "dropped"]
    assert notices.due(later(10_000)) == ()


def test_a_late_word_about_what_is_done_changes_nothing(central: Central, box: SpeakingBox, notices: Notices) -> None:
    go_dark(central, box)
    (notice,) = notices.due(later(60))
    notices.delivered(notice.id, later(61))
    notices.failed(notice.id, "late", later(62))
    notices.failed("no such notice", "late", later(62))
    (row,) = rows(central.stores, "notices")
    assert (row["state"], row["delivered_at"], row["attempts"]) == ("delivered", later(61), 1)


def test_a_box_offline_is_told_with_its_site(central: Central, box: SpeakingBox, notices: Notices) -> None:
    central.receive(box.birth(0), box.state(m.BoxState.LOST, 0), at_s=30)
    (notice,) = notices.due(later(60))
    assert "b1" in notice.title


@pytest.fixture
def commands(central: Central, box: SpeakingBox) -> Commands:
    """Return commands of a central whose box was born."""
    central.receive(box.birth(0))
    return Commands(central.stores)


def ask(commands: Commands, central: Central, **changes: object) -> str:
    wanted = {"box": "b1", "name": CommandName.SNAPSHOT, "actor": OPERATOR, "camera": "cam-1", "timeout_s": 30.0}
    record = commands.request(**(wanted | changes), now=later(100), random=central.random)  # type: ignore[arg-type]
    return record.command.command


def answer(central: Central, box: SpeakingBox, command: str, status: str) -> None:
    said = box.say(m.ResultMessage, topics.Up.STATE, {"command": command, "status": status, "evidence": PICTURE})
    delivery = type(said)(topics.result("s1", "b1", command), said.payload, said.received_at)
    assert central.receive(delivery).committed == 1


def test_a_command_is_published_once_and_answered(central: Central, box: SpeakingBox, commands: Commands) -> None:
    command = ask(commands, central)
    (waiting,) = commands.unpublished(later(101))
    assert (waiting.command.command, waiting.site, waiting.command.deadline) == (command, "s1", later(130))
    commands.published(command, later(101))
    assert commands.unpublished(later(102)) == ()
    for status in ("accepted", "done", "accepted"):
        answer(central, box, command, status)
    record = commands.command("b1", command)
    assert (record.state, record.evidence) == (CommandState.DONE, PICTURE.sha256)


def test_a_command_that_nobody_answers_expires(central: Central, box: SpeakingBox, commands: Commands) -> None:
    command = ask(commands, central)
    assert commands.unpublished(later(130)) == ()
    assert commands.command("b1", command).state is CommandState.EXPIRED
    answer(central, box, command, "accepted")
    assert commands.command("b1", command).state is CommandState.EXPIRED
    answer(central, box, command, "done")
    assert commands.command("b1", command).state is CommandState.DONE


@pytest.mark.parametrize(
    "changes", [{"camera": "cam-9"}, {"camera": None}, {"timeout_s": 0.0}, {"timeout_s": 1e9}, {"actor": VIEWER}]
)
def test_commands_that_cannot_be_given(changes: dict[str, object], central: Central, commands: Commands) -> None:
    with pytest.raises(CommandRefused):
        ask(commands, central, **changes)


def test_commands_and_boxes_that_are_not_there(central: Central, commands: Commands) -> None:
    with pytest.raises(BoxUnknown):
        ask(commands, central, box="b9")
    command = ask(commands, central)
    with pytest.raises(CommandUnknown):
        commands.command("b9", command)
