"""Enrolments: each package at most once at a time, listed page by page."""

from dataclasses import replace

import pytest

from delivery.schedule import EnrolmentState
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import EnrolmentId, PatientRef
from tests.builders import CLINIC_ID, SVERRE, an_enrolment
from tests.stored import store_clinic, store_patient


@pytest.mark.parametrize("state", [EnrolmentState.ACTIVE, EnrolmentState.PAUSED])
def test_a_package_that_runs_is_not_begun_again(store, state):
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    with store.write(CLINIC_ID, actor) as tx:
        tx.enrolments.add(an_enrolment(ref, state=state))

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.enrolments.add(an_enrolment(ref))


def test_a_package_that_ended_and_another_package_can_be_begun(store):
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    ended, again = an_enrolment(ref, state=EnrolmentState.ENDED), an_enrolment(ref)
    back = an_enrolment(ref, package="LRS", state=EnrolmentState.PAUSED)

    with store.write(CLINIC_ID, actor) as tx:
        for enrolment in (ended, again, back):
            tx.enrolments.add(enrolment)

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.enrolments.running_of(ref) == (again, back)
        assert tx.enrolments.get(ended.id) == ended


def test_chosen_questionnaires_state_and_control_month_are_kept(store):
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    mine = an_enrolment(ref, slots={"healthLiteracy": "shk-draft"})

    with store.write(CLINIC_ID, actor) as tx:
        tx.enrolments.add(mine)
        tx.enrolments.set_state(mine.id, EnrolmentState.PAUSED)
        tx.enrolments.set_control_month(mine.id, 3)

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.enrolments.get(mine.id) == replace(mine, state=EnrolmentState.PAUSED, control_month=3)


def test_an_enrolment_of_nobody_is_refused(store):
    actor = store_clinic(store)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, actor) as tx:
        tx.enrolments.add(an_enrolment(PatientRef("unknown")))


def test_an_unknown_enrolment_is_not_found_and_not_locked(store):
    actor = store_clinic(store)

    with store.write(CLINIC_ID, actor) as tx:
        for look in (tx.enrolments.get, tx.enrolments.lock):
            with pytest.raises(NotFoundError):
                look(EnrolmentId("unknown"))


def test_all_enrolments_are_read_page_by_page(store):
    actor = store_clinic(store)
    refs = [store_patient(store, actor), store_patient(store, actor, SVERRE)]
    mine = [an_enrolment(ref, package=package) for ref in refs for package in ("KOL", "LRS")]
    with store.write(CLINIC_ID, actor) as tx:
        for enrolment in mine:
            tx.enrolments.add(enrolment)

    with store.read(CLINIC_ID, actor) as tx:
        first = tx.enrolments.all(3)
        rest = tx.enrolments.all(3, after=first[-1].id)
        assert (*first, *rest) == tuple(sorted(mine, key=lambda one: one.id))
        assert tx.enrolments.all(3, after=rest[-1].id) == ()


def test_locking_returns_the_enrolment_and_lets_rows_be_added_to_it(store):
    actor = store_clinic(store)
    enrolment = an_enrolment(store_patient(store, actor))

    with store.write(CLINIC_ID, actor) as tx:
        tx.enrolments.add(enrolment)
        assert tx.enrolments.lock(enrolment.id) == enrolment
