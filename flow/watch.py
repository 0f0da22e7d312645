"""WATCH: the outbox in figures, and the alarms that they raise; for metrics, probes and the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from delivery.alarms import Alarm, Figures, Limits, is_alive, raised
from delivery.backlog import STUCK, Failing, Kept
from delivery.breaker import Breaker
from delivery.escalation import Step
from kernel.clock import Clock
from kernel.log import logger
from store.database import Store

log = logger(__name__)
LATELY = timedelta(hours=1)
"""What came to an end is counted for this long: for ever would be a count of the whole table."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The outbox of all clinics at one moment.

    Args:
        unfinished: what has not left although its time has come, or waits for a person.
        closed: what came to an end in the last hour.
        failing: by receiver, what it has not taken although it was tried; `since` as seconds ago.
        receivers: circuit of each receiver.
        strays: by channel, receipts that still look for their order.
        passed_on: by channel, invitations that ended in the last hour and went there because another reached nobody.
        escalated: open reds by the step that was taken for them.
        workers: how many were seen within a minute.
        alarms: what is wrong now.
    """

    unfinished: Mapping[Kept, int]
    closed: Mapping[Kept, int]
    failing: Mapping[str, tuple[int, float]]
    receivers: Mapping[str, Breaker]
    strays: Mapping[str, int]
    passed_on: Mapping[str, int]
    escalated: Mapping[Step, int]
    figures: Figures
    beat_age_s: float | None
    workers: int
    alarms: frozenset[Alarm]


@dataclass(frozen=True, slots=True)
class WatchOutbox:
    """The use case."""

    store: Store
    clock: Clock
    limits: Limits

    def __call__(self) -> Picture:
        """Take the picture.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        now = self.clock.now()
        with self.store.survey() as survey:
            unfinished, closed = survey.unfinished(now), survey.closed_since(now - LATELY)
            failing, beats, waits = survey.failing(), survey.last_beats(), survey.waits_since(now)
            escalated, receivers = survey.escalated(), survey.receivers()
            strays, passed_on = survey.strays(), survey.passed_on_since(now - LATELY)
        figures = Figures(
            age_s=(now - waits).total_seconds() if waits else 0.0,
            stuck=sum(count for kept, count in unfinished.items() if kept.state in STUCK),
            last_beat=beats[0] if beats else None,
        )
        return Picture(
            unfinished=unfinished,
            closed=closed,
            failing={target: _aged(one, now=now.timestamp()) for target, one in failing.items()},
            receivers=receivers,
            strays=strays,
            passed_on=passed_on,
            escalated=escalated,
            figures=figures,
            beat_age_s=(now - beats[0]).total_seconds() if beats else None,
            workers=sum(is_alive(beat, now) for beat in beats),
            alarms=raised(figures, self.limits, now),
        )


def _aged(failing: Failing, *, now: float) -> tuple[int, float]:
    return failing.count, now - failing.since.timestamp()


@dataclass(slots=True)
class LogAlarms:
    """The worker's tick that writes a line when an alarm begins and when it is over.

    Args:
        known: the alarms of the last look.
    """

    watch: WatchOutbox
    known: frozenset[Alarm] = field(default=frozenset())

    def __call__(self) -> frozenset[Alarm]:
        """Look, log what has changed, and return the alarms."""
        picture = self.watch()
        for alarm in sorted(picture.alarms - self.known):
            log.error("alarm", code=alarm, count=picture.figures.stuck, outcome="raised")
        for alarm in sorted(self.known - picture.alarms):
            log.info("alarm", code=alarm, outcome="over")
        self.known = picture.alarms
        return picture.alarms
