"""When a red suggestion that nobody received or decided on goes to a named person, and then to the operator; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from delivery.opening import minutes_open
from delivery.parties import Window
from kernel.ids import EnrolmentId, EscalationId, PersonId, SuggestionId


class Step(StrEnum):
    """Who is told, in this order."""

    PERSON = "person"
    OPERATOR = "operator"


class Why(StrEnum):
    """What did not happen in time."""

    NOT_RECEIVED = "not-received"
    NOT_DECIDED = "not-decided"


@dataclass(frozen=True, slots=True)
class EscalationLimits:
    """How long things may take, where a clinic says nothing else.

    Args:
        version: of the content file.
        received: until the clinic's inbox has taken the answer, at any hour.
        decided: until somebody decides, counted while the clinic is open.
        operator: from the named person to the operator: at any hour for what was not received, else while it is open.
    """

    version: str
    received: timedelta
    decided: timedelta
    operator: timedelta


@dataclass(frozen=True, slots=True)
class ClinicEscalation:
    """What a clinic has chosen.

    Args:
        person_id: who is told first; None = nobody is named, and the clinic's pages and inbox tell all.
        decided_minutes: limit of its own; None = that of the content file.
    """

    person_id: PersonId | None = None
    decided_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class OpenRed:
    """A red suggestion that nobody has decided on.

    Args:
        suggestion_id: the first red one since the last decision.
        since: when it was made, aware UTC.
        steps: who has been told, and when.
        received: the clinic's inbox has taken the answer.
    """

    id: EscalationId
    enrolment_id: EnrolmentId
    suggestion_id: SuggestionId
    since: datetime
    steps: Mapping[Step, datetime]
    received: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What is to be done about an open red now.

    Args:
        step: who is told now; None = nobody.
        why: with a step.
        look_at: when to look again, aware UTC; None = never.
    """

    step: Step | None
    why: Why | None
    look_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The limits of one clinic.

    Args:
        limits: of the content file.
        own: what the clinic has chosen.
        window: while the clinic is open.
    """

    limits: EscalationLimits
    own: ClinicEscalation
    window: Window

    @property
    def decided(self) -> timedelta:
        """How long a decision may take, while the clinic is open."""
        minutes = self.own.decided_minutes
        return self.limits.decided if minutes is None else timedelta(minutes=minutes)


def review(red: OpenRed, clocks: Clocks, now: datetime) -> Review:
    """Tell who is told now, and when to look again.

    The person is told when the answer was not received, or not decided on, in time. The operator follows when that is
    still so after another limit: not received is a fault of machines and counts at any hour; not decided is a matter of
    people and counts while the clinic is open.

    Source: docs/architecture.md section 5; assumption A73.
    """
    decide_by = minutes_open(red.since, clocks.decided, clocks.window)
    receive_by = red.since + clocks.limits.received
    told = red.steps.get(Step.PERSON)
    if Step.OPERATOR in red.steps:
        return Review(None, None, None)
    if told is not None:
        decide_by = minutes_open(max(told, decide_by), clocks.limits.operator, clocks.window)
        receive_by = told + clocks.limits.operator
    step = Step.PERSON if told is None else Step.OPERATOR
    return _due(step, None if red.received else receive_by, decide_by, now)


def _due(step: Step, receive_by: datetime | None, decide_by: datetime, now: datetime) -> Review:
    if receive_by is not None and now >= receive_by:
        return Review(step, Why.NOT_RECEIVED, now)
    if now >= decide_by:
        return Review(step, Why.NOT_DECIDED, now)
    return Review(None, None, decide_by if receive_by is None else min(receive_by, decide_by))
