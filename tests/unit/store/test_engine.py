"""Engines: driver, private file, and transactions that begin when they should."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from store.engine import IMMEDIATE, connection_url, engine_options, open_engine, read_json


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u@h/d", "postgresql+psycopg"),
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg"),
        ("sqlite:////tmp/x.db", "sqlite"),
    ],
)
def test_a_plain_postgresql_url_gets_the_driver_that_we_install(given, driver):
    url = connection_url(given)

    assert url.drivername == driver
    assert given.partition("://")[2] in str(url)


def test_parameters_stay_out_of_errors_and_lost_connections_are_noticed():
    sqlite, postgresql = (engine_options(connection_url(url)) for url in ("sqlite://", "postgresql://h/d"))

    assert sqlite["hide_parameters"] is postgresql["hide_parameters"] is True
    assert "pool_pre_ping" not in sqlite
    assert postgresql["pool_pre_ping"] is True


def test_a_json_column_is_read_as_the_standard_library_reads_it():
    value = {"codes": ["a", "æ"], "number": 3, "share": 0.5, "none": None, "yes": True, "inner": {"": ""}}
    text = json.dumps(value)

    assert read_json(text) == read_json(text.encode()) == json.loads(text)


def test_a_new_sqlite_file_is_readable_by_its_owner_only(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    engine.dispose()

    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


def test_a_database_in_memory_needs_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    open_engine("sqlite:///:memory:").dispose()

    assert list(tmp_path.iterdir()) == []


def test_sqlite_keeps_what_it_confirmed_checks_keys_and_waits_its_turn(sqlite_url):
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_writing_transaction_holds_the_database_from_its_beginning(sqlite_url):
    engine = open_engine(sqlite_url)
    impatient = open_engine(f"{sqlite_url}?timeout=0")
    with engine.connect() as first, impatient.connect() as second:
        first.execution_options(**{IMMEDIATE: True})
        second.execution_options(**{IMMEDIATE: True})
        second.exec_driver_sql("PRAGMA busy_timeout = 0")
        second.rollback()
        with first.begin(), pytest.raises(OperationalError, match="locked"):
            second.begin()
    engine.dispose()
    impatient.dispose()


def test_a_reading_transaction_sees_one_moment(sqlite_url):
    engine = open_engine(sqlite_url)
    with engine.connect() as reader, engine.connect() as writer:
        before = reader.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar_one()
        writer.exec_driver_sql("INSERT INTO heartbeat VALUES ('w', '2027-01-11 09:00:00.000000')")
        writer.commit()
        same = reader.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar_one()
        reader.rollback()
        after = reader.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar_one()
    engine.dispose()

    assert (before, same, after) == (0, 0, 1)
