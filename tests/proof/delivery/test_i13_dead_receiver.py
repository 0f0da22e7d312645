"""I13: a receiver that is dead for long is probed, not stormed; what waited leaves no faster than the receiver takes.

Quick: eight dead minutes at one message a second; in full an hour at 56 a second.
"""

from bisect import bisect_left
from datetime import timedelta
from itertools import accumulate

import pytest

from delivery.breaker import FAILURES
from delivery.capabilities import Capabilities, Idempotency
from kernel.errors import DeliveryError
from tests.builders import NOW
from tests.crowd import Receiver, crowd, dispatch_to, states
from tests.proof.extent import extent
from tests.way import AtOnce

DEAD_S, PER_S = extent(480, 3600), extent(1, 56)
BACKLOG = DEAD_S * PER_S
MAX_RATE = float(extent(20, 112))
TICK_S = 0.25
WINDOW = 12
"""So many are under way at once, and go on when the circuit opens behind them."""
LOOK_S = 2.0
"""While nothing leaves, the test looks at the outbox more rarely than a worker."""
PROBES_S = [*accumulate((30, 60, 120, 240, *[300] * 20))]
"""When a probe comes, counted from the opening of the circuit."""


class DyingReceiver(Receiver):
    """Takes nothing before it is well again, and writes down when it was spoken to."""

    capabilities = Capabilities(Idempotency.KEY, max_rate=MAX_RATE, max_in_flight=1000)

    def __init__(self, clock):
        super().__init__(self.come)
        self.clock, self.tried, self.taken = clock, [], []

    @property
    def second(self):
        return (self.clock.now() - NOW).total_seconds()

    def come(self, _message):
        is_dead = self.second < DEAD_S
        (self.tried if is_dead else self.taken).append(self.second)
        if is_dead:
            raise DeliveryError("cannot be reached")


def add_all(store):
    """Make the messages of the outage, each due at its moment."""
    ids = crowd(store, BACKLOG, expires_at=None)
    with store.queue() as queue:
        for number, message_id in enumerate(ids):
            due = (NOW + timedelta(seconds=number / PER_S)).replace(tzinfo=None)
            moment = f"'{due.isoformat(sep=' ', timespec='microseconds')}'"
            queue.connection.exec_driver_sql(f"UPDATE outbox SET due_at = {moment} WHERE id = '{message_id}'")


def busiest_second(moments):
    return max(bisect_left(moments, moment + 1) - place for place, moment in enumerate(moments))


def test_i13_a_dead_receiver_is_probed_and_its_queue_drains_at_its_rate(store, clock, database, ledger):
    add_all(store)
    receiver = DyingReceiver(clock)
    dispatch = dispatch_to(receiver, store, clock, AtOnce(), window=WINDOW, receivers={"flp": receiver})

    while waits(store) and receiver.second < 3 * DEAD_S:
        dispatch()
        clock.move(seconds=TICK_S if receiver.taken else LOOK_S)

    opened = receiver.tried[FAILURES - 1]
    before, probes = [m for m in receiver.tried if m <= opened], [m for m in receiver.tried if m > opened]
    expected = [opened + wait for wait in PROBES_S if opened + wait < DEAD_S]
    late = LOOK_S * (len(expected) + 1)
    ledger.add(
        "I13 a dead receiver",
        database=database,
        dead_s=DEAD_S,
        backlog=BACKLOG,
        failed_before=len(before),
        probes=len(probes),
        max_rate=MAX_RATE,
        busiest_second=busiest_second(receiver.taken),
        drained_s=receiver.taken[-1] - receiver.taken[0],
        lost=BACKLOG - len(receiver.taken),
    )
    assert len(before) < FAILURES + WINDOW
    assert probes == pytest.approx(expected, abs=late), "only probes, ever rarer"
    assert len(receiver.taken) == BACKLOG
    assert busiest_second(receiver.taken) <= MAX_RATE
    assert receiver.taken[-1] - receiver.taken[0] <= 2 * BACKLOG / MAX_RATE
    assert receiver.taken[0] - DEAD_S <= 300 + LOOK_S
    assert states(store) == {"accepted": BACKLOG}


def waits(store):
    """Tell whether anything is still to be sent."""
    with store.queue() as queue:
        return queue.connection.exec_driver_sql("SELECT 1 FROM outbox WHERE state <> 'accepted' LIMIT 1").first()
