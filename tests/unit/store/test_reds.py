"""Red suggestions in the store: one open for an enrolment, each step once, by constraint."""

from datetime import timedelta

import pytest

from delivery.escalation import ClinicEscalation, Step, Why
from delivery.outbox import MessageKind, MessageState
from kernel.errors import ConflictError, NotFoundError
from store.repositories.reds import TakenStep
from store.settlement import Settlement
from tests.builders import CLINIC_ID, NOW, OTHER_CLINIC_ID, a_message, a_person, a_suggestion
from tests.stored import store_asked, store_clinic

HOUR = timedelta(hours=1)
TOLD = TakenStep(Step.PERSON, Why.NOT_DECIDED, None, NOW + HOUR)


@pytest.fixture
def asked(store):
    return store_asked(store)


@pytest.fixture
def suggestion(store, asked):
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)
        assert tx.reds.open(suggestion)
    return suggestion


def due(store, now=NOW):
    with store.survey() as survey:
        return [red_id for _, red_id in survey.reds_to_look_at(now, 9)]


def write(store, asked, act):
    with store.write(CLINIC_ID, asked.actor) as tx:
        return act(tx)


def test_a_red_is_open_once_until_it_is_closed(store, asked, suggestion):
    assert not write(store, asked, lambda tx: tx.reds.open(suggestion))
    red = write(store, asked, lambda tx: tx.reds.open_of(asked.enrolment.id))
    assert (red.suggestion_id, red.since, dict(red.steps), red.received) == (suggestion.id, NOW, {}, False)
    assert write(store, asked, lambda tx: tx.reds.close(asked.enrolment.id))
    assert not write(store, asked, lambda tx: tx.reds.close(asked.enrolment.id))
    assert write(store, asked, lambda tx: tx.reds.open_of(asked.enrolment.id)) is None
    assert write(store, asked, lambda tx: tx.reds.lock(red.id)) is None
    assert write(store, asked, lambda tx: tx.reds.open(suggestion))


def test_each_step_is_taken_once(store, asked, suggestion):
    (red_id,) = due(store)

    assert write(store, asked, lambda tx: tx.reds.take(red_id, TOLD))
    assert not write(store, asked, lambda tx: tx.reds.take(red_id, TOLD))
    assert write(store, asked, lambda tx: tx.reds.steps(red_id)) == (TOLD,)
    with store.survey() as survey:
        assert dict(survey.escalated()) == {Step.PERSON: 1}
    assert [red.id for red in write(store, asked, lambda tx: tx.reds.escalated())] == [red_id]
    write(store, asked, lambda tx: tx.reds.close(asked.enrolment.id))
    with store.survey() as survey:
        assert dict(survey.escalated()) == {}


def test_a_red_is_looked_at_when_its_time_has_come(store, asked, suggestion):
    (red_id,) = due(store)
    write(store, asked, lambda tx: tx.reds.look_again(red_id, NOW + HOUR))

    assert due(store, NOW + HOUR - timedelta(microseconds=1)) == []
    assert due(store, NOW + HOUR) == [red_id]
    write(store, asked, lambda tx: tx.reds.look_again(red_id, None))
    assert due(store, NOW + timedelta(days=999)) == []


@pytest.mark.parametrize("kind", [MessageKind.INBOX_ANSWER, MessageKind.INBOX_DECISION])
def test_only_an_answer_that_the_inbox_took_counts_as_received(store, asked, suggestion, kind):
    write(store, asked, lambda tx: tx.outbox.cancel_open(asked.occasion.id))
    report = a_message(asked.patient_ref, kind=kind, target="lps-inbox", enrolment_id=asked.enrolment.id)
    write(store, asked, lambda tx: tx.outbox.add(report))
    assert not write(store, asked, lambda tx: tx.reds.open_of(asked.enrolment.id)).received
    with store.queue() as queue:
        (message,) = queue.claim("w1", NOW + HOUR, NOW + 2 * HOUR, 1)
        queue.settle(Settlement(message.id, CLINIC_ID, message.fence, MessageState.ACCEPTED, NOW))

    red = write(store, asked, lambda tx: tx.reds.open_of(asked.enrolment.id))
    assert red.received is (kind is MessageKind.INBOX_ANSWER)


def test_a_clinics_choice_is_kept_and_its_reds_are_looked_at_anew(store, asked, suggestion):
    (red_id,) = due(store)
    person = a_person()
    write(store, asked, lambda tx: tx.clinics.add_person(person))
    write(store, asked, lambda tx: tx.reds.look_again(red_id, NOW + timedelta(days=1)))
    for choice in (ClinicEscalation(person.id, 30), ClinicEscalation(None, None)):
        write(store, asked, lambda tx, choice=choice: tx.reds.choose(choice))
        assert write(store, asked, lambda tx: tx.reds.choice()) == choice

    assert due(store, NOW + timedelta(hours=23)) == [red_id]


def test_a_limit_of_no_minutes_and_a_stranger_are_no_choice(store, asked):
    for wrong in (ClinicEscalation(None, 0), ClinicEscalation(a_person().id, None)):
        with pytest.raises(ConflictError):
            write(store, asked, lambda tx, wrong=wrong: tx.reds.choose(wrong))


def test_another_clinics_reds_are_out_of_reach(store, asked, suggestion):
    (red_id,) = due(store)
    stranger = store_clinic(store, OTHER_CLINIC_ID)
    write(store, asked, lambda tx: tx.reds.take(red_id, TOLD))
    write(store, asked, lambda tx: tx.reds.choose(ClinicEscalation(None, 30)))

    with store.write(OTHER_CLINIC_ID, stranger) as tx:
        assert tx.reds.open_of(asked.enrolment.id) is None
        assert tx.reds.escalated() == ()
        assert tx.reds.steps(red_id) == ()
        assert tx.reds.choice() == ClinicEscalation()
        assert not tx.reds.close(asked.enrolment.id)
        with pytest.raises(NotFoundError):
            tx.reds.lock(red_id)
    with pytest.raises(ConflictError), store.write(OTHER_CLINIC_ID, stranger) as tx:
        tx.reds.open(suggestion)
