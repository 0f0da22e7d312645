"""What left the house, as it is told of afterwards: when it was made, when it was settled, what came back."""

from dataclasses import dataclass
from datetime import datetime

from delivery.outbox import Message
from kernel.ids import MessageId
from store.base import table_of
from store.repositories.events import Events, ReceiptFact
from store.scope import Scope
from store.tables.outbox import OutboxRow
from store.values import to_value

OUTBOX = table_of(OutboxRow)


@dataclass(frozen=True, slots=True)
class Communication:
    """One message with its times; never its payload, which is not kept.

    Args:
        closed_at: when nothing more was to be done, whatever came of it.
        receipts: what the channel told, lowest rank first.
    """

    message: Message
    created_at: datetime
    closed_at: datetime | None
    receipts: tuple[ReceiptFact, ...]


@dataclass(frozen=True, slots=True)
class Communications:
    """Reads them."""

    scope: Scope

    def get(self, message_id: MessageId) -> Communication:
        """Return one; NotFoundError if there is none in this clinic."""
        row = self.scope.get(OUTBOX, message_id)
        receipts = Events(self.scope).receipts(message_id)
        return Communication(to_value(Message, row), row.created_at, row.closed_at, receipts)
