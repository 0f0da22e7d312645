"""OPERATE: a person looks at what has not left, and sends it again or gives it up; each act is on record."""

from dataclasses import dataclass

from delivery.backlog import Act, BacklogEntry, Wanted
from delivery.message_trace import MessageTrace
from delivery.outbox import MessageKind
from delivery.transitions import Change
from flow.report import enqueue_undelivered
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import MessageId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class OperateOutbox:
    """The use cases of operators: look, send again, give up."""

    store: Store

    def listed(self, actor: Actor, wanted: Wanted) -> tuple[BacklogEntry, ...]:
        """Return messages of the actor's clinic, oldest first; nothing of any patient is in them."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.backlog.entries(wanted)

    def trace(self, actor: Actor, message_id: MessageId) -> MessageTrace:
        """Return one message with all that happened to it, finished or not; nothing of any patient is in it.

        Raises:
            NotFoundError: no such message in this clinic.
        """
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.traces.of(message_id)

    def retry(self, actor: Actor, message_id: MessageId) -> BacklogEntry:
        """Make a message due now that is dead, doubtful or waits after a failure; its key stays, so it is taken once.

        Raises:
            NotFoundError: no such message in this clinic.
            ConflictError: it is none of these, its time is over, or a newer one has taken its place; nothing changed.
        """
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            _refuse_pointless(tx, tx.backlog.get(message_id))
            if not (tx.backlog.retry(message_id) or tx.backlog.hurry(message_id)):
                raise _not_in_state("not-stuck", "Only a dead, doubtful or failing message can be sent again.")
            return _kept(tx, message_id, Act.RETRIED)

    def renew(self, actor: Actor, message_id: MessageId, *, reason: str) -> BacklogEntry:
        """Send a stuck message again with a new key: a receiver that has the old one may take it twice.

        Args:
            reason: why the old key will not do; kept sealed.

        Returns:
            The new message.

        Raises:
            NotFoundError, ConflictError: as for `retry`.
            InvalidInputError: no reason is given.
        """
        allow(actor, Action.ADMINISTER)
        reason = _reason(reason)
        with self.store.write(actor.clinic_id, actor) as tx:
            _refuse_pointless(tx, tx.backlog.get(message_id))
            renewed = tx.backlog.renew(message_id)
            if renewed is None:
                raise _not_in_state("not-stuck", "Only a dead or doubtful message can be sent again.")
            _kept(tx, message_id, Act.RENEWED, reason=reason, renewed_as=renewed)
            return tx.backlog.get(renewed)

    def cancel(self, actor: Actor, message_id: MessageId, *, reason: str) -> BacklogEntry:
        """Give a message up; where it invites a patient, the clinic learns that somebody must call.

        Raises:
            NotFoundError: no such message in this clinic.
            ConflictError: it has left, has ended, or is being sent at this moment.
            InvalidInputError: no reason is given.
        """
        allow(actor, Action.ADMINISTER)
        reason = _reason(reason)
        with self.store.write(actor.clinic_id, actor) as tx:
            message = tx.outbox.get(message_id)
            if not tx.backlog.close(message_id, Change.GIVE_UP):
                raise _not_in_state("not-cancellable", "The message has left, has ended or is being sent just now.")
            if message.kind is MessageKind.INVITATION and message.occasion_id:
                enqueue_undelivered(tx, message.occasion_id)
            return _kept(tx, message_id, Act.CANCELLED, reason=reason)


def _kept(
    tx: Tx, message_id: MessageId, act: Act, *, reason: str = "", renewed_as: MessageId | None = None
) -> BacklogEntry:
    """Put the act on record and return the message as it stands now."""
    entry = tx.backlog.get(message_id)
    tx.backlog.keep(message_id, act, reason=reason, renewed_as=renewed_as)
    tx.audit.record(AuditEvent(f"outbox-{act}", f"Communication/{message_id}", (entry.patient_ref,), "delivery"))
    return entry


def _refuse_pointless(tx: Tx, entry: BacklogEntry) -> None:
    if entry.expires_at is not None and entry.expires_at <= tx.now:
        raise _not_in_state("too-late", "The time of the message is over.")
    if tx.backlog.is_superseded(entry.id):
        raise _not_in_state("superseded", "A newer message has taken its place.")


def _reason(given: str) -> str:
    reason = given.strip()
    if not reason or len(reason) > LONGEST_REASON:
        text = f"Give a reason of at most {LONGEST_REASON} characters."
        raise InvalidInputError(text, issues=[Issue("required", text, "reason", rule="reason-missing")])
    return reason


def _not_in_state(rule: str, text: str) -> ConflictError:
    return ConflictError(text, issues=[Issue("conflict", text, rule=rule)])
