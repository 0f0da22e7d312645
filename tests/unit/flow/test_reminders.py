"""Reminders: planned when the invitation is taken, gone with the answer, in the clinic's hours and in its words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import CLINIC_CHANNEL
from delivery.recurrence import COPENHAGEN
from flow.operate import OperateOutbox
from kernel.errors import ConflictError, DeliveryError
from security.actor import Role
from tests.builders import NOW, a_message, an_actor
from tests.contract.doors import cat
from tests.way import FakeChannel

DUE, ACCEPTED, CANCELLED = MessageState.DUE, MessageState.ACCEPTED, MessageState.CANCELLED


@pytest.fixture
def invited(way):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    return enrolled


def all_reminders(way, enrolled):
    with way.look() as tx:
        messages = tx.outbox.of_occasion(way.occasion(enrolled).id)
    return [message for message in messages if message.kind is MessageKind.REMINDER]


def states(way, enrolled):
    return [message.state for message in all_reminders(way, enrolled)]


def received(way):
    return list(way.channel.taken.values())


def test_reminders_are_planned_three_and_seven_days_after_the_invitation_was_taken(way):
    enrolled = way.enrolled()
    way.open_due()
    assert all_reminders(way, enrolled) == []
    way.clock.move(hours=5)
    way.dispatch()

    first, second = all_reminders(way, enrolled)
    taken = NOW + timedelta(hours=5)
    assert (first.due_at, second.due_at) == (taken + timedelta(days=3), taken + timedelta(days=7))
    assert (first.reminder_no, second.reminder_no) == (1, 2)
    assert {one.expires_at for one in (first, second)} == {way.occasion(enrolled).expires_at}
    (invitation,) = received(way)
    assert {(one.reminds, one.lane) for one in (first, second)} == {
        (invitation.key, f"webpatient:{way.occasion(enrolled).id}")
    }


def test_an_invitation_that_is_taken_when_its_time_is_nearly_over_has_no_reminders(way):
    enrolled = way.enrolled()
    way.open_due()
    way.clock.move(days=18)
    way.dispatch()

    assert len(received(way)) == 1
    assert all_reminders(way, enrolled) == []


def test_an_invitation_that_was_refused_has_no_reminders(way):
    way.channel.failures = [DeliveryError("404", permanent=True, http_status=404)]
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()

    assert all_reminders(way, enrolled) == []


def test_each_reminder_is_a_message_of_its_own_with_the_same_link_and_its_own_words(way, invited):
    way.clock.move(days=3, seconds=-1)
    assert way.dispatch() == 0
    way.clock.move(seconds=1)
    assert way.dispatch() == 1
    way.clock.move(days=4)
    assert way.dispatch() == 1
    way.clock.move(days=10)
    assert way.dispatch() == 0

    invitation, first, second = received(way)
    assert len({invitation.key, first.key, second.key}) == 3
    assert {one.link for one in (first, second)} == {invitation.link}
    assert (invitation.reminds, first.reminds, second.reminds) == (None, invitation.key, invitation.key)
    assert "venter på dine svar" in first.text
    assert "venter" not in invitation.text
    assert states(way, invited) == [ACCEPTED, ACCEPTED]


def test_the_answer_cancels_the_reminders_in_the_same_transaction(way, invited):
    way.answer_all(invited)

    assert states(way, invited) == [CANCELLED, CANCELLED]
    way.clock.move(days=7)
    way.dispatch()
    assert len(received(way)) == 1


def test_half_an_answer_leaves_the_reminders_and_they_ask_for_the_rest(way, invited):
    way.answer(cat(way.asked(invited)["cat"].id))
    way.clock.move(days=3)
    way.dispatch()

    _, reminder = received(way)
    assert {form.questionnaire.partition("|")[0].rpartition("/")[2] for form in reminder.forms} == {
        "kol-status",
        "mmrc",
        "shk-draft",
    }


def test_an_answer_between_claim_and_call_stops_the_reminder(way, invited):
    way.clock.move(days=3)
    with way.store.queue() as queue:
        (message,) = queue.claim("slow", way.clock.now(), way.clock.now() + timedelta(seconds=30), 1)
    way.answer_all(invited)

    assert way.dispatch.to_patient(message).outcome is CANCELLED
    assert len(received(way)) == 1


def test_expiry_ends_what_was_not_sent(way, invited):
    way.clock.at = way.occasion(invited).expires_at
    way.expire()

    assert states(way, invited) == [CANCELLED, CANCELLED]


def test_a_worker_that_stood_still_reminds_once_and_not_for_each_reminder_missed(way, invited):
    way.clock.move(days=8)
    while way.dispatch():
        pass

    assert len(received(way)) == 2
    assert states(way, invited) == [CANCELLED, ACCEPTED]


def test_a_reminder_that_is_late_waits_for_the_clinics_hours(way):
    with way.store.queue() as queue:
        queue.connection.execute(
            text("UPDATE clinic SET window_opens = 540, window_closes = 1080, window_weekdays = '12345'")
        )
    enrolled = way.enrolled()
    with way.look() as tx:
        way.clock.at = min(one.due_at for one in tx.schedule.due_slots([enrolled.patient_ref], NOW + timedelta(days=1)))
    way.open_due()
    way.dispatch()
    assert len(received(way)) == 1
    first, second = all_reminders(way, enrolled)
    way.clock.at = second.due_at.astimezone(COPENHAGEN).replace(hour=3)
    way.dispatch()

    assert len(received(way)) == 1, "nobody is written to at night"
    assert first.due_at < second.due_at


def test_the_clinics_own_call_list_is_not_reminded(way):
    way.speak({CLINIC_CHANNEL: FakeChannel(CLINIC_CHANNEL)})
    enrolled = way.enrolled()
    with way.store.queue() as queue:
        queue.connection.execute(text("UPDATE enrolment SET channel = 'clinic'"))
    way.open_due()
    assert way.dispatch() == 1

    assert all_reminders(way, enrolled) == []


def test_a_channel_that_reminds_by_itself_is_not_reminded(way, invited):
    way.channel.capabilities = replace(way.channel.capabilities, reminds=True)
    way.clock.move(days=7)
    while way.dispatch():
        pass

    assert len(received(way)) == 1
    assert states(way, invited) == [CANCELLED, CANCELLED]


def test_a_second_invitation_that_is_taken_puts_its_chain_in_the_place_of_the_first(way, invited):
    with way.store.write(way.system.clinic_id, way.system) as tx:
        (invitation, *_) = tx.outbox.of_occasion(way.occasion(invited).id)
        first = tx.outbox.cancel_reminders(way.occasion(invited).id)

    assert (invitation.kind, first) == (MessageKind.INVITATION, 2)
    assert states(way, invited) == [CANCELLED, CANCELLED]


def test_no_reminder_is_planned_twice_for_one_invitation(way, invited):
    first, _ = all_reminders(way, invited)

    with pytest.raises(ConflictError), way.store.write(way.system.clinic_id, way.system) as tx:
        tx.outbox.add(a_message(invited.patient_ref, kind=first.kind, reminds=first.reminds, reminder_no=1))

    assert states(way, invited) == [DUE, DUE]


def test_a_dead_reminder_that_is_made_new_waits_for_its_turn_and_yields_to_the_next(way, invited):
    way.channel.failures = [DeliveryError("400", permanent=True, http_status=400)]
    way.clock.move(days=3)
    way.dispatch()
    dead, _ = all_reminders(way, invited)
    assert dead.state is MessageState.DEAD

    operator = an_actor(Role.OPERATOR)
    OperateOutbox(way.store).renew(operator, dead.id, reason="Modtageren har tabt den.")
    way.clock.move(days=4)
    while way.dispatch():
        pass

    assert states(way, invited) == [CANCELLED, ACCEPTED, CANCELLED]
    assert len(received(way)) == 2


def test_a_dead_reminder_that_is_tried_again_keeps_its_turn_and_its_key(way, invited):
    way.channel.failures = [DeliveryError("400", permanent=True, http_status=400)]
    way.clock.move(days=3)
    way.dispatch()
    dead, _ = all_reminders(way, invited)

    OperateOutbox(way.store).retry(an_actor(Role.OPERATOR), dead.id)
    way.dispatch()

    assert states(way, invited) == [ACCEPTED, DUE]
    assert received(way)[-1].key == dead.id
