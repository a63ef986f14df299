"""Central's log: one line an event to standard error, without addresses' passwords."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from protocol.camera_url import redact

QUIET = ("uvicorn", "nicegui", "sqlalchemy", "alembic", "apprise", "socketio", "engineio", "asyncio")


def write_logs() -> None:
    """Configure structlog and the standard library's logging; libraries say warnings only."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="level=%(levelname)s logger=%(name)s event=%(message)r"
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = redact(value)
    return entry
