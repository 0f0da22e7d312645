"""I1, I3, I4, I18: kill -9 over and over, with a receiver that goes wrong; nothing lost, doubled or out of order.

The ordinary suite kills 20 times; `SVARBRO_PROOF=full` kills 200 times, among 20,000 messages.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest

from tests.crowd import ATTEMPT, crowd, rows_of, states
from tests.databases import migrated
from tests.sink import Sink, sink_server
from tests.workers import THREADS, Crew, kill, wait_until

FULL = os.environ.get("SVARBRO_PROOF") == "full"
LANES, IN_LANE = (4_000, 5) if FULL else (200, 4)
MESSAGES = LANES * IN_LANE
KILLS = 200 if FULL else 20
WORKERS = {"sqlite": 1, "postgresql": 2}
BETWEEN_S = (0.12, 0.35)
"""A kill comes so long after the last one."""


@dataclass(frozen=True)
class Aftermath:
    """What stands in the database and at the receiver when all is over."""

    crew: Crew
    sink: Sink
    ids: tuple[str, ...]


@pytest.fixture(scope="module", params=sorted(WORKERS))
def aftermath(request, tmp_path_factory, keyring):
    """Kill and start again, and in the end let the last ones finish."""
    random = Random(7)
    sink = Sink(fault_share=0.02, delay_s=0.02)
    with migrated(request, request.param, tmp_path_factory) as (url, directory), sink_server(sink) as sink_url:
        crew = Crew(url, keyring, directory, sink_url)
        store = crew.store()
        ids = crowd(store, MESSAGES, lanes=LANES, due_at=datetime.now(UTC))
        store.close()
        workers = [crew.start(f"w{n}") for n in range(WORKERS[request.param])]
        for number in range(KILLS):
            time.sleep(random.uniform(*BETWEEN_S))
            victim = random.randrange(len(workers))
            kill(workers[victim])
            workers[victim] = crew.start(f"w{number}-again")
        try:
            wait_until(lambda: set(states(store)) <= {"accepted", "dead", "expired"}, 1200 if FULL else 120)
        finally:
            store.close()
            for worker in workers:
                kill(worker)
        yield Aftermath(crew, sink, ids)


@pytest.fixture
def after(aftermath):
    store = aftermath.crew.store()
    yield store
    store.close()


def test_i1_every_message_is_in_exactly_one_state_and_none_was_added(aftermath, after):
    assert rows_of(after).keys() == set(aftermath.ids)


def test_i3_nothing_is_lost(aftermath, after):
    assert states(after) == {"accepted": MESSAGES}
    assert aftermath.sink.taken == set(aftermath.ids)


def test_i4_each_message_took_effect_once_under_one_key(aftermath, after):
    assert sum(len(effects) for effects in aftermath.sink.effects.values()) == MESSAGES
    assert aftermath.sink.arrived.keys() == set(aftermath.ids), "no key but the message's own was ever sent"


def test_i4_a_kill_repeats_no_more_than_was_under_way(aftermath):
    assert aftermath.sink.repeats <= KILLS * THREADS


def test_i5_of_all_attempts_at_a_message_only_one_counted_as_its_end(aftermath, after):
    with after.queue() as queue:
        rows = queue.connection.execute(ATTEMPT.select().where(ATTEMPT.c.outcome == "accepted")).all()

    assert sorted(row.message_id for row in rows if row.counted) == sorted(aftermath.ids)


def test_i18_the_messages_of_a_lane_took_effect_in_their_order(aftermath):
    assert len(aftermath.sink.effects) == LANES
    assert all(effects == list(range(1, IN_LANE + 1)) for effects in aftermath.sink.effects.values())
