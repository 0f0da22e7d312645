"""The port to the patient: what a channel is given and what it gives back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from delivery.parties import Clinic, PatientIdentity
from kernel.ids import Canonical, MessageId, OccasionId, RequestId


@dataclass(frozen=True, slots=True)
class AskedForm:
    """One questionnaire that an invitation asks for.

    Args:
        order_id: our request; the channel sends it back with the answer.
        questionnaire: `url|version`.
        title: Danish title, without a diagnosis.
    """

    order_id: RequestId
    questionnaire: Canonical
    title: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One message to one patient.

    Args:
        key: idempotency key: the same key twice must reach the patient once.
        occasion_id: what is asked together.
        clinic: the sender.
        patient: the recipient; the identifier goes into the body only, over TLS.
        forms: what is asked, in order.
        due: when it was due, aware UTC.
        expires: after this moment the link is dead.
        link: personal link; it opens nothing by itself in production.
        text: neutral notification text, at most 160 characters, no health content.
        language: `da` or `en`.
    """

    key: MessageId
    occasion_id: OccasionId
    clinic: Clinic
    patient: PatientIdentity
    forms: tuple[AskedForm, ...]
    due: datetime
    expires: datetime
    link: str = field(repr=False)
    text: str
    language: str = "da"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver said when it took a message.

    Args:
        reference: the receiver's own reference, for receipts.
        duplicate: it had the key already.
    """

    reference: str
    duplicate: bool = False


class Channel(Protocol):
    """Hands invitations to one app."""

    name: str

    def send(self, invitation: Invitation) -> Receipt:
        """Hand over; the same key twice must reach the patient once.

        Raises:
            DeliveryError: with `permanent` when trying again is useless.
        """
        ...
