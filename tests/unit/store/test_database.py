"""The questions that come before a clinic is known, and what happens without a database."""

from datetime import timedelta

import pytest
from flask import Flask

from kernel.errors import UnavailableError
from kernel.ids import MessageId, RequestId
from security.actor import Role
from security.links import token_hash
from store.database import Store, init_database
from store.engine import open_engine
from store.migration import downgrade
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, an_actor
from tests.stored import store_asked, store_clinic


def test_a_personal_link_is_found_by_its_hash(store):
    asked = store_asked(store)

    assert store.find_link(token_hash(asked.occasion.id)) == (CLINIC_ID, asked.occasion.id)
    assert store.find_link(asked.occasion.id) is None
    assert store.find_link(token_hash("another")) is None


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.SYSTEM, Role.CHANNEL])
def test_a_bearer_token_stands_for_its_actor_until_it_expires(store, clock, role):
    store_clinic(store)
    actor = an_actor(role, on_behalf_of="clinician-2")
    with store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add_token(token_hash("token"), actor, NOW + timedelta(hours=1))

    assert store.actor_of_token(token_hash("token")) == actor
    assert store.actor_of_token(token_hash("tokem")) is None
    clock.move(hours=1, microseconds=-1)
    assert store.actor_of_token(token_hash("token")) == actor
    clock.move(microseconds=1)
    assert store.actor_of_token(token_hash("token")) is None


def test_clinics_are_listed_and_found_by_what_they_asked_and_sent(store):
    assert store.clinics() == ()
    mine, other = store_asked(store), store_asked(store, OTHER_CLINIC_ID)

    assert store.clinics() == (CLINIC_ID, OTHER_CLINIC_ID)
    assert store.clinic_of_request(mine.request.id) == CLINIC_ID
    assert store.clinic_of_request(other.request.id) == OTHER_CLINIC_ID
    assert store.clinic_of_request(RequestId("unknown")) is None
    assert store.clinic_of_message(mine.message_id) == CLINIC_ID
    assert store.clinic_of_message(other.message_id) == OTHER_CLINIC_ID
    assert store.clinic_of_message(MessageId("unknown")) is None


def test_a_living_database_answers_and_is_current(store):
    store.ping()

    assert store.migration_is_current()


def test_a_database_behind_the_code_is_not_current(tmp_path, keyring, clock):
    engine = open_engine(f"sqlite:///{tmp_path}/empty.db")
    store = Store(engine, keyring, clock, tmp_path / "writer.lock")

    assert not store.migration_is_current()
    store.close()


def test_a_database_that_cannot_be_reached_is_told_so(tmp_path, keyring, clock):
    store = Store(open_engine(f"postgresql://postgres@/none?host={tmp_path}"), keyring, clock)

    with pytest.raises(UnavailableError):
        store.ping()
    with pytest.raises(UnavailableError), store.write(CLINIC_ID, an_actor()):
        raise AssertionError("no transaction was opened")
    store.close()


def test_sqlite_held_by_somebody_else_is_busy_not_broken(sqlite_url, keyring, clock, tmp_path):
    engine, holder = open_engine(sqlite_url), open_engine(sqlite_url)
    store = Store(engine, keyring, clock)
    with holder.connect() as connection:
        connection.exec_driver_sql("UPDATE heartbeat SET at = at")
        with engine.connect() as impatient:
            impatient.exec_driver_sql("PRAGMA busy_timeout = 0")
        with pytest.raises(UnavailableError), store.write(CLINIC_ID, an_actor()):
            raise AssertionError("two writers at once")
    store.close()
    holder.dispose()


def test_flask_sqlalchemy_owns_the_engine_of_an_application(database_url, keyring, clock, tmp_path):
    app = Flask("test")

    store = Store(init_database(app, database_url), keyring, clock, tmp_path / "writer.lock")

    store_asked(store)
    assert store.clinics() == (CLINIC_ID,)
    store.close()


def test_two_applications_have_two_databases(sqlite_url, postgresql_url, keyring, clock, tmp_path):
    one = Store(init_database(Flask("one"), sqlite_url), keyring, clock, tmp_path / "writer.lock")
    other = Store(init_database(Flask("other"), postgresql_url), keyring, clock)

    store_clinic(one)

    assert (one.clinics(), other.clinics()) == ((CLINIC_ID,), ())
    one.close()
    other.close()


def test_a_database_without_tables_is_not_current_any_more(sqlite_store, sqlite_url):
    engine = open_engine(sqlite_url)
    downgrade(engine, "base")
    engine.dispose()

    assert not sqlite_store.migration_is_current()
