"""RECEIVE FROM A CHANNEL: a signed call is stored before it is applied, and applying it twice changes nothing more."""

from dataclasses import dataclass, field
from datetime import datetime

from delivery.schedule import Request
from flow.ladder import pass_on
from flow.receive import ReceiveResponse
from kernel.clock import Clock
from kernel.errors import InvalidResponseError, Issue, NotFoundError
from kernel.ids import MessageId, PatientRef, RequestId, ResponseId
from questionnaires.gate import check_response
from questionnaires.model import ResponseAnswers
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.cpr import parse_identifier
from security.keys import Keys
from security.policy import Action, allow
from security.webhooks import Headers, verify
from store.database import Store
from store.strays import Stray
from store.transaction import Tx

REJECTED = "rejected"
"""The channel took the message, and learned later that it cannot reach the patient."""


@dataclass(frozen=True, slots=True)
class ReceiptEvent:
    """What became of an invitation.

    Args:
        order_id: the invitation's key.
        event: `accepted`, `notified`, `opened`, `completed`, `rejected`.
        reference: the channel's own.
        at: when it happened, aware.
    """

    order_id: MessageId
    event: str
    reference: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ResponseEvent:
    """An answer.

    Args:
        order_id: the request that it answers.
        document: bytes of the QuestionnaireResponse.
    """

    order_id: RequestId
    document: bytes = field(repr=False)


ChannelEvent = ReceiptEvent | ResponseEvent


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call that a channel signed, or a receipt that was fetched from it.

    Args:
        channel: its name.
        webhook_id: the same at each retry of the call, and where the same receipt is fetched.
        raw: the signed bytes, or those that were fetched; they are stored as they are.
    """

    channel: str
    webhook_id: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What came of a call.

    Args:
        duplicate: it had been seen before.
        response_id: of the filed response, if it was an answer.
        is_unmatched: it was an answer that fits no request, and lies in the tray until a person has looked at it; or a
            receipt of an order that this channel was never given, and is looked for again.
    """

    duplicate: bool
    response_id: ResponseId | None = None
    is_unmatched: bool = False


