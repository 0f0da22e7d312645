"""Races: what must be one stays one although fifty threads try at the same time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from delivery.outbox import MessageState
from delivery.schedule import RequestState
from kernel.errors import ConflictError
from kernel.ids import OccasionId, new_id
from store.settlement import Settlement
from tests.builders import CLINIC_ID, NANCY, NOW, RAW, a_message, a_response, an_enrolment, an_occasion
from tests.stored import store_asked, store_clinic, store_patient

THREADS = 50
HOUR = timedelta(hours=1)


def race(store, actor, act, threads=THREADS):
    """Let all threads do the same in a transaction of their own; count how it ended for them."""
    together = Barrier(threads)

    def run(number):
        together.wait()
        try:
            with store.write(CLINIC_ID, actor) as tx:
                return act(tx, number)
        except ConflictError:
            return "conflict"

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(run, range(threads)))


def test_a_person_becomes_one_patient(store):
    actor = store_clinic(store)

    ended = race(store, actor, lambda tx, _: bool(tx.patients.add(NANCY, "Nancy Berggren")))

    assert ended == {True: 1, "conflict": THREADS - 1}


def test_a_package_is_begun_once(store):
    actor = store_clinic(store)
    ref = store_patient(store, actor)

    ended = race(store, actor, lambda tx, _: tx.enrolments.add(an_enrolment(ref)))

    assert ended == {None: 1, "conflict": THREADS - 1}


def test_one_occasion_is_opened(store):
    actor = store_clinic(store)
    ref = store_patient(store, actor)

    def open_one(tx, number):
        tx.occasions.add(an_occasion(ref, id=OccasionId(f"occasion-{number}")), f"{number:064}")

    assert race(store, actor, open_one) == {None: 1, "conflict": THREADS - 1}


def test_a_request_is_answered_once(store):
    asked = store_asked(store)
    open_states = (RequestState.REQUESTED, RequestState.IN_PROGRESS)

    def answer(tx, _):
        request = tx.requests.lock(asked.request.id)
        if not tx.requests.move(request.id, open_states, RequestState.COMPLETED, NOW):
            return "late"
        tx.responses.add(a_response(request), RAW)
        return "answered"

    assert race(store, asked.actor, answer) == {"answered": 1, "late": THREADS - 1}


def test_without_looking_first_the_constraint_alone_lets_one_answer_in(store):
    asked = store_asked(store)

    ended = race(store, asked.actor, lambda tx, _: tx.responses.add(a_response(asked.request), RAW))

    assert ended == {None: 1, "conflict": THREADS - 1}


def test_a_call_counts_once(store):
    actor = store_clinic(store)

    assert race(store, actor, lambda tx, _: tx.events.add("webpatient", "msg_1", b"{}")) == {
        True: 1,
        False: THREADS - 1,
    }


def test_places_in_a_lane_are_given_once_and_without_gaps(store):
    asked = store_asked(store)

    def add(tx, _):
        return tx.outbox.get(tx.outbox.add(a_message(asked.patient_ref, lane="plan/1"))).sequence

    assert race(store, asked.actor, add) == dict.fromkeys(range(1, THREADS + 1), 1)


def test_a_draft_is_saved_once_per_version(store):
    asked = store_asked(store)

    assert race(store, asked.actor, lambda tx, _: tx.drafts.save(asked.request.id, b"{}", 0)) == {
        1: 1,
        "conflict": THREADS - 1,
    }


def test_many_workers_send_each_message_once_and_every_lane_in_order(store):
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    with store.write(CLINIC_ID, actor) as tx:
        for number in range(120):
            tx.outbox.add(a_message(ref, lane=f"lane/{number % 10}"))
    together = Barrier(8)

    def work(number):
        together.wait()
        sent: list[tuple[str, int]] = []
        while True:
            with store.queue() as queue:
                claimed = queue.claim(f"worker-{number}", NOW, NOW + HOUR, 7)
            if not claimed:
                with store.survey() as survey:
                    if survey.overdue_since(NOW + HOUR) is None:
                        return sent
                continue
            for message in claimed:
                sent.append((message.lane, message.sequence))
                with store.queue() as queue:
                    done = Settlement(message.id, CLINIC_ID, message.fence, MessageState.ACCEPTED, NOW)
                    assert queue.settle(done)

    with ThreadPoolExecutor(8) as pool:
        sent = [one for worker in pool.map(work, range(8)) for one in worker]

    assert sorted(sent) == sorted((f"lane/{lane}", place) for lane in range(10) for place in range(1, 13))


def test_workers_claim_different_messages(store):
    actor = store_clinic(store)
    ref = store_patient(store, actor)
    with store.write(CLINIC_ID, actor) as tx:
        ids = [tx.outbox.add(a_message(ref)) for _ in range(THREADS)]
    together = Barrier(10)

    def work(number):
        together.wait()
        with store.queue() as queue:
            return [message.id for message in queue.claim(f"w{number}-{new_id()}", NOW, NOW + HOUR, 5)]

    claimed = []
    with ThreadPoolExecutor(10) as pool:
        claimed += [one for worker in pool.map(work, range(10)) for one in worker]
    with store.queue() as queue:
        claimed += [message.id for message in queue.claim("last", NOW, NOW + HOUR, THREADS)]

    assert sorted(claimed) == sorted(ids)
