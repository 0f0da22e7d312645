"""What happened to single messages of the outbox, for people who look into one."""

from dataclasses import dataclass

from delivery.message_trace import ActDone, Attempt, MessageTrace, ReceiptTold
from kernel.ids import MessageId
from store.base import table_of
from store.repositories.backlog import Backlog
from store.scope import Scope
from store.tables.attempt import AttemptRow
from store.tables.outbox_act import OutboxActRow
from store.tables.receipt import ReceiptRow
from store.values import to_value

ACT = table_of(OutboxActRow)
ATTEMPT = table_of(AttemptRow)
RECEIPT = table_of(ReceiptRow)


@dataclass(frozen=True, slots=True)
class Traces:
    """Reads what happened to the messages of one clinic."""

    scope: Scope

    def of(self, message_id: MessageId) -> MessageTrace:
        """Return a message with all that happened to it; NotFoundError if there is none in this clinic."""
        message = Backlog(self.scope).get(message_id)
        attempts = self.scope.select(ATTEMPT, ATTEMPT.c.message_id == message_id).order_by(ATTEMPT.c.fence)
        receipts = self.scope.select(RECEIPT, RECEIPT.c.message_id == message_id).order_by(RECEIPT.c.at, RECEIPT.c.id)
        acts = self.scope.select(ACT, ACT.c.message_id == message_id).order_by(ACT.c.id)
        return MessageTrace(
            message,
            tuple(to_value(Attempt, row) for row in self.scope.all(attempts)),
            tuple(to_value(ReceiptTold, row) for row in self.scope.all(receipts)),
            tuple(to_value(ActDone, row) for row in self.scope.all(acts)),
        )
