"""What is due over all clinics, and the signs of life of those who look after it."""

from datetime import timedelta

import pytest

from delivery.schedule import EnrolmentState, OccasionState
from tests.builders import (
    CLINIC_ID,
    NOW,
    OTHER_CLINIC_ID,
    SVERRE,
    a_message,
    a_series,
    a_slot,
    an_enrolment,
    an_occasion,
)
from tests.stored import store_asked, store_clinic, store_patient

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clinic(store):
    """A clinic with a patient and an empty outbox."""
    actor = store_clinic(store)
    return actor, store_patient(store, actor)


def planned(store, clinic, *, due_at=NOW, state=EnrolmentState.ACTIVE, package="KOL"):
    actor, ref = clinic
    enrolment = an_enrolment(ref, state=state, package=package)
    series = a_series(enrolment.id)
    with store.write(actor.clinic_id, actor) as tx:
        tx.enrolments.add(enrolment)
        tx.schedule.add_series(series)
        tx.schedule.add_slot(a_slot(series, ref, due_at=due_at))


@pytest.mark.parametrize(("moment", "is_due"), [(NOW - SECOND, False), (NOW, True)], ids=["before", "from then on"])
def test_a_patient_is_due_from_the_slot_s_moment_on(store, clinic, moment, is_due):
    planned(store, clinic)

    with store.survey() as survey:
        assert survey.due_patients(moment, 10) == (((CLINIC_ID, clinic[1]),) if is_due else ())


def test_a_patient_with_several_due_slots_is_due_once(store, clinic):
    planned(store, clinic)
    planned(store, clinic, package="LRS", due_at=NOW - HOUR)

    with store.survey() as survey:
        assert survey.due_patients(NOW, 10) == ((CLINIC_ID, clinic[1]),)


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.ENDED])
def test_a_patient_who_is_not_active_is_not_due(store, clinic, state):
    planned(store, clinic, state=state)

    with store.survey() as survey:
        assert survey.due_patients(NOW, 10) == ()


def test_a_patient_who_is_being_asked_is_not_due(store, clinic):
    planned(store, clinic)
    actor, ref = clinic
    occasion = an_occasion(ref)
    with store.write(CLINIC_ID, actor) as tx:
        tx.occasions.add(occasion, "a" * 64)

    with store.survey() as survey:
        assert survey.due_patients(NOW, 10) == ()

    with store.write(CLINIC_ID, actor) as tx:
        tx.occasions.close(occasion.id, OccasionState.CANCELLED, NOW)
    with store.survey() as survey:
        assert survey.due_patients(NOW, 10) == ((CLINIC_ID, ref),)


def test_patients_of_all_clinics_are_due_the_longest_waiting_first(store, clinic):
    other = store_clinic(store, OTHER_CLINIC_ID)
    elsewhere = (other, store_patient(store, other, SVERRE))
    planned(store, clinic, due_at=NOW - SECOND)
    planned(store, elsewhere, due_at=NOW - HOUR)

    with store.survey() as survey:
        assert survey.due_patients(NOW, 10) == ((OTHER_CLINIC_ID, elsewhere[1]), (CLINIC_ID, clinic[1]))
        assert survey.due_patients(NOW, 1) == ((OTHER_CLINIC_ID, elsewhere[1]),)


def test_an_open_occasion_expires_at_its_moment(store):
    asked = store_asked(store)
    end = asked.occasion.expires_at

    with store.queue() as queue:
        assert queue.expired_occasions(end - SECOND, 10) == ()
        assert queue.expired_occasions(end, 10) == ((CLINIC_ID, asked.occasion.id),)
        assert queue.expired_occasions(end, 0) == ()
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.occasions.close(asked.occasion.id, OccasionState.EXPIRED, end)
    with store.queue() as queue:
        assert queue.expired_occasions(end, 10) == ()


def test_the_last_beats_are_those_of_each_worker_the_newest_first(store):
    with store.survey() as survey:
        assert survey.last_beats() == ()
    with store.queue() as queue:
        for worker, at in (("w1", NOW), ("w2", NOW + SECOND), ("w1", NOW - SECOND)):
            queue.beat(worker, at)

    with store.survey() as survey:
        assert survey.last_beats() == (NOW + SECOND, NOW - SECOND)


def test_the_outbox_is_as_old_as_its_longest_waiting_message(store, clinic):
    with store.survey() as survey:
        assert survey.waits_since(NOW) is None
    actor, ref = clinic
    with store.write(CLINIC_ID, actor) as tx:
        for due_at in (NOW - HOUR, NOW - SECOND, NOW + HOUR):
            tx.outbox.add(a_message(ref, due_at=due_at))

    with store.survey() as survey:
        assert survey.waits_since(NOW) == NOW - HOUR
    with store.queue() as queue:
        queue.claim("w1", NOW, NOW + HOUR, 1)
    with store.survey() as survey:
        assert survey.waits_since(NOW) == NOW - SECOND
