"""What a patient need not see any more is taken back wherever it was sent."""

from delivery.outbox import MessageKind, MessageState
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import DeliveryError
from tests.contract.doors import mmrc
from tests.unit.flow.climbing import climb, messages, run
from tests.way import NANCY, FakeChannel

DUE, ACCEPTED, CANCELLED = MessageState.DUE, MessageState.ACCEPTED, MessageState.CANCELLED


def test_the_first_answer_wins_and_the_rest_is_taken_back(way, enrolled, phone, letter):
    run(way)
    way.clock.move(days=10)
    climb(way)
    run(way)
    way.answer_all(enrolled)
    run(way)

    with way.look() as tx:
        keys = {
            one.target: one.id
            for one in tx.outbox.of_occasion(way.occasion(enrolled).id)
            if one.kind is MessageKind.INVITATION
        }
    assert keys["webpatient"] in phone.withdrawn
    assert letter.withdrawn == [keys["letter"]]
    assert {state for _, state in messages(way, enrolled, MessageKind.WITHDRAWAL)} == {ACCEPTED}


def test_the_channel_through_which_the_last_answer_came_keeps_its_message(way, enrolled, phone, letter):
    run(way)
    way.clock.move(days=10)
    climb(way)
    run(way)
    asked = way.asked(enrolled)
    last = asked.pop("mmrc")
    for request in asked.values():
        way.fill(request)
    way.answer(mmrc(last.id), via="webpatient")
    run(way)

    assert phone.withdrawn == []
    assert len(letter.withdrawn) == 1


def test_an_answer_through_the_only_channel_takes_nothing_back(way, enrolled, phone):
    run(way)
    way.answer_all(enrolled)
    run(way)

    assert messages(way, enrolled, MessageKind.WITHDRAWAL) == []
    assert phone.withdrawn == []


def test_who_declines_has_the_message_taken_off_the_phone_though_nothing_more_is_written(way, enrolled, phone):
    run(way)
    decline(way)
    run(way)

    assert len(phone.withdrawn) == 1
    assert messages(way, enrolled, MessageKind.WITHDRAWAL) == [("webpatient", ACCEPTED)]


def decline(way):
    entry = StatusEntry(1, NANCY[0], "declined", value=True)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("lps", (entry,)))


def test_what_never_left_needs_no_withdrawal(way, enrolled):
    decline(way)
    run(way)

    assert messages(way, enrolled, MessageKind.WITHDRAWAL) == []
    assert messages(way, enrolled) == [("webpatient", CANCELLED)]


def test_a_withdrawal_that_fails_is_tried_again(way, enrolled, phone):
    run(way)
    phone.broken = [DeliveryError("503")]
    decline(way)
    run(way)
    assert messages(way, enrolled, MessageKind.WITHDRAWAL) == [("webpatient", DUE)]
    way.clock.move(hours=1)
    run(way)

    assert messages(way, enrolled, MessageKind.WITHDRAWAL) == [("webpatient", ACCEPTED)]


def test_a_channel_that_takes_nothing_back_is_left_alone(way, enrolled):
    run(way)
    way.speak({"webpatient": FakeChannel()})
    decline(way)
    run(way)

    assert messages(way, enrolled, MessageKind.WITHDRAWAL) == [("webpatient", CANCELLED)]
