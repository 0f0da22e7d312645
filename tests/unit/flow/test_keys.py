"""Keys are changed while the service runs: nothing fails, everything opens, and an older key goes when it may."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from flow.keys import REST, ChangeKeys, made_at
from kernel.errors import ConflictError, InvalidInputError
from security.actor import Role
from security.cpr import Identifier
from security.key_change import with_new_key
from security.key_file import KeyFile
from security.keys import KeyRing, read_key_file, write_key_file
from security.links import fitting_token, link_token, token_hash
from security.vault import SealBrokenError
from store.database import Store
from store.engine import open_engine
from store.sole import sole_holder
from tests.builders import CLINIC_ID, an_actor
from tests.fakes import FakeClock
from tests.stored import store_clinic
from tests.way import Way

OPERATOR = an_actor(Role.OPERATOR)


@pytest.fixture
def path(tmp_path):
    write_key_file(tmp_path / "keys.json", KeyRing.generate())
    return tmp_path / "keys.json"


@pytest.fixture
def clock():
    return FakeClock(datetime.now(UTC))


@pytest.fixture
def store(database_url, path, clock, tmp_path):
    store = Store(open_engine(database_url), KeyFile(path), clock, tmp_path / "writer.lock")
    yield store
    store.close()


@pytest.fixture
def change(store, clock, path):
    return ChangeKeys(store, clock, path)


def add_patients(store, number):
    """Add patients under numbers of another kind: only official test persons have CPR numbers here."""
    people = [(Identifier("x-ecpr", f"X-{n:06}"), f"Patient {n}") for n in range(number)]
    with store.write(CLINIC_ID, OPERATOR) as tx:
        return tx.patients.add_all(people)


def names(store, refs):
    with store.read(CLINIC_ID, OPERATOR) as tx:
        return [tx.patients.identity(ref).name for ref in refs]


def test_every_data_key_is_wrapped_anew_and_opens_without_the_older_key(store, change, path, clock):
    store_clinic(store)
    refs = add_patients(store, 7)
    before = read_key_file(path).current

    done = change.rotate("test", "kek")
    clock.move(seconds=REST.total_seconds() + 1)
    change.retire("test", "kek")

    status = change.status()
    assert done == 8
    assert before not in read_key_file(path).keks
    assert status.wraps == {status.current: 8}
    assert names(store, refs) == [f"Patient {n}" for n in range(7)]


def test_while_keys_rotate_no_reader_and_no_writer_fails(store, change):
    store_clinic(store)
    refs = list(add_patients(store, 300))
    failed, stop = [], threading.Event()

    def work(number):
        turn = 0
        while not stop.is_set():
            turn += 1
            try:
                assert names(store, refs[:3])[0] == "Patient 0"
                with store.write(CLINIC_ID, OPERATOR) as tx:
                    tx.patients.add(Identifier("x-ecpr", f"Y-{number}-{turn}"), "New")
            except Exception as error:  # noqa: BLE001  (whatever it is, the test must tell it)
                failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    done = [change.rotate("test", "kek") for _ in range(3)]
    stop.set()
    for thread in threads:
        thread.join()
    change.rewrap()

    status = change.status()
    assert failed == []
    assert min(done) >= 300
    assert {kek for kek, number in status.wraps.items() if number} == {status.current}


def test_an_older_key_stays_as_long_as_somebody_may_still_write_with_it(store, change, path, clock):
    store_clinic(store)
    change.rotate("test", "kek")
    clock.at = made_at(read_key_file(path).current) + REST - timedelta(seconds=1)

    with pytest.raises(ConflictError):
        change.retire("test", "kek")

    clock.move(seconds=1)
    change.retire("test", "kek")
    with pytest.raises(ConflictError):
        change.retire("test", "kek")


def test_a_rotation_that_was_killed_is_finished_later(store, change, path):
    store_clinic(store)
    refs = add_patients(store, 3)
    write_key_file(path, with_new_key(read_key_file(path), "kek"))

    assert names(store, refs)[0] == "Patient 0"
    assert change.rewrap() == 4
    assert change.rewrap() == 0


def test_of_two_who_change_keys_at_once_one_is_told_to_wait_and_no_key_is_lost(store, change, path):
    store_clinic(store)
    before = read_key_file(path)

    with sole_holder(path.with_name(".keys.json.lock"), "held"), pytest.raises(ConflictError):
        change.rotate("test", "kek")

    assert read_key_file(path) == before
    change.rotate("test", "kek")
    assert before.current in read_key_file(path).keks


def test_that_keys_were_changed_stands_in_every_clinic_s_audit(store, change, path):
    store_clinic(store)

    change.rotate("the operator", "session")

    with store.read(CLINIC_ID, OPERATOR) as tx:
        event = tx.audit.events()[-1]
    assert (event.action, event.purpose) == ("rotate-session", "security")


@pytest.mark.parametrize("kind", ["session", "link"])
def test_a_session_or_link_key_overlaps_until_it_is_retired(store, change, path, kind):
    store_clinic(store)
    live = KeyFile(path)
    before = getattr(live, f"{kind}_key")

    change.rotate("test", kind)

    assert getattr(live, f"{kind}_key") != before
    assert getattr(live, f"older_{kind}_keys") == (before,)
    change.retire("test", kind)
    assert getattr(live, f"older_{kind}_keys") == ()


def test_a_webhook_secret_overlaps_until_it_is_retired(store, change, path):
    store_clinic(store)
    live = KeyFile(path)
    (before,) = live.webhook_secrets["minlaege"]

    change.rotate("test", "webhook", "minlaege")

    assert live.webhook_secrets["minlaege"][1:] == (before,)
    assert change.status().older["webhook:minlaege"] == 1
    change.retire("test", "webhook", "minlaege")
    assert len(live.webhook_secrets["minlaege"]) == 1
    assert before not in live.webhook_secrets["minlaege"]
    with pytest.raises(InvalidInputError):
        change.rotate("test", "webhook", "nobody")


def test_an_invitation_of_before_is_sent_with_the_link_that_opens(store, change, path, clock):
    keys = KeyFile(path)
    way = Way(store, clock, keys)
    way.add_clinic()
    enrolled = way.enrolled()
    way.open_due()
    occasion = way.occasion(enrolled)
    given_out = link_token(keys.link_key, occasion.id)
    change.rotate("test", "link")

    with store.read(CLINIC_ID, OPERATOR) as tx:
        again = fitting_token(keys, occasion.id, tx.occasions.link_hash(occasion.id))

    assert again == given_out
    with pytest.raises(SealBrokenError):
        fitting_token(KeyRing.generate(), occasion.id, token_hash(given_out))
