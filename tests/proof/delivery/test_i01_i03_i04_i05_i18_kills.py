"""I1, I3, I4, I18: kill -9 over and over, with a receiver that goes wrong; nothing lost, doubled or out of order.

Quick: 20 kills among 800 messages; in full 200 among 20,000. All five read the same aftermath, one for each database.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest

from tests.crowd import ATTEMPT, crowd, rows_of, states
from tests.databases import migrated
from tests.proof.extent import extent
from tests.sink import Sink, sink_server
from tests.workers import THREADS, Crew, kill, wait_until

LANES, IN_LANE = extent(200, 4_000), extent(4, 5)
MESSAGES = LANES * IN_LANE
KILLS = extent(20, 200)
WORKERS = {"sqlite": 1, "postgresql": 2}
BETWEEN_S = (0.12, 0.35)
"""A kill comes so long after the last one."""


@dataclass(frozen=True)
class Aftermath:
    """What stands in the database and at the receiver when all is over."""

    crew: Crew
    sink: Sink
    ids: tuple[str, ...]
    run: dict[str, str | int]


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
            wait_until(lambda: set(states(store)) <= {"accepted", "dead", "expired"}, extent(120, 1200))
        finally:
            store.close()
            for worker in workers:
                kill(worker)
        run: dict[str, str | int] = {"database": request.param, "workers": len(workers), "kills": KILLS}
        yield Aftermath(crew, sink, ids, run)


@pytest.fixture
def after(aftermath):
    store = aftermath.crew.store()
    yield store
    store.close()


def test_i1_every_message_is_in_exactly_one_state_and_none_was_added(aftermath, after):
    assert rows_of(after).keys() == set(aftermath.ids)


def test_i3_nothing_is_lost(aftermath, after, ledger):
    found = {"messages": MESSAGES, "accepted": states(after).get("accepted", 0)}
    lost = len(set(aftermath.ids) - aftermath.sink.taken)
    ledger.add("I1, I3 kill -9: nothing is lost", **aftermath.run, **found, lost=lost)
    assert states(after) == {"accepted": MESSAGES}
    assert aftermath.sink.taken == set(aftermath.ids)


def test_i4_each_message_took_effect_once_under_one_key(aftermath, after, ledger):
    effects = sum(len(effects) for effects in aftermath.sink.effects.values())
    raw = sum(aftermath.sink.arrived.values())
    found = {"messages": MESSAGES, "effects": effects, "transmissions": raw, "repeats": aftermath.sink.repeats}
    ledger.add("I4 kill -9: one effect, one key", **aftermath.run, **found, repeats_allowed=KILLS * THREADS)
    assert sum(len(effects) for effects in aftermath.sink.effects.values()) == MESSAGES
    assert aftermath.sink.arrived.keys() == set(aftermath.ids), "no key but the message's own was ever sent"


def test_i4_a_kill_repeats_no_more_than_was_under_way(aftermath):
    assert aftermath.sink.repeats <= KILLS * THREADS


def test_i5_of_all_attempts_at_a_message_only_one_counted_as_its_end(aftermath, after, ledger):
    with after.queue() as queue:
        rows = queue.connection.execute(ATTEMPT.select().where(ATTEMPT.c.outcome == "accepted")).all()

    counted = sorted(row.message_id for row in rows if row.counted)
    ledger.add("I5 kill -9: accepted once", **aftermath.run, accepted_attempts=len(rows), counted=len(counted))
    assert counted == sorted(aftermath.ids)


def test_i18_the_messages_of_a_lane_took_effect_in_their_order(aftermath, ledger):
    disordered = sum(effects != sorted(effects) for effects in aftermath.sink.effects.values())
    ledger.add("I18 kill -9: lanes in order", **aftermath.run, lanes=LANES, disordered=disordered)
    assert len(aftermath.sink.effects) == LANES
    assert all(effects == list(range(1, IN_LANE + 1)) for effects in aftermath.sink.effects.values())
