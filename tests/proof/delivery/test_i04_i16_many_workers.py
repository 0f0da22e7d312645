"""Many workers on PostgreSQL, and workers that come and go as in a deployment: nothing lost, nothing sent twice."""

import time
from datetime import UTC, datetime

import pytest

from tests.crowd import crowd, states
from tests.databases import migrated
from tests.sink import Sink, sink_server
from tests.workers import Crew, terminate, wait_until, working

MESSAGES = 300
NO_HURRY_S = 10.0
"""A call may last so long: no worker is killed here, so a busy machine must not look like a silent receiver."""


def accepted(store):
    return states(store).get("accepted", 0)


@pytest.fixture
def sink():
    return Sink(delay_s=0.01)


@pytest.fixture
def crew_on(request, tmp_path_factory, keyring, sink):
    """Make a crew on a database of a kind, with messages that are due."""
    with sink_server(sink) as sink_url, migrated(request, request.param, tmp_path_factory) as (url, directory):
        crew = Crew(url, keyring, directory, sink_url, timeout_s=NO_HURRY_S)
        store = crew.store()
        crowd(store, MESSAGES, lanes=MESSAGES // 2, due_at=datetime.now(UTC))
        yield crew, store
        store.close()


@pytest.mark.parametrize("crew_on", ["postgresql"], indirect=True)
def test_i4_four_workers_on_one_database_send_nothing_twice(crew_on, sink, ledger):
    crew, store = crew_on

    with working(crew, ("w1", "w2", "w3", "w4")):
        wait_until(lambda: accepted(store) == MESSAGES)

    told = {"messages": MESSAGES, "taken": len(sink.taken), "transmissions": sum(sink.arrived.values())}
    ledger.add("I4 four workers on one PostgreSQL", workers=4, **told)
    assert sum(sink.arrived.values()) == len(sink.taken) == MESSAGES
    with store.queue() as queue:
        owners = queue.connection.exec_driver_sql("SELECT count(DISTINCT owner) FROM attempt").scalar_one()
    assert owners >= 2, "the work was shared"
    assert all(effects == [1, 2] for effects in sink.effects.values())


@pytest.mark.parametrize("crew_on", ["sqlite", "postgresql"], indirect=True)
def test_i16_workers_that_are_told_to_stop_and_started_again_repeat_nothing(crew_on, sink, ledger):
    crew, store = crew_on
    kind, codes = crew.database_url.partition(":")[0].partition("+")[0], []

    for number in range(5):
        worker = crew.start(f"w{number}")
        time.sleep(0.4)
        codes.append(terminate(worker))
        assert "leased" not in states(store), "a worker that ended holds nothing"
    with working(crew, ("last",)):
        wait_until(lambda: accepted(store) == MESSAGES)

    told = {"messages": MESSAGES, "taken": len(sink.taken), "transmissions": sum(sink.arrived.values())}
    ledger.add("I16 workers told to stop", database=kind, stops=len(codes), **told)
    assert codes == [0] * 5
    assert sum(sink.arrived.values()) == len(sink.taken) == MESSAGES
