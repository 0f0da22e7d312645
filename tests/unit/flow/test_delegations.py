"""Delegations say in whose name a nurse decides; where none was ever recorded, every clinician can be named."""

from datetime import date

import pytest

from flow.delegations import Delegate
from flow.staff_sessions import StaffSessions
from kernel.errors import AccessError, InvalidInputError, NotFoundError
from kernel.ids import PersonId
from security.actor import Actor, Role
from tests.builders import CLINIC_ID, a_person, an_actor

TODAY, TOMORROW = date(2027, 1, 11), date(2027, 1, 12)


@pytest.fixture
def people(way):
    """Two clinicians and two nurses."""
    found = [
        a_person(name=name, role=role)
        for name, role in (
            ("Lise", Role.CLINICIAN),
            ("Lars", Role.CLINICIAN),
            ("Nete", Role.CLINIC_STAFF),
            ("Nils", Role.CLINIC_STAFF),
        )
    ]
    with way.store.write(CLINIC_ID, way.system) as tx:
        for one in found:
            tx.clinics.add_person(one)
    return {one.name: one for one in found}


@pytest.fixture
def delegate(way):
    return Delegate(way.store)


@pytest.fixture
def named(way, people):
    """Name the clinicians in whose name somebody of the staff decides."""
    sessions = StaffSessions(way.store, way.clock)

    def named(name):
        nurse = people[name]
        return [one.name for one in sessions.clinicians(Actor(nurse.role, nurse.id, CLINIC_ID))]

    return named


def give(delegate, people, clinician="Lise", nurse="Nete", terms="Grønne uden ændring", until=TOMORROW):
    ids = (people[clinician].id, people[nurse].id)
    delegate.give(an_actor(Role.CLINIC_ADMIN), *ids, terms, until)


def test_as_long_as_none_is_recorded_every_clinician_can_be_named(named):
    assert named("Nete") == ["Lise", "Lars"]


def test_the_first_delegation_binds_the_clinic(delegate, people, named):
    give(delegate, people)

    assert (named("Nete"), named("Nils")) == (["Lise"], [])


def test_a_delegation_counts_on_its_last_day_and_not_after_it(way, delegate, people, named):
    give(delegate, people, until=TODAY)
    assert named("Nete") == ["Lise"]

    way.clock.move(days=1)

    assert named("Nete") == []
    assert [one.until for one in delegate.shown(an_actor(Role.CLINIC_ADMIN)).over] == [TODAY]


def test_what_is_taken_back_counts_no_more_and_is_kept(delegate, people, named):
    admin = an_actor(Role.CLINIC_ADMIN)
    give(delegate, people)
    (standing,) = delegate.shown(admin).standing

    delegate.end(admin, standing.id)

    shown = delegate.shown(admin)
    assert (named("Nete"), shown.standing, [one.id for one in shown.over]) == ([], (), [standing.id])


def test_a_new_one_between_the_same_two_replaces_the_old_one(delegate, people, named):
    give(delegate, people, until=TODAY)
    give(delegate, people, until=TOMORROW)

    shown = delegate.shown(an_actor(Role.CLINIC_ADMIN))
    assert ([one.until for one in shown.standing], [one.until for one in shown.over]) == ([TOMORROW], [TODAY])


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"clinician": "Nils"}, "clinician"),
        ({"nurse": "Lars"}, "delegate"),
        ({"terms": "  "}, "terms"),
        ({"terms": "x" * 501}, "terms"),
        ({"until": date(2027, 1, 10)}, "until"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_nothing_is_recorded(delegate, people, named, wrong, rule):
    with pytest.raises(InvalidInputError) as refused:
        give(delegate, people, **wrong)

    assert [issue.rule for issue in refused.value.issues] == [rule]
    assert named("Nete") == ["Lise", "Lars"]


def test_nobody_of_another_clinic_is_named_and_only_administrators_arrange(delegate, people):
    with pytest.raises(NotFoundError):
        delegate.give(an_actor(Role.CLINIC_ADMIN), PersonId("nobody"), people["Nete"].id, "Alt", TOMORROW)
    with pytest.raises(NotFoundError):
        delegate.end(an_actor(Role.CLINIC_ADMIN), "0192f000-0000-7000-8000-0000000000ff")
    for role in (Role.CLINICIAN, Role.CLINIC_STAFF, Role.SYSTEM, Role.PATIENT):
        with pytest.raises(AccessError):
            delegate.shown(an_actor(role))


def test_recording_and_taking_back_are_on_record(way, delegate, people):
    give(delegate, people)
    delegate.end(an_actor(Role.CLINIC_ADMIN), delegate.shown(an_actor(Role.CLINIC_ADMIN)).standing[0].id)

    with way.look() as tx:
        acts = [one.action for one in tx.audit.events() if one.entity.startswith("Delegation/")]
    assert acts == ["delegate", "end-delegation"]
