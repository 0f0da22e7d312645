"""What of the outbox is not finished, and what people do about single messages of it."""

from dataclasses import dataclass, replace

from sqlalchemy import exists

from delivery.backlog import STUCK, UNFINISHED, Act, BacklogEntry, Wanted
from delivery.outbox import MessageKind, MessageState, NewMessage
from delivery.transitions import Change
from kernel.ids import EnrolmentId, MessageId, PatientRef, new_id
from store.base import table_of
from store.moves import ends, starts
from store.repositories.agreements import Agreements
from store.repositories.freshness import Freshness
from store.repositories.outbox import Outbox
from store.scope import Found, Scope
from store.sealing import open_for_clinic, seal_for_clinic
from store.survey import is_up
from store.tables.outbox import STUCK as STUCK_ONES
from store.tables.outbox import OutboxRow
from store.tables.outbox_act import OutboxActRow
from store.values import to_value

ACT = table_of(OutboxActRow)
OUTBOX = table_of(OutboxRow)
REPORTS = tuple(kind for kind in MessageKind if kind.is_report)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Reads and changes what waits in one clinic's outbox, for people."""

    scope: Scope

    def entries(self, wanted: Wanted) -> tuple[BacklogEntry, ...]:
        """Return messages, oldest first; the ids are in the order of making."""
        query = self.scope.select(OUTBOX, OUTBOX.c.state.in_(UNFINISHED if wanted.states is None else wanted.states))
        if wanted.states is None:
            query = query.where(is_up(self.scope.now))
        if wanted.targets:
            query = query.where(OUTBOX.c.target.in_(wanted.targets))
        if wanted.before:
            query = query.where(OUTBOX.c.created_at < wanted.before)
        rows = self.scope.all(query.order_by(OUTBOX.c.id).limit(wanted.limit))
        return tuple(self._entry(row) for row in rows)

    def get(self, message_id: MessageId) -> BacklogEntry:
        """Return a message; NotFoundError if there is none in this clinic."""
        return self._entry(self.scope.get(OUTBOX, message_id))

    def _entry(self, row: Found) -> BacklogEntry:
        """Make an entry of a row; only what waits to be sent can be held by a gate."""
        why = None
        if row.state is MessageState.DUE:
            why = Agreements(self.scope).hold_of(MessageId(row.id)) or Freshness(self.scope).held_because(
                row.kind, PatientRef(row.patient_ref), row.target
            )
        return to_value(BacklogEntry, row, held_because=why)

    def refused(self, enrolment_id: EnrolmentId | None = None) -> tuple[BacklogEntry, ...]:
        """Return the reports that a plan, a record or the inbox did not take and nobody has handled, oldest first.

        Args:
            enrolment_id: of one enrolment only.
        """
        query = self.scope.select(OUTBOX, OUTBOX.c.state == MessageState.DEAD, OUTBOX.c.kind.in_(REPORTS))
        if enrolment_id is not None:
            query = query.where(OUTBOX.c.enrolment_id == enrolment_id)
        rows = self.scope.all(query.where(STUCK_ONES).order_by(OUTBOX.c.id))
        return tuple(self._entry(row) for row in rows)

    def is_superseded(self, message_id: MessageId) -> bool:
        """Tell whether a newer message of the same lane and kind has taken its place."""
        newer = OUTBOX.alias("newer")
        overtaken = exists().where(
            newer.c.clinic_id == OUTBOX.c.clinic_id,
            newer.c.lane == OUTBOX.c.lane,
            newer.c.kind == OUTBOX.c.kind,
            newer.c.sequence > OUTBOX.c.sequence,
            newer.c.supersedes,
        )
        return self.scope.first(self.scope.select(OUTBOX, OUTBOX.c.id == message_id, overtaken)) is not None

    def retry(self, message_id: MessageId) -> bool:
        """Make a message that is stuck due now, with its key; False if it is not stuck."""
        now = self.scope.now
        return self._change(message_id, Change.RETRY, due_at=now, first_due_at=now)

    def hurry(self, message_id: MessageId) -> bool:
        """Let a message that failed and waits for its next attempt be tried now; False if it does not wait."""
        waits = (OUTBOX.c.id == message_id, OUTBOX.c.state == MessageState.DUE, OUTBOX.c.last_error.is_not(None))
        return self.scope.update(OUTBOX, waits, {"due_at": self.scope.now}) == 1

    def close(self, message_id: MessageId, change: Change) -> bool:
        """Give a message up for good; False if it is in no state in which that can be.

        Args:
            change: GIVE_UP, or HANDLE, which only what was refused can be.
        """
        return self._change(message_id, change)

    def renew(self, message_id: MessageId) -> MessageId | None:
        """Give a stuck message up and put it into the outbox anew, with a new key; None if it is not stuck."""
        if self.get(message_id).state not in STUCK or not self.close(message_id, Change.GIVE_UP):
            return None
        message = to_value(NewMessage, self.scope.get(OUTBOX, message_id))
        return Outbox(self.scope).add(replace(message, due_at=self.scope.now))

    def keep(self, message_id: MessageId, act: Act, *, reason: str = "", renewed_as: MessageId | None = None) -> None:
        """Keep who did what to a message at this moment, and why."""
        id_ = new_id()
        columns = {
            "id": id_,
            "message_id": message_id,
            "act": act,
            "actor_id": self.scope.actor.id,
            "at": self.scope.now,
            "reason_enc": seal_for_clinic(self.scope, _reason(id_), reason.encode()) if reason else None,
            "renewed_as": renewed_as,
        }
        self.scope.insert(ACT, columns)

    def acts(self, message_id: MessageId) -> tuple[tuple[Act, str], ...]:
        """Return what was done to a message with the reasons, oldest first."""
        rows = self.scope.all(self.scope.select(ACT, ACT.c.message_id == message_id).order_by(ACT.c.id))
        return tuple(
            (row.act, open_for_clinic(self.scope, _reason(row.id), row.reason_enc).decode() if row.reason_enc else "")
            for row in rows
        )

    def _change(self, message_id: MessageId, change: Change, **others: object) -> bool:
        return (
            self.scope.update(
                OUTBOX, (OUTBOX.c.id == message_id, starts(change)), {**ends(change, self.scope.now), **others}
            )
            == 1
        )


def _reason(id_: str) -> str:
    return f"outbox_act.reason/{id_}"
