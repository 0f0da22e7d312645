"""Orders of the clinic: send now, fill in now, appointments, discharges."""

from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.parties import Window
from delivery.recurrence import danish_date
from delivery.schedule import EnrolmentState, OccasionState, SlotState
from flow.order import When
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from kernel.ids import EnrolmentId
from security.actor import Role
from security.links import token_hash
from tests.builders import an_actor
from tests.season import a_season

KOL_FORMS = ["kol-status", "mmrc", "cat"]


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


@pytest.fixture
def kol(way):
    return way.a_month_after_the_start()


def sent(way):
    while way.dispatch():
        pass
    return len(way.channel.taken)


def test_send_now_opens_an_occasion_and_sends_it(way, kol):
    ordered = way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)

    assert ordered.occasion_id == way.occasion(kol).id
    assert ordered.link is None
    assert way.forms(kol) == KOL_FORMS
    assert sent(way) == 1
    assert not way.occasion(kol).counted


def test_fill_in_now_gives_the_personal_link_and_sends_nothing(way, kol):
    ordered = way.order(way.doctor, kol.enrolment_id, When.FILL_NOW)

    assert ordered.link.startswith("https://svarbro.example/p/i/")
    found = way.store.find_link(token_hash(ordered.link.rsplit("/", 1)[-1]))
    assert found[1] == ordered.occasion_id
    assert ordered.link not in repr(ordered)
    assert sent(way) == 0


def test_an_order_twice_is_one_occasion(way, kol):
    first = way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)
    again = way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)

    assert first.occasion_id == again.occasion_id
    assert sent(way) == 1
    way.skip_all(kol)
    assert way.states(kol, "ordered") == [SlotState.ANSWERED, SlotState.ANSWERED]


def test_an_order_asks_again_what_was_answered_today(way, kol):
    way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)
    way.skip_all(kol)
    way.clock.move(seconds=1)

    way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)

    assert way.forms(kol) == KOL_FORMS
    assert way.occasion(kol).state is OccasionState.OPEN


def test_what_is_sent_waits_for_the_open_occasion_of_the_other_package(way, kol):
    lrs = way.enrolled(package="LRS")
    way.open_due()
    opened = way.occasion(lrs)

    ordered = way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)

    assert ordered.occasion_id is None
    assert way.states(kol, "ordered") == [SlotState.PLANNED]
    way.skip_all(lrs)
    assert way.open_due() == 1
    assert way.occasion(kol).id != opened.id
    assert way.forms(kol) == KOL_FORMS


def test_what_is_filled_in_here_joins_the_open_occasion_of_the_other_package(way, kol):
    lrs = way.enrolled(package="LRS")
    way.open_due()
    before = way.forms(lrs)

    ordered = way.order(way.doctor, kol.enrolment_id, When.FILL_NOW)

    assert ordered.occasion_id == way.occasion(lrs).id
    assert way.forms(lrs) == [*before, *KOL_FORMS]
    way.skip_all(kol)
    assert way.states(kol, "ordered") == [SlotState.ANSWERED]


def test_an_order_at_night_is_sent_when_the_window_opens(store, clock, keyring):
    way = a_season(store, clock, keyring, window=Window())
    kol = way.enrolled()
    # Monday 11 January 2027, 20.30 in Denmark.
    way.clock.at = datetime(2027, 1, 11, 19, 30, tzinfo=UTC)

    ordered = way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)

    with way.look() as tx:
        assert ordered.occasion_id is not None
        (message,) = tx.outbox.of_occasion(ordered.occasion_id)
    assert message.due_at == datetime(2027, 1, 12, 8, tzinfo=UTC)


def test_an_invitation_held_up_until_night_waits_for_the_morning(store, clock, keyring):
    way = a_season(store, clock, keyring, window=Window())
    kol = way.enrolled()
    way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)
    way.clock.at = datetime(2027, 1, 11, 17, tzinfo=UTC)

    assert sent(way) == 0

    way.clock.at = datetime(2027, 1, 12, 8, tzinfo=UTC)
    assert sent(way) == 1


def test_a_paused_or_ended_enrolment_takes_no_order(way, kol):
    for state in (EnrolmentState.PAUSED, EnrolmentState.ENDED):
        way.change(way.doctor, kol.enrolment_id, state)
        with pytest.raises(ConflictError):
            way.order(way.doctor, kol.enrolment_id, When.SEND_NOW)


def test_the_personal_link_is_for_those_who_may_fill_in(way, kol):
    admin = an_actor(Role.CLINIC_ADMIN)

    with pytest.raises(AccessError):
        way.order(admin, kol.enrolment_id, When.FILL_NOW)
    with pytest.raises(AccessError):
        way.order(an_actor(Role.PATIENT), kol.enrolment_id, When.FILL_NOW)


def test_orders_for_nobody_are_not_found(way, kol):
    unknown = EnrolmentId("unknown")

    with pytest.raises(NotFoundError):
        way.order(way.doctor, unknown, When.SEND_NOW)
    with pytest.raises(NotFoundError):
        way.appointment(way.doctor, unknown, date(2027, 6, 1))


def test_the_same_appointment_or_discharge_twice_is_one(way, kol):
    today = danish_date(way.clock.now())
    for plan, kind in ((way.appointment, "before-appointment"), (way.discharge, "after-discharge")):
        assert plan(way.doctor, kol.enrolment_id, today) == plan(way.doctor, kol.enrolment_id, today)
        assert len(way.slots(kol, kind)) == 1


def test_an_appointment_has_not_passed_and_a_discharge_is_not_to_come(way, kol):
    today = danish_date(way.clock.now())

    for plan, day in ((way.appointment, today - timedelta(days=1)), (way.discharge, today + timedelta(days=1))):
        with pytest.raises(InvalidInputError) as refused:
            plan(way.doctor, kol.enrolment_id, day)
        assert [issue.expression for issue in refused.value.issues] == ["date"]


def test_a_programme_that_asks_nothing_after_a_discharge_says_so(way):
    lrs = way.enrolled(package="LRS")

    with pytest.raises(InvalidInputError, match="asks nothing"):
        way.discharge(way.doctor, lrs.enrolment_id, danish_date(way.clock.now()))
