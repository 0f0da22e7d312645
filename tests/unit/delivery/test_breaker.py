"""When a receiver is spoken to."""

from datetime import UTC, datetime, timedelta

import pytest

from delivery.breaker import FAILURES, Breaker, Circuit, Sign, sign_of
from kernel.errors import DeliveryError, PlanError
from kernel.ids import MessageId

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
FIRST, SECOND = MessageId("one"), MessageId("two")
SHORT = timedelta(milliseconds=1)


def after_s(seconds):
    return NOW + timedelta(seconds=seconds)


def heard(breaker, *signs):
    for sign in signs:
        breaker = breaker.hear(sign, FIRST, NOW)
    return breaker


OPEN = heard(Breaker(), *[Sign.DOWN] * FAILURES)


@pytest.mark.parametrize(("failures", "circuit"), [(4, Circuit.CLOSED), (5, Circuit.OPEN)], ids=["four", "five"])
def test_five_unanswered_calls_in_a_row_open_the_circuit(failures, circuit):
    assert heard(Breaker(), *[Sign.DOWN] * failures).circuit is circuit


def test_an_answer_in_between_begins_the_count_anew():
    breaker = heard(Breaker(), *[Sign.DOWN] * 4, Sign.ALIVE, *[Sign.DOWN] * 4)

    assert (breaker.circuit, breaker.failures) == (Circuit.CLOSED, 4)


def test_a_call_that_told_nothing_changes_nothing():
    assert heard(Breaker(), *[Sign.DOWN] * 4, Sign.NONE).failures == 4


@pytest.mark.parametrize(("seconds", "room"), [(0, 0), (29.9, 0), (30, 1)], ids=["at once", "too early", "in time"])
def test_while_open_nothing_goes_until_a_probe_may(seconds, room):
    assert OPEN.opened_at == NOW
    assert OPEN.room(after_s(seconds)) == room


def test_a_closed_circuit_names_no_limit():
    assert Breaker().room(NOW) is None


def test_one_probe_at_a_time_and_another_when_its_worker_died():
    probing = OPEN.probing(FIRST, after_s(90))

    assert probing.circuit is Circuit.HALF_OPEN
    assert [probing.room(after_s(seconds)) for seconds in (31, 89, 90)] == [0, 0, 1]


def test_a_probe_that_is_answered_closes_the_circuit():
    assert OPEN.probing(FIRST, after_s(90)).hear(Sign.ALIVE, FIRST, after_s(31)) == Breaker()


def test_failed_probes_come_ever_later_up_to_five_minutes():
    breaker, waits = OPEN, []
    for _ in range(6):
        breaker = breaker.probing(FIRST, after_s(9999)).hear(Sign.DOWN, FIRST, NOW)
        assert breaker.probe_at is not None
        waits.append((breaker.probe_at - NOW).total_seconds())

    assert waits == [60, 120, 240, 300, 300, 300]
    assert breaker.opened_at == NOW


def test_calls_that_began_before_the_opening_do_not_delay_the_probe():
    assert OPEN.hear(Sign.DOWN, SECOND, after_s(20)) == OPEN
    probing = OPEN.probing(FIRST, after_s(90))
    assert probing.hear(Sign.DOWN, SECOND, after_s(40)) == probing


def test_a_probe_that_was_never_sent_makes_room_for_another():
    again = OPEN.probing(FIRST, after_s(90)).hear(Sign.NONE, FIRST, after_s(31))

    assert (again.circuit, again.room(after_s(31))) == (Circuit.OPEN, 1)


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        (None, Sign.ALIVE),
        (DeliveryError("no connection"), Sign.DOWN),
        (PlanError("no connection"), Sign.DOWN),
        (DeliveryError("500", http_status=500), Sign.DOWN),
        (DeliveryError("503", http_status=503), Sign.DOWN),
        (DeliveryError("499", http_status=499), Sign.ALIVE),
        (DeliveryError("404", http_status=404, permanent=True), Sign.ALIVE),
        (DeliveryError("409", http_status=409), Sign.ALIVE),
        (DeliveryError("429", http_status=429), Sign.ALIVE),
        (DeliveryError("401", http_status=401), Sign.DOWN),
        (DeliveryError("403", http_status=403), Sign.DOWN),
        (DeliveryError("too large to be sent", permanent=True), Sign.NONE),
        (KeyError("ours"), Sign.NONE),
    ],
    ids=str,
)
def test_what_the_end_of_a_call_tells_of_its_receiver(error, sign):
    assert sign_of(error) is sign
