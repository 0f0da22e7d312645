"""The work of all clinics: what is due, claimed, settled; only ticks of the worker and operators use it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, and_, select

from delivery.capabilities import Capabilities
from delivery.outbox import Message, MessageKind, MessageState
from delivery.schedule import OccasionState
from kernel.ids import Canonical, ClinicId, MessageId, OccasionId
from security.actor import Actor
from store import claiming, dispatch, leases
from store.adopted import Additions
from store.base import table_of
from store.dialect import insert_for
from store.faults import translated
from store.gates import asks_held
from store.receivers import ReceiverState, read_receivers
from store.settlement import Heard, Settlement
from store.strays import Strays
from store.tables.enrolment import EnrolmentRow
from store.tables.heartbeat import HeartbeatRow
from store.tables.occasion import OccasionRow
from store.tables.outbox import OutboxRow
from store.tables.slot import SlotRow
from store.transaction import Tx
from store.unseen import unseen

__all__ = ["Heard", "QueueTx", "Settlement"]

ENROLMENT = table_of(EnrolmentRow)
HEARTBEAT = table_of(HeartbeatRow)
OCCASION = table_of(OccasionRow)
OUTBOX = table_of(OutboxRow)
SLOT = table_of(SlotRow)
MOST_FREED = 500
"""One transaction frees or expires at most so many."""
NO_LIMITS: Mapping[str, Capabilities] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class QueueTx:
    """One writing transaction over all clinics; keep it short.

    Args:
        within: gives the same transaction as one clinic's.
    """

    connection: Connection
    within: Callable[[ClinicId, Actor], Tx]

    @property
    def additions(self) -> Additions:
        """What this transaction adds to the deployment's content."""
        return Additions(self.connection)

    def expired_occasions(self, now: datetime, limit: int) -> tuple[tuple[ClinicId, OccasionId], ...]:
        """Return open occasions whose time is over, longest over first."""
        query = (
            select(OCCASION.c.clinic_id, OCCASION.c.id)
            .where(OCCASION.c.state == OccasionState.OPEN, OCCASION.c.expires_at <= now)
            .order_by(OCCASION.c.expires_at, OCCASION.c.id)
            .limit(limit)
        )
        return tuple((ClinicId(row.clinic_id), OccasionId(row.id)) for row in self.connection.execute(query))

    def occasions_to_return(self, held: Collection[Canonical], limit: int) -> tuple[tuple[ClinicId, OccasionId], ...]:
        """Return open occasions that ask what cannot be sent any more, and that no patient was invited to yet.

        Args:
            held: questionnaire versions that cannot be sent now; without any, nothing is looked for.
        """
        if not held:
            return ()
        unsent = and_(OUTBOX.c.kind == MessageKind.INVITATION, OUTBOX.c.state == MessageState.DUE, ~OUTBOX.c.in_doubt)
        query = (
            select(OCCASION.c.clinic_id, OCCASION.c.id)
            .join(OUTBOX, and_(OUTBOX.c.clinic_id == OCCASION.c.clinic_id, OUTBOX.c.occasion_id == OCCASION.c.id))
            .where(OCCASION.c.state == OccasionState.OPEN, unsent)
            .where(asks_held(OCCASION.c.clinic_id, OCCASION.c.id, held))
            .order_by(OCCASION.c.id)
            .limit(limit)
        )
        return tuple((ClinicId(row.clinic_id), OccasionId(row.id)) for row in self.connection.execute(query))

    @property
    def strays(self) -> Strays:
        """Receipts of orders that nobody knows, and how far receipts were fetched."""
        return Strays(self.connection)

    def unseen(self, now: datetime, limit: int) -> tuple[tuple[ClinicId, MessageId], ...]:
        """Return invitations that waited as long as their step, and that nothing shows the patient to have seen."""
        return unseen(self.connection, now, limit)

    def claim(
        self,
        owner: str,
        now: datetime,
        lease_until: datetime,
        limit: int,
        *,
        held: Collection[Canonical] = (),
        receivers: Mapping[str, Capabilities] = NO_LIMITS,
        heard: Sequence[Heard] = (),
    ) -> tuple[Message, ...]:
        """Lease messages to a worker, longest due first; each counts as an attempt and raises the fence.

        Leases that have run out are given back before, and due messages whose time is over expire. Only the oldest
        open message of a lane is leased, and none to a patient who may not be written to. No receiver gets more than
        its circuit, its rate and its number of messages at once allow, and where many clinics wait for one, each has
        its turn. Several workers at once get different messages.

        Args:
            owner: name of the worker.
            lease_until: from this moment on another worker may take them.
            limit: at most so many; 0 only learns.
            held: questionnaire versions that cannot be sent now, so that no invitation to them leaves.
            receivers: what they can take, by target.
            heard: what calls that ended told of their receivers.
        """
        leases.free_lost(self.connection, now, MOST_FREED)
        dispatch.expire(self.connection, now, MOST_FREED)
        return claiming.claim(self.connection, owner, dispatch.Claim(now, lease_until, limit, held, receivers), heard)

    def receivers(self) -> Mapping[str, ReceiverState]:
        """Return what is known of each receiver that was ever spoken to, by target."""
        return read_receivers(self.connection)

    def settle(self, settlement: Settlement) -> bool:
        """Record what came of a transmission; False if the lease was lost and the result is dropped.

        The attempt's own row keeps the result in any case. A message to be tried again is given up instead where a
        newer one of its lane supersedes it.
        """
        return dispatch.settle(self.connection, settlement)

    def give_back(self, messages: Sequence[Message]) -> None:
        """Make claimed messages due again that no call was begun for; they count no attempt."""
        leases.give_back(self.connection, messages)

    def renew(self, messages: Sequence[Message], until: datetime) -> None:
        """Keep messages leased until a later moment; one whose lease was lost meanwhile stays lost."""
        leases.renew(self.connection, messages, until)

    def free_all_leases(self, now: datetime) -> int:
        """Make every leased message due again, and tell how many; only for whoever knows that no worker lives."""
        return leases.free_all(self.connection, now)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Let the block be undone alone if it raises; the rest of the transaction goes on.

        Raises:
            StoreError: what the database said, in our words.
        """
        with translated(), self.connection.begin_nested():
            yield

    def beat(self, worker: str, at: datetime) -> None:
        """Record that a worker lives."""
        statement = insert_for(self.connection, HEARTBEAT).values(worker=worker, at=at)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["worker"], set_={"at": at}))
