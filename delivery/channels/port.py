"""The port to the patient: what a channel is given and what it gives back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from delivery.capabilities import Capabilities, Idempotency, ReceiptWay
from delivery.parties import Clinic, PatientIdentity
from kernel.ids import Canonical, MessageId, OccasionId, RequestId

__all__ = [
    "AskedForm",
    "Capabilities",
    "Channel",
    "Idempotency",
    "Invitation",
    "LooksUp",
    "Polled",
    "Polls",
    "Receipt",
    "ReceiptWay",
    "Told",
    "Withdraws",
]


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
        reminds: key of the invitation that this one repeats; None = it is the first.
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
    reminds: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver said when it took a message.

    Args:
        reference: the receiver's own reference, for receipts.
        duplicate: it had the key already.
    """

    reference: str
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One receipt that was fetched.

    Args:
        id: the receiver's name of this receipt; the same one again is no news.
        order_id: key of the message that it is about.
        event: `accepted`, `notified`, `opened`, `completed` or `rejected`.
        reference: the receiver's reference of the message.
        at: when it happened, aware UTC.
    """

    id: str
    order_id: MessageId
    event: str
    reference: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Polled:
    """What there was to fetch, oldest first.

    Args:
        mark: where the next poll goes on; the receiver's, opaque to us.
        more: there is more to fetch at once.
    """

    receipts: tuple[Told, ...]
    mark: str
    more: bool = False


class Channel(Protocol):
    """Hands invitations to one app.

    What it can do besides is in its `capabilities`, and then in its type: `LooksUp`, `Withdraws`, `Polls`.
    """

    name: str
    capabilities: Capabilities

    def send(self, invitation: Invitation) -> Receipt:
        """Hand over; the same key twice must reach the patient once.

        Raises:
            DeliveryError: with `permanent` when trying again is useless.
        """
        ...


@runtime_checkable
class LooksUp(Channel, Protocol):
    """A channel that can be asked what it has; before a doubtful message is sent again."""

    def lookup(self, key: MessageId) -> Receipt | None:
        """Tell what the receiver made of a key, None where it never took it.

        Raises:
            DeliveryError: it could not be asked; the doubt stays.
        """
        ...


@runtime_checkable
class Withdraws(Channel, Protocol):
    """A channel that takes back what it was given: the patient need not answer it any more."""

    def withdraw(self, key: MessageId) -> None:
        """Take a message back; what was never taken, or is taken back already, is no error.

        A receiver remembers a key that it never had: the message must not be taken when it arrives late.

        Raises:
            DeliveryError: with `permanent` when trying again is useless.
        """
        ...


@runtime_checkable
class Polls(Channel, Protocol):
    """A channel whose receipts can be fetched, where its calls did not reach us."""

    def poll(self, since: str | None) -> Polled:
        """Fetch the receipts that came after a mark; without one, from the oldest that the receiver keeps.

        Raises:
            DeliveryError: it could not be asked; the next tick asks again.
        """
        ...