@dataclass(frozen=True, slots=True)
class ReceiveEvent:
    """The use case."""

    store: Store
    clock: Clock
    keyring: Keys
    receive: ReceiveResponse

    def authenticate(self, channel: str, headers: Headers, raw: bytes) -> SignedCall:
        """Check the signature before anything of the body is read.

        Raises:
            NotFoundError: no such channel.
            UnauthenticatedError: not signed by the channel, or not now.
        """
        secrets = self.keyring.webhook_secrets.get(channel)
        if not secrets:
            raise NotFoundError("No such channel.")
        return SignedCall(channel, verify(secrets, headers, raw, now=self.clock.now()), raw)

    def __call__(self, call: SignedCall, event: ChannelEvent) -> EventOutcome:
        """Store the call, then apply it.

        A call that was seen before is applied again: it may have been interrupted the first time, and neither a
        receipt nor an answer counts twice. A sound answer that fits no request goes to the clinic's tray.

        A receipt of an unknown order is kept in quarantine: it may have overtaken what we know.

        Raises:
            NotFoundError: the channel was never given this order, and nothing tells whose patient it is about.
            InvalidResponseError: the answer breaks its questionnaire.
            NotOpenError: the answer comes too late.
        """
        if isinstance(event, ReceiptEvent):
            return self.told(call, event) or self._kept(call, event)
        clinic_id = self.store.clinic_of_request(event.order_id)
        if clinic_id is None:
            return self._stray(call, event)
        actor = Actor(Role.CHANNEL, call.channel, clinic_id)
        allow(actor, Action.SEND_EVENTS)
        with self.store.write(actor.clinic_id, actor) as tx:
            _demand_own(tx, call.channel, event)
            duplicate = not tx.events.add(call.channel, call.webhook_id, call.raw)
        try:
            self._demand_agreement(actor, event)
            received = self.receive(actor, event.document, via=call.channel)
        except InvalidResponseError as error:
            if any(issue.rule != "unmatched" for issue in error.issues):
                raise
            return self._put_aside(actor, call, event)
        return EventOutcome(duplicate or not received.created, received.response_id)

    def told(self, call: SignedCall, event: ReceiptEvent) -> EventOutcome | None:
        """Store a receipt, then apply it; None where the channel was never given the order: another's looks unknown."""
        clinic_id = self.store.clinic_of_message(event.order_id)
        if clinic_id is None:
            return None
        actor = Actor(Role.CHANNEL, call.channel, clinic_id)
        allow(actor, Action.SEND_EVENTS)
        with self.store.write(actor.clinic_id, actor) as tx:
            if call.channel != tx.outbox.get(event.order_id).target:
                return None
            duplicate = not tx.events.add(call.channel, call.webhook_id, call.raw)
            _note(tx, event)
            return EventOutcome(duplicate)

    def _kept(self, call: SignedCall, event: ReceiptEvent) -> EventOutcome:
        stray = Stray(
            channel=call.channel,
            receipt_id=call.webhook_id,
            order_id=event.order_id,
            event=event.event,
            reference=event.reference,
            at=event.at,
            received_at=self.clock.now(),
        )
        with self.store.queue() as queue:
            is_new = queue.strays.keep(stray)
        return EventOutcome(not is_new, is_unmatched=True)

    def _stray(self, call: SignedCall, event: ResponseEvent) -> EventOutcome:
        """Put an answer to an unknown order into the tray of the one clinic whose patient it names."""
        checked = check_response(event.document, self.receive.content.questionnaires)
        actors = [Actor(Role.CHANNEL, call.channel, clinic_id) for clinic_id in self.store.clinics()]
        own = [actor for actor in actors if self._knows(actor, checked)]
        if len(own) != 1:
            raise _no_order()
        allow(own[0], Action.SEND_EVENTS)
        with self.store.write(own[0].clinic_id, own[0]) as tx:
            tx.events.add(call.channel, call.webhook_id, call.raw)
        return self._put_aside(own[0], call, event)

    def _knows(self, actor: Actor, checked: ResponseAnswers) -> bool:
        """Tell whether a clinic asks the named subject through this channel."""
        if not checked.subject_identifier:
            return False
        with self.store.read(actor.clinic_id, actor) as tx:
            patient_ref = tx.patients.find(parse_identifier(checked.subject_identifier[1]))
            return patient_ref is not None and any(
                enrolment.channel == actor.id for enrolment in tx.enrolments.running_of(patient_ref)
            )

    def _put_aside(self, actor: Actor, call: SignedCall, event: ResponseEvent) -> EventOutcome:
        checked = check_response(event.document, self.receive.content.questionnaires)
        with self.store.write(actor.clinic_id, actor) as tx:
            is_new = tx.unmatched.add(call.channel, checked.questionnaire, event.document)
            if is_new:
                tx.audit.record(AuditEvent("put-aside", f"Questionnaire/{checked.questionnaire}", purpose="delivery"))
        return EventOutcome(not is_new, is_unmatched=True)

    def _demand_agreement(self, actor: Actor, event: ResponseEvent) -> None:
        """The order of the envelope and what the document says of itself must be the same request."""
        checked = check_response(event.document, self.receive.content.questionnaires)
        with self.store.read(actor.clinic_id, actor) as tx:
            agrees = _agrees(tx, tx.requests.get(event.order_id), checked)
        if not agrees:
            issue = Issue("not-found", "The document does not answer this order.", "data.orderId", rule="unmatched")
            raise InvalidResponseError(issue.text, issues=[issue])


def _demand_own(tx: Tx, channel: str, event: ResponseEvent) -> None:
    """A channel speaks of what it was given only, or could be given; another's looks unknown."""
    occasion_id = tx.requests.get(event.order_id).occasion_id
    channels = {tx.enrolments.get(asked_by).channel for asked_by in tx.occasions.enrolments_of(occasion_id)}
    given = {message.target for message in tx.outbox.of_occasion(occasion_id) if message.kind.is_to_patient}
    if channel not in channels | given:
        raise _no_order()


def _note(tx: Tx, event: ReceiptEvent) -> None:
    is_news = tx.events.receipt(event.order_id, event.event, event.reference, event.at)
    message = tx.outbox.get(event.order_id)
    if is_news and event.event == REJECTED:
        pass_on(tx, message)
    tx.audit.record(AuditEvent("receipt", f"Message/{event.order_id}", (message.patient_ref,), purpose="delivery"))


def _agrees(tx: Tx, request: Request, checked: ResponseAnswers) -> bool:
    if checked.request is not None:
        return checked.request == request.id
    # Without a request of its own the document would be matched by subject and questionnaire: to the same request?
    subject = _subject(tx, checked)
    newest = tx.requests.newest_for(subject, checked.questionnaire) if subject else None
    return newest is not None and newest.id == request.id


def _subject(tx: Tx, checked: ResponseAnswers) -> PatientRef | None:
    if checked.subject_identifier:
        return tx.patients.find(parse_identifier(checked.subject_identifier[1]))
    return PatientRef(checked.subject.removeprefix("Patient/")) if checked.subject else None


def _no_order() -> NotFoundError:
    text = "No such order."
    return NotFoundError(text, issues=[Issue("not-found", text, "data.orderId", rule="unknown-order")])
