"""What channels tell us: signed calls, each counted once, and receipts that only ever move a message on."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from delivery.outbox import MessageState
from delivery.transitions import Change
from kernel.errors import InvalidInputError, Issue
from kernel.ids import MessageId, new_id
from store.base import table_of
from store.moves import ends, starts
from store.scope import Scope
from store.sealing import open_for_clinic, seal_for_clinic
from store.tables.outbox import OutboxRow
from store.tables.receipt import ReceiptRow
from store.tables.webhook_event import WebhookEventRow
from store.values import to_value

EVENT = table_of(WebhookEventRow)
OUTBOX = table_of(OutboxRow)
RECEIPT = table_of(ReceiptRow)
RANKED = ("accepted", "notified", "opened", "rejected", "completed")
"""Events of a channel, lowest first: a refusal outweighs everything but that the patient has answered."""
UNIQUE_RECEIPT = ("clinic_id", "message_id", "event")


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """That one event happened to one message.

    Args:
        event: one of `RANKED`.
        reference: the channel's own reference.
        at: when it happened, as the channel says; the earliest one said.
    """

    event: str
    reference: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Events:
    """Reads and records what channels tell."""

    scope: Scope

    def add(self, channel: str, webhook_id: str, raw: bytes) -> bool:
        """Record a signed call before it is applied; False if the channel has sent it before."""
        id_ = new_id()
        columns = {
            "id": id_,
            "channel": channel,
            "webhook_id": webhook_id,
            "body_enc": seal_for_clinic(self.scope, _place(id_), raw),
            "sha256": sha256(raw).hexdigest(),
            "received_at": self.scope.now,
        }
        return self.scope.insert_once(EVENT, ("channel", "webhook_id"), columns)

    def raw(self, channel: str, webhook_id: str) -> bytes | None:
        """Return the bytes of a recorded call, as long as they are kept; then its hash is all there is."""
        row = self.scope.first(self.scope.select(EVENT, EVENT.c.channel == channel, EVENT.c.webhook_id == webhook_id))
        return None if row is None or not row.body_enc else open_for_clinic(self.scope, _place(row.id), row.body_enc)

    def receipt(self, message_id: MessageId, event: str, reference: str | None, at: datetime) -> bool:
        """Record that an event happened to a message, in whatever order the events come.

        A message whose transmission was in doubt is settled by its receipt: it did arrive, also where it is refused.

        Returns:
            Whether the event was news.

        Raises:
            InvalidInputError: no channel event has this name.
            NotFoundError: there is no such message in this clinic.
        """
        if event not in RANKED:
            raise InvalidInputError("Unknown event.", issues=[Issue("code-invalid", "Unknown event.", "data.event")])
        self.scope.get(OUTBOX, message_id)
        is_news = self._record(message_id, ReceiptFact(event, reference, at))
        self._settle_doubt(message_id)
        return is_news

    def receipts(self, message_id: MessageId) -> tuple[ReceiptFact, ...]:
        """Return what happened to a message, by rank."""
        rows = self.scope.all(self.scope.select(RECEIPT, RECEIPT.c.message_id == message_id))
        facts = (to_value(ReceiptFact, row) for row in rows)
        return tuple(sorted(facts, key=lambda fact: RANKED.index(fact.event)))

    def channel_state(self, message_id: MessageId) -> str | None:
        """Return the highest event that happened to a message."""
        facts = self.receipts(message_id)
        return facts[-1].event if facts else None

    def _record(self, message_id: MessageId, fact: ReceiptFact) -> bool:
        columns = {
            "id": new_id(),
            "message_id": message_id,
            "event": fact.event,
            "reference": fact.reference,
            "at": fact.at,
            "recorded_at": self.scope.now,
        }
        is_news = self.scope.insert_once(RECEIPT, UNIQUE_RECEIPT, columns)
        if not is_news:
            same = (RECEIPT.c.message_id == message_id, RECEIPT.c.event == fact.event, RECEIPT.c.at > fact.at)
            self.scope.update(RECEIPT, same, {"at": fact.at, "reference": fact.reference})
        return is_news

    def _settle_doubt(self, message_id: MessageId) -> None:
        in_doubt = (OUTBOX.c.id == message_id, starts(Change.RECEIPT))
        self.scope.update(OUTBOX, in_doubt, ends(Change.RECEIPT, self.scope.now, MessageState.ACCEPTED))


def _place(event_id: str) -> str:
    return f"webhook_event.body/{event_id}"
