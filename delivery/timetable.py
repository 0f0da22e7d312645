"""A few fixed ticks that call use cases: the only importer of APScheduler; what is due is asked of the tables."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that is done again and again.

    Args:
        name: for the log.
        seconds: between two beginnings; a beginning that comes while the last one still runs is left out.
        call: idempotent; takes all it needs from tables.
    """

    name: str
    seconds: float
    call: Callable[[], object]


class Timetable:
    """Runs ticks in threads of their own until it is stopped."""

    def __init__(self, ticks: Sequence[Tick]) -> None:
        self._ticks = tuple(ticks)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max(1, len(self._ticks)))},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start every tick now, and again after its seconds; returns at once."""
        _silence_library()
        for tick in self._ticks:
            self._scheduler.add_job(
                tick.call,
                IntervalTrigger(seconds=tick.seconds, timezone=UTC),
                id=tick.name,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.add_listener(_log_failure, EVENT_JOB_ERROR)
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no further tick and wait for those that run."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _log_failure(event: JobExecutionEvent) -> None:
    """Name the tick and the kind of error; an error's own text may quote a row."""
    _log.error("tick-failed", source=event.job_id, error=type(event.exception).__name__)


def _silence_library() -> None:
    """Keep APScheduler from writing tracebacks, and a warning for each beginning that is left out."""
    logging.getLogger("apscheduler.executors.default").disabled = True
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
