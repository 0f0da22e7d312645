"""A danger answer that is given and not sent reaches the clinic after the minutes of the content file, marked so."""

from datetime import timedelta

import pytest

from delivery.schedule import OccasionState
from flow.form import PatientForm, Visit
from flow.unsent import UnsentDangers
from kernel.errors import AccessError, ConflictError
from security.actor import Role
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, an_actor
from tests.way import CONTENT

MINUTES = 30
LATE = timedelta(minutes=MINUTES)
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def form(way):
    return PatientForm(way.store, CONTENT, way.clock, way.receive)


@pytest.fixture
def unsent(way):
    return UnsentDangers(way.store, CONTENT, way.clock)


@pytest.fixture
def enrolled(way):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    return enrolled


@pytest.fixture
def visit(way, enrolled):
    return Visit(CLINIC_ID, way.occasion(enrolled).id, enrolled.patient_ref)


@pytest.fixture
def say(way, form, visit, enrolled):
    """Answer the first question of danger."""

    def say(*, danger=True):
        return form.save(visit, way.asked(enrolled)["kol-status"].id, "kol-status-1", (danger,))

    return say


def events(way):
    way.dispatch()
    return [report.event for report in way.inbox.taken]


def test_the_clinic_is_told_when_the_time_is_over_and_not_a_second_before(way, unsent, say):
    say()
    way.clock.at += LATE - A_SECOND
    assert unsent() == 0

    way.clock.at += A_SECOND

    assert unsent() == 1
    assert events(way) == ["unsent"]


def test_the_inbox_reads_since_when_and_no_suggestion_and_is_told_once(way, unsent, say):
    begun = way.clock.now()
    say()
    way.clock.at += LATE

    assert [unsent(), unsent()] == [1, 0]
    assert events(way) == ["unsent"]
    (report,) = way.inbox.taken
    assert (report.unsent_since, report.suggestion, report.answers) == (begun, None, ())


def test_an_answer_that_is_no_danger_is_told_to_nobody(way, unsent, say):
    say(danger=False)
    way.clock.at += LATE

    assert unsent() == 0


def test_an_answer_that_was_taken_back_in_time_is_told_to_nobody(way, unsent, say):
    say()
    say(danger=False)
    way.clock.at += LATE

    assert unsent() == 0


def test_saving_again_starts_no_new_clock(way, unsent, say):
    say()
    way.clock.at += LATE - A_SECOND
    say()
    way.clock.at += A_SECOND

    assert unsent() == 1


def test_what_was_sent_in_time_is_told_by_the_answer_alone(way, form, visit, unsent, say, enrolled):
    say()
    form.send(visit, way.asked(enrolled)["kol-status"].id)
    way.clock.at += LATE

    assert unsent() == 0
    assert events(way) == ["answer"]


def test_what_is_sent_after_all_leaves_the_list_and_calls_the_message_back(way, form, visit, unsent, say, enrolled):
    say()
    way.clock.at += LATE
    unsent()
    form.send(visit, way.asked(enrolled)["kol-status"].id)

    assert unsent.listed(way.doctor) == ()
    assert "unsent" not in events(way)


def test_the_list_says_who_answered_what_and_is_on_record(way, unsent, say, enrolled):
    begun = way.clock.now()
    say()
    assert unsent.listed(way.doctor) == ()
    way.clock.at += LATE
    unsent()

    (shown,) = unsent.listed(way.doctor)

    assert (shown.name, shown.since, shown.enrolment.id) == ("Nancy Berggren", begun, enrolled.enrolment_id)
    assert [(item.link_id, answers) for item, answers in shown.answers] == [("kol-status-1", (True,))]
    assert "Nancy" not in repr(shown)
    with way.look() as tx:
        (event,) = [one for one in tx.audit.events() if one.entity == "UnsentDanger"]
    assert event.patients == (enrolled.patient_ref,)


def test_an_answer_that_was_changed_after_the_telling_stays_until_somebody_has_acted(way, unsent, say):
    say()
    way.clock.at += LATE
    unsent()
    say(danger=False)

    (shown,) = unsent.listed(way.doctor)

    assert shown.answers == ()


def test_it_is_told_although_the_time_to_answer_runs_out_meanwhile(way, unsent, say, enrolled):
    occasion = way.occasion(enrolled)
    way.clock.at = occasion.expires_at - A_SECOND
    say()
    way.clock.at += LATE
    way.expire()
    assert way.occasion(enrolled).state is OccasionState.EXPIRED

    assert unsent() == 1
    assert len(unsent.listed(way.doctor)) == 1


def test_it_is_handled_once(way, unsent, say):
    say()
    way.clock.at += LATE
    unsent()
    (shown,) = unsent.listed(way.doctor)

    unsent.handled(way.doctor, shown.id)

    assert unsent.waiting(way.doctor) == 0
    assert "unsent" not in events(way)
    with pytest.raises(ConflictError):
        unsent.handled(way.doctor, shown.id)


@pytest.mark.parametrize("role", [Role.CLINIC_ADMIN, Role.SYSTEM, Role.PATIENT, Role.OPERATOR])
def test_only_those_who_treat_see_it(way, unsent, say, role):
    say()
    way.clock.at += LATE
    unsent()

    assert unsent.waiting(way.doctor) == 1
    assert unsent.waiting(an_actor(role)) == 0
    with pytest.raises(AccessError):
        unsent.listed(an_actor(role))


def test_another_clinic_sees_and_handles_nothing(way, unsent, say):
    say()
    way.clock.at += LATE
    unsent()
    (shown,) = unsent.listed(way.doctor)
    stranger = an_actor(clinic_id=OTHER_CLINIC_ID)

    assert unsent.listed(stranger) == ()
    with pytest.raises(ConflictError):
        unsent.handled(stranger, shown.id)
