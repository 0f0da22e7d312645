"""Somebody of the staff sees where they are signed in and ends it there; nobody else's, and at no screen left open."""

import pytest

from flow.own_sessions import OwnSessions
from flow.staff_sessions import StaffSessions
from kernel.errors import ConflictError, UnauthenticatedError
from kernel.ids import new_id
from security.actor import Role
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, a_person, an_actor
from tests.stored import store_clinic


@pytest.fixture
def sessions(store, clock):
    store_clinic(store)
    store_clinic(store, OTHER_CLINIC_ID)
    return StaffSessions(store, clock)


@pytest.fixture
def own(sessions):
    return OwnSessions(sessions)


@pytest.fixture
def person(sessions):
    return added(sessions, a_person())


def added(sessions, person):
    with sessions.store.write(person.clinic_id, an_actor(clinic_id=person.clinic_id)) as tx:
        tx.clinics.add_person(person)
    return person


def acts(sessions):
    with sessions.store.read(CLINIC_ID, an_actor()) as tx:
        return [(event.action, event.entity, event.purpose) for event in tx.audit.events()][-1]


def test_own_open_sessions_are_listed_with_beginning_and_last_use_the_last_used_first(own, sessions, person, clock):
    early, first = sessions.open(person), clock.now()
    clock.move(minutes=20)
    sessions.open(person)
    second = clock.now()
    clock.move(minutes=2)
    sessions.current(early)
    used = clock.now()
    clock.move(minutes=1)

    listed = own.listed(sessions.open(person))

    assert [(one.is_this, one.opened_at, one.seen_at) for one in listed] == [
        (True, clock.now(), clock.now()),
        (False, first, used),
        (False, second, second),
    ]
    assert not any(one.of_one_patient for one in listed)


@pytest.mark.parametrize(("minutes", "is_listed"), [(29.9, True), (30, False)])
def test_what_ended_by_itself_is_not_listed(own, sessions, person, clock, minutes, is_listed):
    sessions.open(person)
    clock.move(minutes=minutes)

    assert (len(own.listed(sessions.open(person))) == 2) is is_listed


def test_nobody_else_s_sessions_are_listed_or_ended(own, sessions, person):
    others = [
        sessions.open(added(sessions, a_person(id=new_id(), clinic_id=clinic_id)))
        for clinic_id in (CLINIC_ID, OTHER_CLINIC_ID)
    ]
    handles = [own.listed(token)[0].handle for token in others]
    mine = sessions.open(person)

    ended = [own.end_others(mine), *(own.end_others(mine, handle) for handle in handles)]

    assert ended == [0, 0, 0]
    assert len(own.listed(mine)) == 1
    assert all(sessions.current(token) for token in others)


def test_one_is_ended_and_the_rest_stay(own, sessions, person):
    here, gone, kept = (sessions.open(person) for _ in range(3))
    (handle,) = [one.handle for one in own.listed(gone) if one.is_this]

    assert (own.end_others(here, handle), own.end_others(here, handle)) == (1, 0)

    assert [sessions.current(token) for token in (here, gone, kept)] == [person, None, person]
    assert acts(sessions) == ("end-own-sessions", f"Person/{person.id}", "setup")


def test_all_others_are_ended_and_this_one_stays(own, sessions, person):
    here, *others = (sessions.open(person) for _ in range(3))

    assert own.end_others(here) == 2

    assert [sessions.current(token) for token in (here, *others)] == [person, None, None]


def test_the_own_session_is_ended_by_signing_out_alone(own, sessions, person):
    here = sessions.open(person)

    assert own.end_others(here, own.listed(here)[0].handle) == 0
    assert sessions.current(here) == person
    assert acts(sessions)[0] == "sign-in"


@pytest.mark.parametrize(("minutes", "may"), [(9.9, True), (10, False)])
def test_who_signed_in_ten_minutes_ago_signs_in_again_before_ending_others(own, sessions, person, clock, minutes, may):
    here = sessions.open(person)
    clock.move(minutes=minutes)
    other = sessions.open(person)

    assert own.may_end(here) is may
    if may:
        own.end_others(here)
    else:
        with pytest.raises(ConflictError):
            own.end_others(here)

    assert (sessions.current(other) is None) is may


def test_a_handle_opens_nothing_and_a_session_that_is_over_sees_nothing(own, sessions, person):
    here = sessions.open(person)
    (handle,) = [one.handle for one in own.listed(here)]
    sessions.close(here)

    for token in (here, handle):
        assert sessions.current(token) is None
        for act in (own.listed, own.may_end, own.end_others):
            with pytest.raises(UnauthenticatedError):
                act(token)


def test_whoever_runs_the_clinic_has_such_a_list_too(own, sessions):
    admin = added(sessions, a_person(role=Role.CLINIC_ADMIN))

    assert [one.is_this for one in own.listed(sessions.open(admin))] == [True]
