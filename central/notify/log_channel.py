"""Notices into the log: what there is without an address."""

import structlog

from central.core.alerting.notices import ComposedNotice

log = structlog.get_logger(__name__)


class LogChannel:
    """Never fails."""

    def send(self, notice: ComposedNotice) -> None:
        """Log the title and the text."""
        log.warning("notice (no notify_url is set)", title=notice.title, body=notice.body)
