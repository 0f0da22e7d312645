"""When an operator must look: pure, from a few figures of the outbox and two limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENCE = timedelta(seconds=60)
"""A worker beats every few seconds; after this long it is gone."""


class Alarm(StrEnum):
    """What is wrong."""

    OUTBOX_AGE = "outbox-age"
    OUTBOX_STUCK = "outbox-stuck"
    WORKER_SILENT = "worker-silent"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is wrong.

    Args:
        age_s: seconds that the longest waiting message may have waited.
        stuck: so many messages that nothing happens to by itself.
    """

    age_s: float = 15 * 60
    stuck: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """What the alarms look at.

    Args:
        age_s: for how many seconds the longest waiting message has waited; 0 when none waits.
        stuck: messages that are dead or in doubt.
        last_beat: when any worker was last seen, aware UTC; None = never.
    """

    age_s: float
    stuck: int
    last_beat: datetime | None


def raised(figures: Figures, limits: Limits, now: datetime) -> frozenset[Alarm]:
    """Return what is wrong now."""
    is_wrong = {
        Alarm.OUTBOX_AGE: figures.age_s >= limits.age_s,
        Alarm.OUTBOX_STUCK: figures.stuck >= limits.stuck,
        Alarm.WORKER_SILENT: not is_alive(figures.last_beat, now),
    }
    return frozenset(alarm for alarm, wrong in is_wrong.items() if wrong)


def is_alive(last_beat: datetime | None, now: datetime) -> bool:
    """Tell whether a worker was seen lately."""
    return last_beat is not None and now - last_beat < SILENCE
