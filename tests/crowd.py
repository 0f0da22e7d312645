"""Many messages of one patient, each in a lane of its own, and a receiver that tests hold in their hands."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, cast

from sqlalchemy import func, select

from delivery.outbox import Message, MessageKind, MessageState
from flow.deliver import Dispatch
from flow.handover import Handover
from kernel.clock import Clock
from kernel.ids import ClinicId, MessageId
from store.base import table_of
from store.database import Store
from store.tables import AttemptRow, OutboxRow
from store.values import batched
from tests.builders import CLINIC_ID, a_message
from tests.stored import store_clinic, store_patient

TOGETHER = 5_000
"""Messages added in one transaction: on PostgreSQL each lane is a lock until its end."""
ATTEMPT, OUTBOX = table_of(AttemptRow), table_of(OutboxRow)


@dataclass
class Receiver:
    """Takes every message, and counts how often; a test says what else happens on the way.

    Args:
        happens: called with each message before it is taken; what it raises is the end of the call.
    """

    happens: Callable[[Message], None] = lambda _message: None
    arrived: Counter[MessageId] = field(default_factory=Counter)
    lock: Any = field(default_factory=Lock)

    def __call__(self, message: Message) -> Handover:
        with self.lock:
            self.arrived[message.id] += 1
        self.happens(message)
        return Handover(MessageState.ACCEPTED, f"ref-{message.id}")

    def held(self) -> frozenset[Any]:
        return frozenset()


def crowd(
    store: Store, count: int, *, lanes: int | None = None, clinic_id: ClinicId = CLINIC_ID, **message: Any
) -> tuple[MessageId, ...]:
    """Add a clinic with a patient, and so many due reports.

    Args:
        lanes: so many lanes share them; each has its own if None.
    """
    actor = store_clinic(store, clinic_id)
    patient_ref = store_patient(store, actor)
    values = {"kind": MessageKind.PLAN_REPORT, "target": "flp", **message}
    ids: list[MessageId] = []
    for numbers in batched(range(count), TOGETHER):
        with store.write(clinic_id, actor) as tx:
            ids += tx.outbox.add_all(
                [a_message(patient_ref, lane=f"crowd/{n % (lanes or count)}", **values) for n in numbers]
            )
    return tuple(ids)


def dispatch_to(receiver: Receiver, store: Any, clock: Clock, executor: Executor, **other: Any) -> Dispatch:
    """Build a dispatch whose messages all go to one receiver."""
    values = {"owner": "w1", "window": 8, "request_timeout_s": 1.0, "jitter": lambda: 1.0, **other}
    hand_over = cast(Any, receiver)
    return Dispatch(
        store=store, clock=clock, to_patient=hand_over, report=hand_over, executor=executor, **cast(Any, values)
    )


def states(store: Store) -> Mapping[str, int]:
    """Count the messages by state, without keeping a worker from writing."""
    query = select(OUTBOX.c.state, func.count().label("many")).group_by(OUTBOX.c.state)
    with store.survey() as survey:
        return Counter({str(row.state): row.many for row in survey.connection.execute(query)})


def rows_of(store: Store) -> Mapping[MessageId, Any]:
    """Return the rows of the outbox by id."""
    with store.queue() as queue:
        return {row.id: row for row in queue.connection.execute(OUTBOX.select())}
