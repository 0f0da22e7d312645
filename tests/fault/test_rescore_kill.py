"""A re-scoring that is killed over and over loses nothing, and scores no response twice."""

import time
from multiprocessing import get_context
from random import Random

from flow.rescore import RescoreOrder, RescoreResponses
from kernel.ids import new_id
from scoring.result import RuleVersion
from security.actor import Role
from store.base import table_of
from store.tables import OccasionRow, RequestRow, ResponseRow
from tests.builders import CLINIC_ID, RAW, a_response, a_score, a_scored, an_actor
from tests.databases import START, opened
from tests.fakes import FakeClock
from tests.stored import store_asked
from tests.way import CONTENT

FORK = get_context("fork")
RESPONSES, CHUNK, KILLS = 150, 5, 6
SECONDS_OF_A_CHUNK = 0.02
PATIENCE_S = 60
OLD = a_scored(a_score(value=None, band=None), rule=RuleVersion("cat", "1.9.0", "0" * 64))
OPERATOR = an_actor(Role.OPERATOR)
OCCASION, REQUEST, RESPONSE = (table_of(row) for row in (OccasionRow, RequestRow, ResponseRow))


def row_of(tx, table):
    found = tx.scope.first(tx.scope.select(table))
    return {column.name: getattr(found, column.name) for column in table.c}


def store_answered(store):
    """Store many responses to CAT, each answered with threes and scored by an older rule."""
    asked = store_asked(store)
    vector = {f"cat-{n}": 3 for n in range(1, 9)}
    first = a_response(asked.request, vector=vector)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.responses.add(first, RAW)
        tx.scores.add(first, OLD)
        occasion, request, response = (row_of(tx, table) for table in (OCCASION, REQUEST, RESPONSE))
        for _ in range(RESPONSES):
            ids = [new_id() for _ in range(3)]
            tx.scope.insert(OCCASION, {**occasion, "id": ids[0], "link_hash": ids[0], "state": "expired"})
            tx.scope.insert(REQUEST, {**request, "id": ids[1], "occasion_id": ids[0]})
            tx.scope.insert(RESPONSE, {**response, "id": ids[2], "request_id": ids[1]})
            tx.scores.add(a_response(asked.request, id=ids[2]), OLD)


def rescore(url, keyring, directory, said):
    """Score again in a process of its own, and say when a chunk is committed."""
    with opened(url, keyring, FakeClock(START), directory) as store:
        run = RescoreResponses(store, CONTENT, CHUNK)
        run(OPERATOR, RescoreOrder(), told=lambda done, _every: said.send(done))
    said.send("finished")


def kill_within(chunks, pause_s, *arguments):
    """Start a run and kill it after so many chunks, or when it ends."""
    heard, said = FORK.Pipe(duplex=False)
    process = FORK.Process(target=rescore, args=(*arguments, said))
    process.start()
    said.close()
    for _ in range(chunks):
        assert heard.poll(PATIENCE_S)
        if heard.recv() == "finished":
            break
    time.sleep(pause_s)
    process.kill()
    process.join()


def value(store, query):
    with store.queue() as queue:
        return queue.connection.exec_driver_sql(query).scalar_one()


def test_a_run_that_is_killed_again_and_again_ends_as_one_that_was_not(store, database_url, keyring, tmp_path):
    random = Random(1)
    store_answered(store)
    store.close()

    for _ in range(KILLS):
        chunks, pause_s = random.randint(0, 5), random.uniform(0, SECONDS_OF_A_CHUNK)
        kill_within(chunks, pause_s, database_url, keyring, tmp_path)
        scored = value(store, "SELECT count(*) FROM score WHERE value = '24'")
        assert value(store, "SELECT count(*) FROM score_history") == scored
        store.close()
    with opened(database_url, keyring, FakeClock(START), tmp_path) as again:
        RescoreResponses(again, CONTENT, CHUNK)(OPERATOR, RescoreOrder(), told=lambda done, every: None)

    every = RESPONSES + 1
    assert value(store, "SELECT count(*) FROM score WHERE value = '24'") == every
    assert value(store, "SELECT count(DISTINCT response_id) FROM score") == every
    assert value(store, "SELECT count(*) FROM score_history") == every
