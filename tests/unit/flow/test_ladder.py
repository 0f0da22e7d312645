"""An invitation that reached nobody goes on through the clinic's next channel, once."""

import pytest

from delivery.channels.port import Capabilities, Idempotency
from delivery.ladder import Step
from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import StatusKind, StatusReport
from flow.ladder import ClimbLadders, pass_on
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import DeliveryError
from tests.builders import CLINIC_ID
from tests.contract.doors import mmrc
from tests.way import NANCY, FakeChannel

LADDER = (Step("webpatient", 10), Step("letter", 14), Step("clinic"))
REFUSED = DeliveryError("404", permanent=True)


class WithdrawingChannel(FakeChannel):
    """Takes messages back, or fails as told."""

    capabilities = Capabilities(Idempotency.KEY, withdraws=True)

    def __init__(self, name):
        super().__init__(name)
        self.withdrawn = []
        self.broken = []

    def withdraw(self, key):
        if self.broken:
            raise self.broken.pop(0)
        self.withdrawn.append(key)


@pytest.fixture
def phone():
    return WithdrawingChannel("webpatient")


@pytest.fixture
def letter():
    return WithdrawingChannel("letter")


@pytest.fixture
def enrolled(way, phone, letter):
    way.speak({"webpatient": phone, "letter": letter, "clinic": FakeChannel("clinic")})
    set_ladder(way, LADDER)
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


def set_ladder(way, steps):
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.ladders.set("KOL", steps)


def messages(way, enrolled, *kinds):
    kinds = kinds or (MessageKind.INVITATION,)
    with way.look() as tx:
        found = tx.outbox.of_occasion(way.occasion(enrolled).id)
    return [(one.target, one.state) for one in found if one.kind in kinds]


def climb(way):
    return ClimbLadders(way.store, way.clock)()


def run(way):
    while way.dispatch():
        pass


DUE, ACCEPTED, DEAD, CANCELLED = (
    MessageState.DUE,
    MessageState.ACCEPTED,
    MessageState.DEAD,
    MessageState.CANCELLED,
)


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
