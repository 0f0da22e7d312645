"""The outbox, as a use case sees it: messages are added and cancelled here, and sent elsewhere."""

from dataclasses import dataclass

from sqlalchemy import func

from delivery.outbox import Message, MessageState, NewMessage
from kernel.ids import EnrolmentId, MessageId, OccasionId, new_id
from store.base import table_of
from store.dialect import take_turns
from store.scope import Scope, Where
from store.tables.outbox import OutboxRow
from store.values import to_columns, to_value

OUTBOX = table_of(OutboxRow)
CANCELLABLE = (MessageState.DUE, MessageState.LEASED)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Reads, adds and cancels messages of one clinic."""

    scope: Scope

    def add(self, message: NewMessage) -> MessageId:
        """Add a message at the end of its lane.

        A message that supersedes takes the place of the older ones of its lane and kind that nobody is sending.
        """
        take_turns(self.scope.connection, f"{self.scope.clinic_id}/{message.lane}")
        message_id = MessageId(new_id())
        columns = {
            **to_columns(message),
            "id": message_id,
            "sequence": self._last_sequence(message.lane) + 1,
            "state": MessageState.DUE,
            "attempts": 0,
            "fence": 0,
            "in_doubt": False,
            "created_at": self.scope.now,
        }
        if message.supersedes:
            self._supersede(message)
        self.scope.insert(OUTBOX, columns)
        return message_id

    def get(self, message_id: MessageId) -> Message:
        """Return a message; NotFoundError if there is none in this clinic."""
        return to_value(Message, self.scope.get(OUTBOX, message_id))

    def of_enrolment(self, enrolment_id: EnrolmentId) -> tuple[Message, ...]:
        """Return the messages about an enrolment, oldest first."""
        return self._messages(OUTBOX.c.enrolment_id == enrolment_id)

    def of_occasion(self, occasion_id: OccasionId) -> tuple[Message, ...]:
        """Return the messages about an occasion, oldest first."""
        return self._messages(OUTBOX.c.occasion_id == occasion_id)

    def cancel_open(self, occasion_id: OccasionId) -> int:
        """Cancel the messages about an occasion that are still to be sent; tell how many there were.

        One that is being sent at this moment may still arrive; its result is dropped by the fence.
        """
        where = (OUTBOX.c.occasion_id == occasion_id, OUTBOX.c.state.in_(CANCELLABLE))
        return self.scope.update(OUTBOX, where, self._closed(MessageState.CANCELLED))

    def _last_sequence(self, lane: str) -> int:
        query = self.scope.select(OUTBOX, OUTBOX.c.lane == lane).with_only_columns(
            func.coalesce(func.max(OUTBOX.c.sequence), 0)
        )
        return int(self.scope.connection.execute(query).scalar_one())

    def _supersede(self, message: NewMessage) -> None:
        older = (OUTBOX.c.lane == message.lane, OUTBOX.c.kind == message.kind, OUTBOX.c.state == MessageState.DUE)
        self.scope.update(OUTBOX, older, self._closed(MessageState.SUPERSEDED))

    def _closed(self, state: MessageState) -> dict[str, object]:
        return {"state": state, "closed_at": self.scope.now, "lease_owner": None, "lease_until": None}

    def _messages(self, *where: Where) -> tuple[Message, ...]:
        rows = self.scope.all(self.scope.select(OUTBOX, *where).order_by(OUTBOX.c.id))
        return tuple(to_value(Message, row) for row in rows)
