"""Notices through Apprise: e-mail, WeCom, DingTalk, Feishu, SMS gateways, JSON posts and many more."""

import logging
import re
from collections import deque

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode
from pydantic import SecretStr

from central.core.alerting.notices import ComposedNotice
from central.notify.channel import Permanent, Retryable
from protocol.camera_url import redact

TITLE_LENGTH_MAX = 200
BODY_LENGTH_MAX = 4000
REASON_LENGTH_MAX = 300
SECRET_LENGTH_MIN = 4
MESSAGES_MAX = 5
_SEPARATORS = re.compile(r"[/:@?&=,]+")


class AppriseChannel:
    """One address. Apprise's own log shows addresses, so it is kept to itself and masked when it explains a failure."""

    is_heard = True

    def __init__(self, url: SecretStr) -> None:
        self._told = _Told()
        asset = AppriseAsset(
            app_id="Gridwarden",
            app_desc="Gridwarden",
            app_url="",
            async_mode=False,
            secure_logging=True,
            storage_mode=PersistentStoreMode.MEMORY,
        )
        self._url = url
        self._apprise = Apprise(asset=asset)
        if not self._apprise.add(url.get_secret_value()):
            raise Permanent("notify_url is no address that Apprise knows; see `apprise --help` for their forms")

    def send(self, notice: ComposedNotice) -> None:
        """Raises `Retryable` when Apprise could not deliver: it does not tell why for good."""
        self._told.messages.clear()
        sent = self._apprise.notify(
            title=notice.title[:TITLE_LENGTH_MAX],
            body=notice.body[:BODY_LENGTH_MAX],
            notify_type=NotifyType.FAILURE if notice.urgent else NotifyType.SUCCESS,
            body_format=NotifyFormat.TEXT,
            interpret_escapes=False,
        )
        if not sent:
            raise Retryable(self._masked(" ".join(self._told.messages)) or "the channel did not accept the notice")

    def _masked(self, text: str) -> str:
        """One line without any part of the address."""
        line = redact(" ".join(text.split()))
        parts = _SEPARATORS.split(self._url.get_secret_value())
        for part in sorted(parts, key=len, reverse=True):
            if len(part) >= SECRET_LENGTH_MIN:
                line = line.replace(part, "***")
        return line[:REASON_LENGTH_MAX]


class _Told(logging.Handler):
    """Apprise's own warnings, kept from every other log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: deque[str] = deque(maxlen=MESSAGES_MAX)
        logger = logging.getLogger("apprise")
        logger.propagate = False
        logger.setLevel(logging.WARNING)
        logger.handlers = [self]

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text."""
        self.messages.append(record.getMessage())
