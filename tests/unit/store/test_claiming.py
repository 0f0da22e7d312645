"""What a claim gives to each receiver and to each clinic: circuit, rate, messages at once, and turns."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from delivery.breaker import Breaker, Circuit, Sign
from delivery.capabilities import Capabilities, Idempotency
from delivery.outbox import MessageKind, MessageState
from kernel.ids import ClinicId, MessageId
from store import turns
from store.settlement import Heard, Settlement
from tests.builders import NOW, a_message
from tests.crowd import crowd
from tests.stored import store_clinic, store_patient

HOUR = timedelta(hours=1)
CLINICS = tuple(ClinicId(f"0192f000-0000-7000-8000-00000000d{n:03}") for n in range(4))


def limits(**other):
    return {"flp": Capabilities(Idempotency.KEY, **{"max_in_flight": 1000, **other})}


def claim(store, limit=10, *, now=NOW, lease=HOUR, **other):
    with store.queue() as queue:
        return queue.claim("w1", now, now + lease, limit, **other)


def settle(store, messages, outcome=MessageState.ACCEPTED):
    with store.queue() as queue:
        for message in messages:
            queue.settle(Settlement(message.id, message.clinic_id, message.fence, outcome, NOW))


def hear(store, *heard, now=NOW):
    with store.queue() as queue:
        queue.claim("w1", now, now + HOUR, 0, heard=heard)


def down(count, target="flp", at=NOW):
    return [Heard(target, MessageId(f"m{n}"), Sign.DOWN, at) for n in range(count)]


def breaker_of(store, target="flp"):
    with store.queue() as queue:
        return queue.receivers()[target].breaker


def by_clinic(messages):
    return [count for _, count in sorted(Counter(message.clinic_id for message in messages).items())]


def add(store, clinic_id, count, **message):
    return crowd(store, count, clinic_id=clinic_id, **message)


# Circuit


def test_a_receiver_that_does_not_answer_is_given_nothing_while_others_are(store):
    crowd(store, 3)
    add(store, CLINICS[0], 2, target="lps-note")

    hear(store, *down(5))

    assert breaker_of(store).circuit is Circuit.OPEN
    assert {message.target for message in claim(store)} == {"lps-note"}


def test_after_the_wait_one_probe_goes_and_no_second_one(store):
    crowd(store, 3)
    hear(store, *down(5))
    later = NOW + timedelta(seconds=30)

    probes = claim(store, now=later)

    assert len(probes) == 1
    assert claim(store, now=later + timedelta(seconds=1)) == ()
    assert breaker_of(store).probe_id == probes[0].id


def test_an_answered_probe_lets_everything_flow_again(store):
    crowd(store, 3)
    hear(store, *down(5))
    (probe,) = claim(store, now=NOW + timedelta(seconds=30))

    hear(store, Heard("flp", probe.id, Sign.ALIVE, NOW + timedelta(seconds=31)))

    assert breaker_of(store) == Breaker()
    assert len(claim(store, now=NOW + timedelta(seconds=31))) == 2


def test_what_failed_while_a_receiver_was_silent_leaves_when_it_answers_and_nothing_before_its_day(store):
    later = NOW + timedelta(seconds=31)
    crowd(store, 3)
    planned = add(store, CLINICS[0], 1, due_at=NOW + HOUR)
    failed = claim(store, 2)
    with store.queue() as queue:
        for one in failed:
            again = Settlement(one.id, one.clinic_id, one.fence, MessageState.DUE, NOW, retry_at=NOW + 10 * HOUR)
            queue.settle(replace(again, error="cannot be reached"))
    hear(store, *down(5))
    (probe,) = claim(store, now=NOW + timedelta(seconds=30))

    hear(store, Heard("flp", probe.id, Sign.ALIVE, later), now=later)

    woken = {message.id for message in claim(store, now=later)}
    assert woken == {one.id for one in failed}
    assert not woken & set(planned)


def test_a_probe_whose_worker_died_is_followed_by_another(store):
    crowd(store, 3)
    hear(store, *down(5))
    later = NOW + timedelta(seconds=30)
    claim(store, now=later, lease=timedelta(seconds=60))

    assert claim(store, now=later + timedelta(seconds=59)) == ()
    assert len(claim(store, now=later + timedelta(seconds=60))) == 1


def test_a_receiver_that_asks_for_time_is_left_alone_with_all_its_messages(store):
    crowd(store, 3)
    hear(store, Heard("flp", MessageId("m"), Sign.ALIVE, NOW, pause_until=NOW + timedelta(seconds=60)))

    assert claim(store, now=NOW + timedelta(seconds=59)) == ()
    assert len(claim(store, now=NOW + timedelta(seconds=60))) == 3


# Rate and messages at once


def test_no_receiver_is_given_more_in_a_second_than_it_asked_for(store):
    crowd(store, 60)
    given = []
    for tick in range(40):
        now = NOW + timedelta(milliseconds=50 * tick)
        given += [tick] * len(claim(store, 12, now=now, receivers=limits(max_rate=20.0)))

    for first in range(20):
        assert sum(first <= tick < first + 20 for tick in given) <= 20
    assert len(given) >= 30


def test_all_workers_together_hold_no_more_than_a_receiver_takes_at_once(store):
    crowd(store, 10)
    receivers = limits(max_in_flight=4)

    first = claim(store, 3, receivers=receivers)
    second = claim(store, 3, receivers=receivers)
    assert (len(first), len(second), len(claim(store, 3, receivers=receivers))) == (3, 1, 0)
    settle(store, first[:2])
    assert len(claim(store, 3, receivers=receivers)) == 2


def test_a_dead_receiver_s_queue_does_not_hide_what_waits_for_others(store, monkeypatch):
    """The queue is longer than what is looked at, and older than everything else."""
    monkeypatch.setattr(turns, "SAMPLE", 5)
    crowd(store, 12, due_at=NOW - HOUR)
    add(store, CLINICS[0], 2, target="lps-note")
    hear(store, *down(5))

    assert [message.target for message in claim(store, receivers={**limits(), "lps-note": limits()["flp"]})] == [
        "lps-note",
        "lps-note",
    ]


def test_receivers_share_what_fits_where_all_have_more(store):
    crowd(store, 20, due_at=NOW - HOUR)
    add(store, CLINICS[0], 20, target="lps-note")

    assert Counter(message.target for message in claim(store, 10)) == {"flp": 5, "lps-note": 5}


def test_what_one_receiver_does_not_need_another_gets(store):
    crowd(store, 20)
    add(store, CLINICS[0], 1, target="lps-note")

    taken = [message.target for _ in range(2) for message in claim(store, 10)]

    assert Counter(taken)["lps-note"] == 1
    assert len(taken) >= 15


# Turns


@pytest.mark.parametrize("sample", [500, 5], ids=["a short queue", "a long queue"])
def test_a_clinic_with_a_hundred_old_messages_takes_turns_with_one_that_has_two(store, monkeypatch, sample):
    monkeypatch.setattr(turns, "SAMPLE", sample)
    add(store, CLINICS[0], 60, due_at=NOW - HOUR)
    for clinic_id in CLINICS[1:]:
        add(store, clinic_id, 2)

    assert by_clinic(claim(store, 8, receivers=limits())) == [2, 2, 2, 2]
    assert by_clinic(claim(store, 8, receivers=limits())) == [8]


@pytest.mark.parametrize("sample", [500, 5], ids=["a short queue", "a long queue"])
def test_where_more_clinics_wait_than_fit_each_has_its_turn_before_any_has_two(store, monkeypatch, sample):
    monkeypatch.setattr(turns, "SAMPLE", sample)
    for place, clinic_id in enumerate(CLINICS):
        add(store, clinic_id, 10, due_at=NOW - place * HOUR)
    moments = [NOW + timedelta(seconds=second) for second in range(4)]
    served = [{one.clinic_id for one in claim(store, 2, now=now, receivers=limits())} for now in moments]

    assert served[0] | served[1] == served[2] | served[3] == set(CLINICS)
    assert all(len(clinics) == 2 for clinics in served)


def test_clinics_whose_messages_are_held_do_not_use_up_the_turns(store):
    actor = store_clinic(store, CLINICS[0])
    ref = store_patient(store, actor)
    with store.write(CLINICS[0], actor) as tx:
        tx.outbox.add(a_message(ref, lane="one", due_at=NOW + HOUR))
        tx.outbox.add(a_message(ref, lane="one", kind=MessageKind.PLAN_REPORT, target="flp", due_at=NOW - HOUR))
    add(store, CLINICS[1], 1)

    assert [message.clinic_id for message in claim(store, 1, receivers=limits())] == [CLINICS[1]]


def test_a_clinic_that_waits_alone_needs_no_turn(store):
    add(store, CLINICS[0], 3)

    claim(store)

    with store.queue() as queue:
        assert queue.connection.exec_driver_sql("SELECT count(*) FROM clinic_turn").scalar_one() == 0
