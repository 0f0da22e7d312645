"""The outbox: what a message is, and the states it may take; how it moves between them is in `transitions`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.ids import ClinicId, DecisionId, EnrolmentId, MessageId, OccasionId, PatientRef, ResponseId


class MessageKind(StrEnum):
    """What leaves the house."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    WITHDRAWAL = "withdrawal"
    PLAN_REPORT = "plan-report"
    INBOX_ANSWER = "inbox-answer"
    INBOX_DECISION = "inbox-decision"
    INBOX_NOT_ANSWERED = "inbox-not-answered"
    INBOX_UNDELIVERED = "inbox-undelivered"
    INBOX_ESCALATION = "inbox-escalation"
    INBOX_REFUSED = "inbox-refused"
    INBOX_UNSENT = "inbox-unsent"
    INBOX_LEFT = "inbox-left"
    INBOX_WISH = "inbox-wish"
    OPERATOR_ALARM = "operator-alarm"

    @property
    def goes_to_channel(self) -> bool:
        """A channel takes it; a withdrawal is no writing to the patient, so no gate holds it."""
        return self.is_to_patient or self is MessageKind.WITHDRAWAL

    @property
    def is_to_patient(self) -> bool:
        """The patient sees the message; what goes to plans and practice systems is no writing to the patient."""
        return self in (MessageKind.INVITATION, MessageKind.REMINDER)

    @property
    def is_report(self) -> bool:
        """The message goes to a plan, a record or the clinic's inbox; nobody else would tell the clinic of it."""
        return not self.goes_to_channel and self is not MessageKind.OPERATOR_ALARM

    @property
    def may_repeat(self) -> bool:
        """The same one twice is harmless: a second notice points at the same questionnaires, answered once."""
        return self.is_to_patient


class MessageState(StrEnum):
    """Life of a message; see `delivery.transitions`."""

    DUE = "due"
    LEASED = "leased"
    ACCEPTED = "accepted"
    IN_DOUBT = "in-doubt"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the outbox; its payload is rendered when it is claimed, never stored.

    Args:
        id: also the idempotency key of every transmission.
        lane: messages of one lane leave one after another, in the order of `sequence`.
        sequence: place within the lane, from 1.
        target: name of the channel or plan target.
        due_at: not before this moment, aware UTC.
        expires_at: not after this moment; None = always.
        attempts: transmissions begun so far.
        fence: grows with each claim; a result with an older fence is dropped.
        in_doubt: an earlier transmission may have arrived.
        reminds: the invitation that a reminder repeats.
        reminder_no: number of the reminder, from 1; each number once for an invitation.
    """

    id: MessageId
    clinic_id: ClinicId
    kind: MessageKind
    lane: str
    sequence: int
    target: str
    state: MessageState
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    fence: int
    patient_ref: PatientRef
    enrolment_id: EnrolmentId | None = None
    occasion_id: OccasionId | None = None
    response_id: ResponseId | None = None
    decision_id: DecisionId | None = None
    reminds: MessageId | None = None
    reminder_no: int | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class MessageEnd:
    """How a message ended, or what keeps it from leaving.

    Args:
        at: when it was taken, refused or given up, aware UTC; None while it is open.
        error: what went wrong last, without a payload; empty where nothing did.
    """

    at: datetime | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What a use case hands to the outbox; the store adds id, state and place in the lane.

    Args:
        supersedes: older messages of the same lane and kind that are not yet leased are no longer sent.
    """

    kind: MessageKind
    lane: str
    target: str
    due_at: datetime
    patient_ref: PatientRef
    expires_at: datetime | None = None
    enrolment_id: EnrolmentId | None = None
    occasion_id: OccasionId | None = None
    response_id: ResponseId | None = None
    decision_id: DecisionId | None = None
    reminds: MessageId | None = None
    reminder_no: int | None = None
    supersedes: bool = False
