"""Calls are counted in rows: each exactly once, whichever process counts, and forgotten when their window is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from store.database import Store
from store.engine import open_engine
from store.rates import WINDOW, count_call
from tests.databases import START

ENDS = START + timedelta(minutes=1)


def count(store, bucket="one", ends_at=ENDS, now=START):
    with store.queue() as queue:
        return count_call(queue.connection, bucket, ends_at, now)


def kept(store):
    with store.queue() as queue:
        return queue.connection.execute(select(func.count()).select_from(WINDOW)).scalar_one()


def test_calls_of_one_window_add_up_and_those_of_another_begin_anew(store):
    assert [count(store) for _ in range(3)] == [1, 2, 3]
    assert count(store, bucket="two") == 1
    assert count(store, ends_at=ENDS + timedelta(minutes=1)) == 1


def test_two_processes_count_together_and_lose_no_call(store, database_url, keyring, clock, tmp_path):
    other = Store(open_engine(database_url), keyring, clock, tmp_path / "writer.lock")

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: count((store, other)[n % 2]), range(80)))
    other.close()

    assert sorted(told) == list(range(1, 81))


def test_a_window_is_forgotten_from_the_moment_on_at_which_it_ends(store):
    count(store, bucket="one")

    count(store, bucket="two", now=ENDS - timedelta(microseconds=1))
    assert kept(store) == 2
    count(store, bucket="three", ends_at=ENDS + timedelta(minutes=1), now=ENDS)

    assert kept(store) == 1
