"""I15: at a steady rate each message is handed over within one tick of its moment; the clock is the test's own.

56 messages a second are 200,000 in an hour. How late they are by the clock on the wall is row 7 of `make bench`.
"""

from datetime import timedelta

from delivery.capabilities import Capabilities, Idempotency
from delivery.lease import window_of
from delivery.outbox import MessageKind
from tests.builders import CLINIC_ID, NOW, a_message, an_actor
from tests.crowd import Receiver, dispatch_to, states
from tests.proof.extent import extent
from tests.stored import store_clinic, store_patient
from tests.way import AtOnce

PER_S, CALLS = 56, 16
SECONDS = extent(30, 3_600)
TICK_S = 0.25
"""As `svarbro worker` looks at the outbox."""
CALL_S = 0.05
AHEAD_S = 5
"""The messages of so many seconds are added in one transaction, before the first of them is due."""


class PunctualReceiver(Receiver):
    """Takes 50 ms, 16 messages at once; writes down how late each call began."""

    capabilities = Capabilities(Idempotency.KEY, max_in_flight=1000)

    def __init__(self, clock):
        super().__init__(self.come)
        self.clock, self.late = clock, []

    def come(self, message):
        self.late.append((self.clock.now() - message.due_at).total_seconds())
        self.clock.move(seconds=CALL_S / CALLS)


def add_second_by_second(store, actor, patient_ref, begin):
    """Add what falls due in some seconds, evenly spread."""
    values = {"kind": MessageKind.PLAN_REPORT, "target": "flp"}
    numbers = range(begin * PER_S, (begin + AHEAD_S) * PER_S)
    with store.write(CLINIC_ID, actor) as tx:
        tx.outbox.add_all(
            [
                a_message(
                    patient_ref, lane=f"steady/{n}", due_at=NOW + timedelta(seconds=AHEAD_S + n / PER_S), **values
                )
                for n in numbers
            ]
        )
    return len(numbers)


def test_i15_each_message_is_handed_over_within_one_tick_of_its_moment(store, clock, ledger):
    actor = store_clinic(store)
    patient_ref = store_patient(store, actor)
    receiver, made = PunctualReceiver(clock), 0
    window = {"window": window_of(CALLS), "threads": CALLS, "receivers": {"flp": receiver}}
    dispatch = dispatch_to(receiver, store, clock, AtOnce(), **window)

    for tick in range(int((SECONDS + AHEAD_S) / TICK_S) + 1):
        clock.at = max(clock.at, NOW + timedelta(seconds=tick * TICK_S))
        if tick * TICK_S % AHEAD_S == 0 and made < PER_S * SECONDS:
            made += add_second_by_second(store, an_actor(), patient_ref, int(tick * TICK_S))
        dispatch()

    assert states(store) == {"accepted": PER_S * SECONDS}
    late = sorted(receiver.late)
    assert late[0] >= 0, "nothing leaves before its moment"
    assert late[-1] <= TICK_S + window_of(CALLS) * CALL_S / CALLS, "a tick, and the calls before it in the window"
    with store.queue() as queue:
        database = queue.connection.dialect.name
    share = len(late) // 100
    ledger.add("I15 lateness", database=database, messages=made, p99_ms=_ms(late[-1 - share]), most_ms=_ms(late[-1]))


def _ms(seconds):
    return round(1000 * seconds)
