"""Notices reach a real receiver through Apprise, and nothing tells its password."""

import pytest
from pydantic import SecretStr

from central.core.alerting.notices import ComposedNotice
from central.notify.apprise_channel import AppriseChannel
from central.notify.channel import Permanent, Retryable
from central.notify.log_channel import LogChannel
from tests.support.notice_receiver import NoticeReceiver
from tests.support.ports import free_port

# Apprise loads every plug-in there is when the first address is parsed; one of them imports what Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOTICE = ComposedNotice(
    "n1", "摄像机离线：人民路12号", "原因：连接被拒绝\n自 14:03 起 {literally} \\n", urgent=True, attempts=0
)


def test_a_notice_arrives_as_it_was_written() -> None:
    with NoticeReceiver() as receiver:
        AppriseChannel(SecretStr(receiver.url)).send(NOTICE)
    (told,) = receiver.notices
    assert (told["title"], told["message"], told["type"]) == (NOTICE.title, NOTICE.body, "failure")
    assert told["attachments"] == []


def test_a_refusal_is_worth_another_try(capfd: pytest.CaptureFixture[str]) -> None:
    with NoticeReceiver(refuse=2) as receiver:
        channel = AppriseChannel(SecretStr(receiver.url))
        for _ in range(2):
            with pytest.raises(Retryable) as refused:
                channel.send(NOTICE)
            assert "503" in str(refused.value)
        channel.send(NOTICE)
    assert (receiver.tries, len(receiver.notices)) == (3, 1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("scheme", ["json", "xml", "form", "jsons"])
def test_no_failure_tells_the_address(scheme: str, capfd: pytest.CaptureFixture[str]) -> None:
    url = f"{scheme}://office:s3cret-word@127.0.0.1:{free_port()}/t0ken-of-the-channel?+X-Key=h3ader-secret"
    with pytest.raises(Retryable) as failed:
        AppriseChannel(SecretStr(url)).send(NOTICE)
    told = str(failed.value) + repr(failed.value) + "".join(capfd.readouterr())
    assert not any(secret in told for secret in ("s3cret-word", "t0ken-of-the-channel", "h3ader-secret"))


@pytest.mark.parametrize("url", ["", "nonsense", "gopher://s3cret@h", "http://", "json://"])
def test_what_apprise_does_not_know_is_permanent_and_not_repeated(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Permanent) as refused:
        AppriseChannel(SecretStr(url))
    assert "s3cret" not in str(refused.value) + "".join(capfd.readouterr())


def test_without_an_address_the_log_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    LogChannel().send(NOTICE)
    assert NOTICE.title in "".join(capfd.readouterr())
