"""Notices into the log: what there is without an address."""

import structlog

from central.core.alerting.notices import ComposedNotice

log = structlog.get_logger(__name__)


NOBODY = (
    "nobody was notified: set notify_url in central.yaml to an address of Apprise, such as mailtos:// or wecombot://"
)


class LogChannel:
    """Never fails."""

    is_heard = False

    def send(self, notice: ComposedNotice) -> None:
        """Log the title and the text, and that nobody heard of it."""
        log.warning(NOBODY, title=notice.title, body=notice.body)
