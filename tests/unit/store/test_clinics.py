"""The clinic of a transaction: its data, packages, people and tokens."""

import pytest

from delivery.parties import Window
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import PersonId
from security.actor import Role
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_clinic, a_person, an_actor, an_opt_in
from tests.stored import store_clinic

OFFICE_HOURS = Window()


@pytest.mark.parametrize("window", [OFFICE_HOURS, Window(0, 1440, frozenset({7}), on_holidays=True)], ids=str)
def test_a_clinic_comes_back_with_its_window(store, window):
    actor = an_actor()
    clinic = a_clinic(window=window)

    with store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add(clinic)
        assert tx.clinics.get() == clinic


def test_a_clinic_exists_once_and_so_does_its_sor_id(store):
    store_clinic(store)
    twin = a_clinic(OTHER_CLINIC_ID, sor_id=a_clinic().sor_id)

    for clinic in (a_clinic(), twin):
        with pytest.raises(ConflictError), store.write(clinic.id, an_actor(clinic_id=clinic.id)) as tx:
            tx.clinics.add(clinic)


@pytest.mark.parametrize("window", [Window(540, 540), Window(-1, 540), Window(540, 1441)], ids=str)
def test_a_window_that_never_opens_is_refused(store, window):
    with pytest.raises(ConflictError), store.write(CLINIC_ID, an_actor()) as tx:
        tx.clinics.add(a_clinic(window=window))


def test_a_clinic_runs_the_packages_that_it_chose(store):
    actor = store_clinic(store)

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.clinics.opt_in("KOL") == an_opt_in("KOL")
        with pytest.raises(NotFoundError):
            tx.clinics.opt_in("LRS")


def test_a_package_is_chosen_once(store):
    actor = store_clinic(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add_opt_in(an_opt_in("KOL", channel="minlaege"))


def test_people_are_listed_as_they_came_and_found_by_id(store):
    actor = store_clinic(store)
    doctor, nurse = a_person(), a_person(name="Nils Nurse", role=Role.CLINIC_STAFF)

    with store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add_person(doctor)
        tx.clinics.add_person(nurse)

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.clinics.people() == (doctor, nurse)
        assert tx.clinics.person(nurse.id) == nurse
        with pytest.raises(NotFoundError):
            tx.clinics.person(PersonId("unknown"))


def test_a_token_is_known_once(store):
    actor = store_clinic(store)
    with store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add_token("a" * 64, actor, NOW)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.clinics.add_token("a" * 64, actor, NOW)
