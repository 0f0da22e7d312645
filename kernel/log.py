"""Logs: one JSON object a line, and only fields that are on the list below."""

import logging
import sys
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FIELDS = frozenset(
    {
        "attempt",
        "channel",
        "code",
        "count",
        "duration_ms",
        "enrolment",
        "error",
        "event",
        "kind",
        "level",
        "message_id",
        "method",
        "outcome",
        "process",
        "reference",
        "request_id",
        "response",
        "route",
        "source",
        "status",
        "timestamp",
        "version",
    }
)
"""Ids, codes, counts and durations. A body, answer, name, CPR number, token or setting has no field here."""


def configure_logs(process: str, stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (default: standard error) as JSON lines.

    Foreign libraries log through the standard library; their messages are cut to source and level, because nobody
    promised that they hold no address or body.
    """
    shared: list[Processor] = [
        _named(process),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso"),
    ]
    structlog.configure(
        processors=[*shared, _listed_fields_only, structlog.processors.JSONRenderer(ensure_ascii=False)],
        # What standard error is when a line is written: it may have been another, and closed, when this was called.
        logger_factory=lambda *_names: structlog.PrintLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_ForeignHandler(level=logging.WARNING)]
    root.setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one module."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(source=name))


def _named(process: str) -> Processor:
    def name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**event, "process": process}

    return name


def _listed_fields_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if key in FIELDS}


class _ForeignHandler(logging.Handler):
    """Passes on that a library warned, and where; not its words."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"source": record.name, "kind": "library"}
        if record.exc_info and record.exc_info[0]:
            fields["error"] = record.exc_info[0].__name__
        structlog.get_logger(**fields).warning("library-message")
