"""I12: whatever a receiver does, the message ends as stated, and no thread waits longer than its deadline."""

import time
from collections import Counter, defaultdict

import pytest

from delivery.outbox import MessageState
from delivery.simulator.behaviours import Behaviour
from delivery.simulator.scenario import scenario_of
from tests.fault.simulated import TIMEOUT_S, simulated
from tests.way import Way

SLACK_S = 3.0
"""What a busy machine may add to the deadline of one call."""
PATIENCE_S = 10
ACCEPTED, DEAD = MessageState.ACCEPTED, MessageState.DEAD
ENDS = {
    # What happens to the first transmission: how the message ends, how often it took effect, what is known of it.
    Behaviour.UNAVAILABLE: (ACCEPTED, 1, "notified"),
    Behaviour.TOO_MANY: (ACCEPTED, 1, "notified"),
    Behaviour.TOO_MANY_UNTIL: (ACCEPTED, 1, "notified"),
    Behaviour.FAILED: (ACCEPTED, 1, "notified"),
    Behaviour.RESET_BEFORE: (ACCEPTED, 1, "notified"),
    Behaviour.TIMEOUT_BEFORE: (ACCEPTED, 1, "notified"),
    Behaviour.REDIRECT: (ACCEPTED, 1, "notified"),
    Behaviour.CONFLICT: (ACCEPTED, 1, "notified"),
    Behaviour.REFUSED: (DEAD, 0, None),
    Behaviour.KEY_CONFLICT: (DEAD, 0, None),
    Behaviour.FAILED_AFTER: (ACCEPTED, 1, "notified"),
    Behaviour.RESET_AFTER: (ACCEPTED, 1, "notified"),
    Behaviour.SLOW: (ACCEPTED, 1, "notified"),
    Behaviour.DRIP: (ACCEPTED, 1, "notified"),
    Behaviour.DRIP_HEADERS: (ACCEPTED, 1, "notified"),
    Behaviour.FLOOD: (ACCEPTED, 1, "notified"),
    Behaviour.BROKEN_JSON: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPT_FIRST: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPTS_TWICE: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPTS_BACKWARDS: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPTS_REPLAYED: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPT_FORGED: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPT_STRAY: (ACCEPTED, 1, "notified"),
    Behaviour.RECEIPT_REJECTED: (ACCEPTED, 1, "rejected"),
    Behaviour.RECEIPTS_LOST: (ACCEPTED, 1, None),
}
CALLS = {
    # How many calls reach us, where it is not two.
    **dict.fromkeys((Behaviour.REFUSED, Behaviour.KEY_CONFLICT, Behaviour.RECEIPTS_LOST), 0),
    Behaviour.RECEIPT_REJECTED: 3,
    **dict.fromkeys((Behaviour.RECEIPTS_TWICE, Behaviour.RECEIPTS_REPLAYED), 4),
    **dict.fromkeys((Behaviour.RECEIPT_FORGED, Behaviour.RECEIPT_STRAY), 4),
}


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


@pytest.fixture
def tally(database, counted):
    """Count for the database of this test."""
    return counted[database]


@pytest.fixture(scope="module")
def counted(ledger):
    """Count by database; the longest hand-over is told in milliseconds."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    yield counted
    for database, found in counted.items():
        ledger.add("I12 behaviours of a receiver", database=database, **found)


def wait_for(there, count):
    end = time.monotonic() + PATIENCE_S
    while len(there.statuses) < count and time.monotonic() < end:
        time.sleep(0.01)
    assert len(there.statuses) == count


@pytest.mark.parametrize("behaviour", [pytest.param(one, id=one.value) for one in Behaviour])
def test_i12_every_behaviour_of_a_receiver_ends_as_stated(way, behaviour, tally):
    seconds = {"429": 3, "429-date": 3, "slow": 8, "timeout-before": 8, "drip": 0.15, "drip-headers": 0.1}
    told = {"first": [behaviour.value], "seconds": seconds}
    with simulated(way, scenario_of({"receivers": {"webpatient": told}})) as there:
        message = there.invited()
        wait_for(there, CALLS.get(behaviour, 2))

        received = there.simulator.arrivals.summary("webpatient")
        end = (message.state, received["unique"], there.told(message))
        tally["behaviours"] += 1
        tally["other_than_stated"] += end != ENDS[behaviour]
        tally["longest_ms"] = max(tally["longest_ms"], round(1000 * max(there.held_s)))
        assert end == ENDS[behaviour]
        assert set(received["keys"]) == {message.id}
        assert max(there.held_s) < TIMEOUT_S + SLACK_S
        assert there.statuses.count(401) == (2 if behaviour is Behaviour.RECEIPT_FORGED else 0)


def test_there_are_at_least_nineteen_behaviours_and_each_has_its_end():
    assert set(ENDS) == set(Behaviour)
    assert len(ENDS) >= 19


def test_a_stopped_receiver_takes_nothing_and_everything_once_it_is_started(way):
    with simulated(way, scenario_of({"receivers": {"webpatient": {"down": True}}})) as there:
        first = there.invited()
        while_down = there.simulator.arrivals.summary("webpatient")["raw"]
        there.simulator.faults.switch("webpatient", down=False)
        way.clock.move(hours=6)
        there.dispatch()

        assert (first.state, while_down) == (MessageState.DUE, 0)
        assert there.simulator.arrivals.summary("webpatient")["unique"] == 1
