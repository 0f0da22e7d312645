"""What a person is told of an order: sent, later, by telephone, asked already, waiting, or why it cannot be."""

from datetime import UTC, datetime

import pytest

from delivery.outbox import MessageKind, MessageState
from delivery.parties import Window
from delivery.schedule import EnrolmentState
from flow.order import OrderResult, When
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import ConflictError, DeliveryError
from tests.season import a_season
from tests.way import NANCY

DIGITAL = frozenset({"webpatient", "clinic"})


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


@pytest.fixture
def kol(way):
    return way.a_month_after_the_start()


def order(way, enrolled, when=When.SEND_NOW):
    return way.order(way.doctor, enrolled.enrolment_id, when).result


def tell(way, kind, *, value=True, channels=DIGITAL):
    entry = StatusEntry(0, NANCY[0], kind, value, None)
    assert RecordStatus(way.store, way.clock, channels)(way.system, StatusDelivery("cpr", (entry,))).changed == 1


def invitations(way, enrolled):
    with way.look() as tx:
        messages = tx.outbox.of_occasion(way.occasion(enrolled).id)
    return [(one.target, one.state) for one in messages if one.kind is MessageKind.INVITATION]


def refused(way, enrolled, when=When.SEND_NOW):
    with pytest.raises(ConflictError) as caught:
        way.order(way.doctor, enrolled.enrolment_id, when)
    return caught.value.issues[0].rule


def test_what_leaves_now_is_sent_and_the_second_order_is_told_so(way, kol):
    assert order(way, kol) is OrderResult.SENT
    assert order(way, kol) is OrderResult.ALREADY


def test_what_is_filled_in_on_our_screen_is_here(way, kol):
    assert order(way, kol, When.FILL_NOW) is OrderResult.HERE
    assert invitations(way, kol) == []


def test_what_waits_for_the_other_package_is_told_so(way, kol):
    way.enrolled(package="LRS")
    way.open_due()

    assert order(way, kol) is OrderResult.WAITS


@pytest.mark.parametrize(
    ("hour", "minute", "result"),
    [(7, 59, OrderResult.LATER), (8, 0, OrderResult.SENT), (16, 59, OrderResult.SENT), (17, 0, OrderResult.LATER)],
    ids=["before the window", "as it opens", "before it closes", "as it closes"],
)
def test_outside_the_hours_it_is_sent_later(store, clock, keyring, hour, minute, result):
    way = a_season(store, clock, keyring, window=Window())
    enrolled = way.enrolled()
    # A Tuesday; Denmark is one hour ahead, and the window is open from 9 to 18.
    way.clock.at = datetime(2027, 1, 12, hour, minute, tzinfo=UTC)

    assert order(way, enrolled) is result


def test_what_was_begun_here_can_be_sent_afterwards(way, kol):
    order(way, kol, When.FILL_NOW)

    assert order(way, kol) is OrderResult.SENT
    assert invitations(way, kol) == [("webpatient", MessageState.DUE)]
    assert order(way, kol) is OrderResult.ALREADY


def test_an_invitation_that_was_refused_is_sent_again(way, kol):
    order(way, kol)
    way.channel.failures.append(DeliveryError("404", permanent=True))
    way.dispatch()

    assert order(way, kol) is OrderResult.SENT
    assert [state for _, state in invitations(way, kol)] == [MessageState.DEAD, MessageState.DUE]


def test_who_is_not_digital_is_called(way, kol):
    tell(way, "digital", value=False)

    assert order(way, kol) is OrderResult.CALL
    assert invitations(way, kol) == [("clinic", MessageState.DUE)]


@pytest.mark.parametrize("kind", ["protected", "declined"])
def test_nobody_is_sent_anything_who_may_not_be_written_to_but_may_answer_here(way, kol, kind):
    tell(way, kind)
    before = len(way.slots(kol))

    assert refused(way, kol) == kind
    assert len(way.slots(kol)) == before
    assert order(way, kol, When.FILL_NOW) is OrderResult.HERE


def test_who_is_not_digital_is_sent_nothing_where_the_clinic_cannot_ask(way, kol):
    tell(way, "digital", value=False, channels=frozenset({"webpatient"}))

    assert refused(way, kol) == "digital"


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("kind", ["dead", "moved"])
def test_who_has_left_the_clinic_is_asked_nothing_at_all(way, kol, kind, when):
    tell(way, kind)

    assert refused(way, kol, when) == kind


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.ENDED])
def test_a_package_that_does_not_run_says_which(way, kol, state, when):
    way.change(way.doctor, kol.enrolment_id, state)

    assert refused(way, kol, when) == state.value
