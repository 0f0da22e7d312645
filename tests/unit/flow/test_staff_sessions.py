"""Who of the staff is signed in: half an hour without use, eight hours at most, and no longer than the row is there."""

import pytest

from flow.staff_sessions import StaffSessions
from kernel.errors import AccessError
from security.actor import Actor, Role
from security.claims import StaffIdentity
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, a_person, an_actor
from tests.stored import store_clinic

ISSUER = "https://broker.example"


@pytest.fixture
def sessions(store, clock):
    store_clinic(store)
    return StaffSessions(store, clock)


@pytest.fixture
def person(sessions):
    person = a_person()
    with sessions.store.write(CLINIC_ID, an_actor()) as tx:
        tx.clinics.add_person(person)
    return person


def clinic_of(sessions):
    with sessions.store.read(CLINIC_ID, an_actor()) as tx:
        return tx.clinics.get()


def identity(sessions, subject="s-1", name="Lise Holm", role=Role.CLINICIAN, **named):
    where = named or {"sor_ids": (clinic_of(sessions).sor_id,), "provider_numbers": ()}
    return StaffIdentity(ISSUER, subject, name, role, where.get("sor_ids", ()), where.get("provider_numbers", ()))


def acts(sessions):
    with sessions.store.read(CLINIC_ID, an_actor()) as tx:
        return [event.action for event in tx.audit.events()]


@pytest.mark.parametrize(("minutes", "is_in"), [(29.9, True), (30, False)])
def test_a_session_without_use_ends_after_half_an_hour(sessions, person, clock, minutes, is_in):
    token = sessions.open(person)

    clock.move(minutes=minutes)

    assert (sessions.current(token) == person) is is_in


@pytest.mark.parametrize(("minutes", "is_in"), [(479.9, True), (480, False)])
def test_a_session_ends_after_eight_hours_however_much_it_is_used(sessions, person, clock, minutes, is_in):
    token = sessions.open(person)

    for _ in range(19):
        clock.move(minutes=25)
        assert sessions.current(token) == person
    clock.move(minutes=minutes - 19 * 25)

    assert (sessions.current(token) == person) is is_in


def test_use_is_recorded_once_a_minute(sessions, person, clock):
    token = sessions.open(person)

    def seen():
        with sessions.store.queue() as queue:
            return queue.connection.exec_driver_sql("SELECT seen_at FROM staff_session").scalar_one()

    first = seen()
    clock.move(seconds=59)
    sessions.current(token)
    assert seen() == first
    clock.move(seconds=1)
    sessions.current(token)
    assert seen() != first


def test_who_signs_out_is_out_and_another_session_of_the_same_person_is_not(sessions, person):
    one, other = sessions.open(person), sessions.open(person)

    sessions.close(one)
    sessions.close(one)

    assert sessions.current(one) is None
    assert sessions.current(other) == person
    assert acts(sessions) == ["sign-in", "sign-in", "sign-out"]


def test_an_operator_ends_all_sessions_of_a_person_and_no_clinician_does(sessions, person):
    store_clinic(sessions.store, OTHER_CLINIC_ID)
    tokens = [sessions.open(person) for _ in range(2)]

    with pytest.raises(AccessError):
        sessions.revoke(Actor(Role.CLINICIAN, "doctor", CLINIC_ID), person.id)
    assert sessions.revoke(Actor(Role.OPERATOR, "cli", OTHER_CLINIC_ID), person.id) == 0
    assert sessions.revoke(Actor(Role.OPERATOR, "cli", CLINIC_ID), person.id) == 2

    assert [sessions.current(token) for token in tokens] == [None, None]


def test_the_database_holds_no_token_and_no_name_of_the_broker(sessions):
    token = sessions.sign_in(identity(sessions, subject="subject-of-nobody"))

    with sessions.store.queue() as queue:
        rows = [
            str(row)
            for table in ("staff_session", "person_identity", "person", "audit_event")
            for row in queue.connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert rows
    assert not any(token in row or "subject-of-nobody" in row for row in rows)


def test_who_signs_in_by_a_broker_is_added_once_and_known_the_next_time(sessions):
    first = sessions.current(sessions.sign_in(identity(sessions)))
    second = sessions.current(sessions.sign_in(identity(sessions)))
    other = sessions.current(sessions.sign_in(identity(sessions, subject="s-2")))

    assert first == second
    assert (first.name, first.role, first.clinic_id) == ("Lise Holm", Role.CLINICIAN, CLINIC_ID)
    assert other.id != first.id
    assert acts(sessions).count("add-person") == 2


def test_a_person_is_what_the_broker_says_now(sessions):
    before = sessions.sign_in(identity(sessions))

    changed = sessions.current(sessions.sign_in(identity(sessions, name="Lise Bruun", role=Role.CLINIC_STAFF)))

    assert (changed.name, changed.role) == ("Lise Bruun", Role.CLINIC_STAFF)
    assert sessions.current(before) == changed
    assert "change-person" in acts(sessions)


def test_a_clinic_is_found_by_sor_id_or_provider_number_and_both_must_agree(sessions):
    clinic = clinic_of(sessions)

    for named in (
        {"sor_ids": ("1", clinic.sor_id)},
        {"provider_numbers": (clinic.provider_number,)},
        {"sor_ids": (clinic.sor_id,), "provider_numbers": (clinic.provider_number,)},
    ):
        assert sessions.current(sessions.sign_in(identity(sessions, **named))) is not None
    for named in ({"sor_ids": ("1",)}, {"sor_ids": (clinic.sor_id,), "provider_numbers": ("1",)}):
        with pytest.raises(AccessError):
            sessions.sign_in(identity(sessions, **named))


def test_who_is_of_several_clinics_is_signed_in_at_none_by_chance(sessions):
    store_clinic(sessions.store, OTHER_CLINIC_ID)
    with sessions.store.read(OTHER_CLINIC_ID, an_actor()) as tx:
        other = tx.clinics.get()

    with pytest.raises(AccessError):
        sessions.sign_in(identity(sessions, sor_ids=(clinic_of(sessions).sor_id, other.sor_id)))


def test_somebody_of_several_clinics_is_known_at_each_and_signed_in_at_none(sessions):
    store_clinic(sessions.store, OTHER_CLINIC_ID)
    with sessions.store.read(OTHER_CLINIC_ID, an_actor()) as tx:
        other = tx.clinics.get()
    wanted = identity(sessions, sor_ids=(clinic_of(sessions).sor_id, other.sor_id))

    places = sessions.recognise(wanted)

    assert {place.person.clinic_id: place.clinic for place in places} == {
        CLINIC_ID: clinic_of(sessions).name,
        OTHER_CLINIC_ID: other.name,
    }
    assert sessions.recognise(wanted) == places
    assert {sessions.person(place.person.clinic_id, place.person.id) for place in places} == {
        place.person for place in places
    }
    with sessions.store.queue() as queue:
        assert queue.connection.exec_driver_sql("SELECT count(*) FROM staff_session").scalar_one() == 0
    with pytest.raises(AccessError):
        sessions.recognise(identity(sessions, sor_ids=("1",)))


def test_a_nurse_may_choose_among_the_clinicians_of_the_own_clinic(sessions, person):
    nurse = Actor(Role.CLINIC_STAFF, "nurse", CLINIC_ID)
    sessions.sign_in(identity(sessions, subject="s-3", name="Nete Bruun", role=Role.CLINIC_STAFF))

    assert sessions.clinicians(nurse) == (person,)
    assert sessions.clinicians(Actor(Role.CLINIC_STAFF, "nurse", OTHER_CLINIC_ID)) == ()
