"""An invitation that reached nobody goes on through the clinic's next channel, once."""

import pytest

from delivery.ladder import Step
from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import StatusKind, StatusReport
from flow.ladder import pass_on
from kernel.errors import DeliveryError
from tests.builders import CLINIC_ID
from tests.contract.doors import mmrc
from tests.unit.flow.climbing import LADDER, climb, messages, run, set_ladder

REFUSED = DeliveryError("404", permanent=True)
ACCEPTED, DEAD = MessageState.ACCEPTED, MessageState.DEAD


def test_a_refused_invitation_goes_on_through_the_next_channel_and_the_clinic_is_not_called(way, enrolled, phone):
    phone.failures = [REFUSED]
    run(way)

    assert messages(way, enrolled) == [("webpatient", DEAD), ("letter", ACCEPTED)]
    assert messages(way, enrolled, MessageKind.INBOX_UNDELIVERED) == []


def test_after_the_last_step_the_clinic_learns_that_nobody_was_reached(way, enrolled, phone, letter):
    set_ladder(way, LADDER[:2])
    phone.failures, letter.failures = [REFUSED], [REFUSED]
    run(way)

    assert messages(way, enrolled) == [("webpatient", DEAD), ("letter", DEAD)]
    assert len(messages(way, enrolled, MessageKind.INBOX_UNDELIVERED)) == 1


def test_without_a_ladder_the_clinic_is_told_at_once(way, enrolled, phone):
    set_ladder(way, ())
    phone.failures = [REFUSED]
    run(way)

    assert messages(way, enrolled) == [("webpatient", DEAD)]
    assert len(messages(way, enrolled, MessageKind.INBOX_UNDELIVERED)) == 1


@pytest.mark.parametrize(("days", "went_on"), [pytest.param(9.99, 0, id="before"), pytest.param(10, 1, id="on it")])
def test_what_nobody_opened_goes_on_after_the_steps_days(way, enrolled, days, went_on):
    run(way)
    way.clock.move(days=days)

    assert climb(way) == went_on
    assert len(messages(way, enrolled)) == 1 + went_on


def test_every_step_waits_its_own_time_and_the_last_one_for_ever(way, enrolled):
    run(way)
    for days, count in ((10, 2), (13.9, 2), (0.2, 2)):
        way.clock.move(days=days)
        climb(way)
        run(way)
        assert len(messages(way, enrolled)) == count
    # The programme's three weeks are over before the letter's fortnight is: nobody is asked any more.
    assert way.occasion(enrolled).expires_at < way.clock.now()


def test_the_clinic_calls_where_a_letter_led_to_nothing(way, enrolled):
    set_ladder(way, (Step("webpatient", 3), Step("letter", 7), Step("clinic")))
    run(way)
    for days in (3, 7):
        way.clock.move(days=days)
        assert climb(way) == 1
        run(way)

    assert [target for target, _ in messages(way, enrolled)] == ["webpatient", "letter", "clinic"]
    with way.look() as tx:
        assert [call.occasion.id for call in tx.calls.waiting()] == [way.occasion(enrolled).id]
    way.clock.move(days=1)
    assert climb(way) == 0


def test_a_step_waits_as_long_as_its_own_channel_says_not_another(way, enrolled):
    set_ladder(way, (Step("webpatient", 3), Step("letter", 7), Step("clinic")))
    run(way)
    way.clock.move(days=3)
    climb(way)
    run(way)
    way.clock.move(days=6.9)

    assert climb(way) == 0


@pytest.mark.parametrize("event", ["opened", "completed"])
def test_who_opened_the_message_is_not_asked_through_another_channel(way, enrolled, event):
    run(way)
    with way.store.write(CLINIC_ID, way.system) as tx:
        (invitation,) = [one for one in tx.outbox.of_occasion(way.occasion(enrolled).id) if one.kind == "invitation"]
        tx.events.receipt(invitation.id, event, None, way.clock.now())
    way.clock.move(days=11)

    assert climb(way) == 0


def test_who_has_begun_to_answer_is_not_asked_through_another_channel(way, enrolled):
    run(way)
    way.answer(mmrc(way.asked(enrolled)["mmrc"].id))
    way.clock.move(days=11)

    assert climb(way) == 0


def test_a_step_by_which_the_patient_may_not_be_written_to_is_passed_over(way, enrolled):
    run(way)
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.statuses.record(
            enrolled.patient_ref, StatusReport(StatusKind.DIGITAL, value=False, since=way.clock.now().date()), "cpr"
        )
    way.clock.move(days=10)

    assert climb(way) == 1
    assert [target for target, _ in messages(way, enrolled)] == ["webpatient", "clinic"]


def test_where_no_step_is_left_the_clinic_is_told_once_and_the_tick_asks_no_more(way, enrolled):
    set_ladder(way, (Step("webpatient", 10),))
    run(way)
    way.clock.move(days=10)

    assert [climb(way) for _ in range(3)] == [0, 0, 0]
    assert len(messages(way, enrolled, MessageKind.INBOX_UNDELIVERED)) == 1


def test_going_on_twice_from_the_same_message_is_one_step(way, enrolled):
    run(way)
    with way.store.write(CLINIC_ID, way.system) as tx:
        first = tx.outbox.of_occasion(way.occasion(enrolled).id)[0]
        assert pass_on(tx, first)
        pass_on(tx, first)

    assert [target for target, _ in messages(way, enrolled)] == ["webpatient", "letter"]
    assert messages(way, enrolled, MessageKind.INBOX_UNDELIVERED) == []


def test_a_refusal_of_what_the_ladder_has_left_behind_is_told_to_nobody(way, enrolled):
    set_ladder(way, LADDER[:2])
    run(way)
    with way.store.write(CLINIC_ID, way.system) as tx:
        first = tx.outbox.of_occasion(way.occasion(enrolled).id)[0]
        assert pass_on(tx, first)
        assert not pass_on(tx, first)

    assert messages(way, enrolled, MessageKind.INBOX_UNDELIVERED) == []
