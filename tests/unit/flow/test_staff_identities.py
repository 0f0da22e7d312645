"""Who somebody of the staff is: broker and subject together; and a session is held by what nobody can guess."""

from base64 import urlsafe_b64decode

import pytest

from flow.staff_sessions import StaffSessions
from security.actor import Role
from security.claims import StaffIdentity
from tests.builders import CLINIC_ID, a_person, an_actor
from tests.stored import store_clinic


@pytest.fixture
def sessions(store, clock):
    store_clinic(store)
    return StaffSessions(store, clock)


def person_of(sessions, issuer, subject="s-1"):
    with sessions.store.read(CLINIC_ID, an_actor()) as tx:
        clinic = tx.clinics.get()
    token = sessions.sign_in(StaffIdentity(issuer, subject, "Lise Holm", Role.CLINICIAN, (clinic.sor_id,), ()))
    person = sessions.current(token)
    assert person is not None
    return person.id


def test_the_same_subject_at_another_broker_is_another_person(sessions):
    first = person_of(sessions, "https://broker.example")

    assert person_of(sessions, "https://other.example") != first
    assert person_of(sessions, "https://broker.example") == first


def test_broker_and_subject_cannot_be_cut_elsewhere(sessions):
    assert person_of(sessions, "https://broker.example", "/a") != person_of(sessions, "https://broker.example/", "a")


def test_a_session_is_held_by_256_bits_that_never_come_twice(sessions):
    person = a_person()
    with sessions.store.write(CLINIC_ID, an_actor()) as tx:
        tx.clinics.add_person(person)

    tokens = [sessions.open(person) for _ in range(50)]

    assert len(set(tokens)) == len(tokens)
    assert {len(urlsafe_b64decode(token + "=" * (-len(token) % 4))) for token in tokens} == {32}
