"""How every process of a box writes its log."""

import sys

import structlog

from protocol.camera_url import redact
from protocol.plain_text import shown


def configure_log() -> None:
    """Structured lines on standard error: for people on a terminal, as JSON elsewhere; credentials in URLs masked."""
    to_people = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if to_people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _masked(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: shown(redact(value)) if isinstance(value, str) else value for key, value in event.items()}
