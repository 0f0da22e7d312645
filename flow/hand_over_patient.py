"""DELIVER to the patient: an invitation is rendered when it is claimed, and the gates are looked at once more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from delivery.channels.port import AskedForm, Channel, Invitation
from delivery.content import Content
from delivery.notices import notice
from delivery.outbox import Message, MessageKind, MessageState
from delivery.recurrence import danish_date, next_open
from delivery.schedule import OccasionState
from flow.handover import Handover
from flow.schedule import worker_of
from flow.withdrawal import take_back
from kernel.clock import Clock
from kernel.ids import Canonical, OccasionId
from security.keys import Keys
from security.links import fitting_token
from store.database import Store
from store.transaction import Tx

LANGUAGE = "da"
"""Every patient is written to in Danish until a patient's own language is known; the form itself can be switched."""


@dataclass(frozen=True, slots=True)
class HandOverToPatient:
    """Hands messages that patients see to their channels.

    Args:
        keys: make personal links.
        public_url: where the links lead.
    """

    store: Store
    content: Content
    clock: Clock
    channels: Mapping[str, Channel]
    keys: Keys = field(repr=False)
    public_url: str

    def __call__(self, message: Message) -> Handover:
        """Hand over one claimed message; no transaction is open during the call.

        Raises:
            DeliveryError: sorted into permanent and try again.
        """
        if message.kind is MessageKind.WITHDRAWAL:
            return take_back(self.store, self.channels, message)
        with self.store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
            invitation = None if self._is_pointless(tx, message) else self._invitation(tx, message)
            again_at = self._waits_until(tx, message, invitation) if invitation else None
        if invitation is None:
            return Handover(MessageState.CANCELLED)
        if again_at is not None:
            return Handover(MessageState.DUE, again_at=again_at)
        receipt = self.channels[message.target].send(invitation)
        return Handover(MessageState.ACCEPTED, receipt.reference)

    def _waits_until(self, tx: Tx, message: Message, invitation: Invitation) -> datetime | None:
        """Tell when it is due again, if something that may pass has come between the claim and the call."""
        now = self.clock.now()
        if any(form.questionnaire in self.held() for form in invitation.forms):
            # A licence ran out: the occasion is put back by the next tick.
            return now
        if tx.agreements.hold_of(message.id):
            # The clinic's agreement ended, or it left the package: the claim leaves the message alone.
            return now
        if tx.freshness.stale():
            # A source of patients' status fell silent: the claim leaves the message alone until it speaks.
            return now
        # After a standstill or a retry it may be night: nobody is written to before the window opens.
        opens = next_open(now, tx.window)
        return opens if opens > now else None

    def held(self) -> frozenset[Canonical]:
        """Return the questionnaires that cannot be sent today."""
        return self.content.held(danish_date(self.clock.now()))

    def _is_pointless(self, tx: Tx, message: Message) -> bool:
        """Tell whether a reminder is not needed: the channel reminds by itself, or the next one is due as well."""
        if message.reminds is None:
            return False
        return self.channels[message.target].capabilities.reminds or tx.outbox.is_overtaken(message)

    def _invitation(self, tx: Tx, message: Message) -> Invitation | None:
        """Render the invitation, or None when there is nothing left to ask, or the gate has closed since the claim."""
        occasion = tx.occasions.get(occasion_of(message))
        forms = tuple(
            AskedForm(
                request.id, request.questionnaire, self.content.questionnaires.get(request.questionnaire).title.da
            )
            for request in tx.requests.of_occasion(occasion.id)
            if request.state.is_open
        )
        is_open = tx.statuses.may_be_written_to(message.patient_ref, message.target)
        if occasion.state is not OccasionState.OPEN or not forms or not is_open:
            return None
        clinic = tx.clinics.get()
        return Invitation(
            key=message.id,
            occasion_id=occasion.id,
            clinic=clinic,
            patient=tx.patients.identity(message.patient_ref),
            forms=forms,
            due=message.due_at,
            expires=occasion.expires_at,
            link=f"{self.public_url}/p/i/{fitting_token(self.keys, occasion.id, tx.occasions.link_hash(occasion.id))}",
            text=notice("reminder" if message.reminds else "invitation", clinic=clinic.name, language=LANGUAGE),
            language=LANGUAGE,
            reminds=message.reminds,
        )


def occasion_of(message: Message) -> OccasionId:
    """Return the occasion that a message to a patient is about.

    Raises:
        ValueError: it names none.
    """
    if message.occasion_id is None:
        raise ValueError("A message to a patient names its occasion.")
    return message.occasion_id
