"""The outbox, as a use case sees it: messages are added and cancelled here, and sent elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import and_, bindparam, func, insert, or_, select

from delivery.outbox import Message, MessageEnd, MessageKind, MessageState, NewMessage
from delivery.transitions import Change
from kernel.ids import EnrolmentId, MessageId, OccasionId, new_id
from store.base import table_of
from store.dialect import take_turns
from store.moves import ends, starts
from store.scope import OF_CLINIC, Scope, Where, change_of_clinic
from store.tables.outbox import OutboxRow
from store.values import batched, names_of, to_columns, to_value

OUTBOX = table_of(OutboxRow)
SUPERSEDE = change_of_clinic(
    OUTBOX,
    OUTBOX.c.lane == bindparam("of_lane"),
    OUTBOX.c.kind == bindparam("of_kind"),
    starts(Change.SUPERSEDE),
).values(**ends(Change.SUPERSEDE, bindparam("closed")))
ON_THEIR_WAY = (MessageState.LEASED, MessageState.IN_DOUBT, MessageState.ACCEPTED)
LAST = OUTBOX.alias("last")
NEXT = (
    select(func.coalesce(func.max(LAST.c.sequence), 0) + 1)
    .where(LAST.c.clinic_id == bindparam(OF_CLINIC), LAST.c.lane == bindparam("new_lane"))
    .scalar_subquery()
)
BEGINS = {"state": MessageState.DUE, "attempts": 0, "fence": 0, "in_doubt": False}
"""How every message begins."""
APPEND = insert(OUTBOX).values(
    {
        **{name: bindparam(f"new_{name}") for name in (*names_of(NewMessage), "id", "created_at")},
        "first_due_at": bindparam("new_due_at"),
        "clinic_id": bindparam(OF_CLINIC),
        "sequence": NEXT,
        **BEGINS,
    }
)
"""The number is found by the insert itself: whoever adds has taken the lane's turn."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Reads, adds and cancels messages of one clinic."""

    scope: Scope

    def add(self, message: NewMessage) -> MessageId:
        """Add a message at the end of its lane.

        A message that supersedes takes the place of the older ones of its lane and kind that nobody is sending.
        """
        (message_id,) = self.add_all([message])
        return message_id

    def add_all(self, messages: Sequence[NewMessage]) -> tuple[MessageId, ...]:
        """Add messages, each at the end of a lane of its own, as `add` does; return their ids in the same order."""
        for lane in sorted(message.lane for message in messages):
            take_turns(self.scope.connection, f"{self.scope.clinic_id}/{lane}")
        superseding = [message for message in messages if message.supersedes]
        if superseding:
            older = [{"of_lane": one.lane, "of_kind": one.kind, "closed": self.scope.now} for one in superseding]
            self.scope.change_all(SUPERSEDE, older)
        ids = tuple(MessageId(new_id()) for _ in messages)
        self.scope.change_all(APPEND, [self._row(one, id_) for one, id_ in zip(messages, ids, strict=True)])
        return ids

    def add_first(self, messages: Sequence[NewMessage]) -> None:
        """Add the first messages of new lanes by one statement; a lane that has one already is a ConflictError."""
        self.scope.insert_all(OUTBOX, [{**to_columns(one), **self._first(one)} for one in messages])

    def _first(self, message: NewMessage) -> Mapping[str, object]:
        return {**BEGINS, "sequence": 1, "id": new_id(), "first_due_at": message.due_at, "created_at": self.scope.now}

    def _row(self, message: NewMessage, message_id: MessageId) -> Mapping[str, object]:
        columns = {f"new_{name}": value for name, value in to_columns(message).items()}
        return {**columns, "new_id": message_id, "new_created_at": self.scope.now}

    def get(self, message_id: MessageId) -> Message:
        """Return a message; NotFoundError if there is none in this clinic."""
        return to_value(Message, self.scope.get(OUTBOX, message_id))

    def of_enrolment(self, enrolment_id: EnrolmentId) -> tuple[Message, ...]:
        """Return the messages about an enrolment, oldest first."""
        return self._messages(OUTBOX.c.enrolment_id == enrolment_id)

    def ends(self, messages: Iterable[Message]) -> Mapping[MessageId, MessageEnd]:
        """Tell of each message how it ended, or what keeps it from leaving."""
        found: dict[MessageId, MessageEnd] = {}
        for batch in batched(sorted(message.id for message in messages)):
            for row in self.scope.all(self.scope.select(OUTBOX, OUTBOX.c.id.in_(batch))):
                found[MessageId(row.id)] = MessageEnd(row.closed_at, row.last_error or "")
        return found

    def of_occasion(self, occasion_id: OccasionId) -> tuple[Message, ...]:
        """Return the messages about an occasion, oldest first."""
        return self._messages(OUTBOX.c.occasion_id == occasion_id)

    def cancel_open(self, occasion_id: OccasionId) -> int:
        """Cancel the messages about an occasion that are still open; tell how many there were.

        One that is being sent at this moment may still arrive; its result is dropped by the fence.
        """
        where = (OUTBOX.c.occasion_id == occasion_id, starts(Change.CANCEL))
        return self.scope.update(OUTBOX, where, ends(Change.CANCEL, self.scope.now))

    def cancel_reminders(self, occasion_id: OccasionId) -> int:
        """Cancel the reminders of an occasion that are still open; tell how many there were."""
        reminders = (OUTBOX.c.occasion_id == occasion_id, OUTBOX.c.kind == MessageKind.REMINDER)
        return self.scope.update(OUTBOX, (*reminders, starts(Change.CANCEL)), ends(Change.CANCEL, self.scope.now))

    def is_overtaken(self, reminder: Message) -> bool:
        """Tell whether a later reminder of the invitation is due or has left: after a standstill one is enough."""
        later = (OUTBOX.c.reminds == reminder.reminds, OUTBOX.c.reminder_no > reminder.reminder_no)
        stands = or_(and_(starts(Change.CLAIM), OUTBOX.c.due_at <= self.scope.now), OUTBOX.c.state.in_(ON_THEIR_WAY))
        return self.scope.first(self.scope.select(OUTBOX, *later, stands)) is not None

    def _messages(self, *where: Where) -> tuple[Message, ...]:
        # Sorted here: to spare itself the sorting, SQLite would walk all of the clinic's messages.
        rows = sorted(self.scope.all(self.scope.select(OUTBOX, *where)), key=attrgetter("id"))
        return tuple(to_value(Message, row) for row in rows)
