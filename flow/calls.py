"""CALL: whom the clinic itself asks, by telephone, and who was not reached."""

from dataclasses import dataclass, field
from datetime import datetime

from delivery.content import Content
from delivery.schedule import Enrolment, Occasion
from kernel.errors import NotOpenError
from kernel.ids import OccasionId
from questionnaires.model import Text
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import masked
from security.policy import Action, allow, may
from store.database import Store
from store.repositories.calls import Attempts, Call
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class CallEntry:
    """One patient to call.

    Args:
        since: when the patient came on the list, aware UTC.
        identifier: masked behind the date of birth, to tell patients of the same name apart.
        enrolments: whose questions are asked.
        forms: titles of what is still to be filled in.
        attempts: calls in vain; None = nobody has tried.
    """

    occasion: Occasion
    since: datetime
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    enrolments: tuple[Enrolment, ...]
    forms: tuple[Text, ...]
    attempts: Attempts | None


@dataclass(frozen=True, slots=True)
class CallList:
    """The use cases of the call list: count, look, record a call in vain."""

    store: Store
    content: Content

    def waiting(self, actor: Actor) -> int:
        """Count whom to call; nobody is looked at. 0 for those who may not see the list."""
        if not may(actor, Action.READ_WORKLIST):
            return 0
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.calls.count_waiting()

    def listed(self, actor: Actor) -> tuple[CallEntry, ...]:
        """Return whom to call, the nearest deadline first; whose names were shown is on record."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            calls = tx.calls.waiting()
            attempts = tx.calls.attempts([call.occasion.id for call in calls])
            entries = tuple(self._entry(tx, call, attempts.get(call.occasion.id)) for call in calls)
            if calls:
                tx.audit.record(AuditEvent("read", "Calls", tuple(call.occasion.patient_ref for call in calls)))
        return entries

    def not_reached(self, actor: Actor, occasion_id: OccasionId) -> None:
        """Record that the actor called just now and the patient did not answer.

        Raises:
            NotFoundError: no such occasion in this clinic.
            NotOpenError: nobody is to be called about it any more.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            occasion = tx.occasions.get(occasion_id)
            if not tx.calls.holds(occasion_id):
                raise NotOpenError("Nobody is to be called about this any more.")
            tx.calls.not_reached(occasion)

    def _entry(self, tx: Tx, call: Call, attempts: Attempts | None) -> CallEntry:
        patient = tx.patients.identity(call.occasion.patient_ref)
        requests = tx.requests.of_occasion(call.occasion.id)
        return CallEntry(
            occasion=call.occasion,
            since=call.since,
            name=patient.name,
            identifier=masked(patient.identifier),
            enrolments=tuple(tx.enrolments.get(one) for one in tx.occasions.enrolments_of(call.occasion.id)),
            forms=tuple(
                self.content.questionnaires.get(one.questionnaire).title for one in requests if one.state.is_open
            ),
            attempts=attempts,
        )
