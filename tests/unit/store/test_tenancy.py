"""Tenancy: another clinic's rows are never seen and never changed; `test_tenancy_links` has what is never linked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from delivery.candidate import CandidateState
from delivery.schedule import OccasionState, RequestState, SlotState
from kernel.errors import NotFoundError
from security.actor import Actor
from store.base import Base
from store.database import Store
from store.repositories.candidates import Place
from store.transaction import Tx
from tests.builders import CAT, CLINIC_ID, NANCY, NOW
from tests.stored import Asked
from tests.unit.store.two_clinics import CANDIDATE_ID, a_candidate, fill, stranger


@pytest.fixture
def filled(store):
    return fill(store)


class UndoError(Exception):
    """Rolls a transaction back."""


def places(asked: Asked) -> list[Place]:
    return [(asked.patient_ref, "KOL"), (asked.patient_ref, "LRS")]


NOTHING_TO_DO = frozenset(
    ("planned slots", "due slots", "cancelled slots", "opened slot", "removed draft", "other channel", "assessed")
) | {"audit"}
"""What gives nothing to the owner either: the one slot is open already, removing returns nothing, reading is silent."""

NOT_FOUND: dict[str, Callable[[Tx, dict[str, Any]], object]] = {
    "person": lambda tx, f: tx.clinics.person(f["person"].id),
    "identity": lambda tx, f: tx.patients.identity(f["a"].patient_ref),
    "patient locked": lambda tx, f: tx.patients.lock(f["a"].patient_ref),
    "enrolment": lambda tx, f: tx.enrolments.get(f["a"].enrolment.id),
    "enrolment locked": lambda tx, f: tx.enrolments.lock(f["a"].enrolment.id),
    "candidate": lambda tx, _: tx.candidates.get(CANDIDATE_ID),
    "candidates": lambda tx, _: tx.candidates.get_all([CANDIDATE_ID], lock=True),
    "series": lambda tx, f: tx.schedule.series(f["a"].series.id),
    "occasion": lambda tx, f: tx.occasions.get(f["a"].occasion.id),
    "occasion locked": lambda tx, f: tx.occasions.lock(f["a"].occasion.id),
    "request": lambda tx, f: tx.requests.get(f["a"].request.id),
    "request locked": lambda tx, f: tx.requests.lock(f["a"].request.id),
    "draft": lambda tx, f: tx.drafts.save(f["a"].request.id, b"{}", 1),
    "response": lambda tx, f: tx.responses.get(f["r"].id),
    "response bytes": lambda tx, f: tx.responses.raw(f["r"].id),
    "scores": lambda tx, f: tx.scores.of_response(f["r"].id),
    "score": lambda tx, f: tx.scores.get(f["score"].id),
    "suggestion": lambda tx, f: tx.suggestions.get(f["s"].id),
    "decision": lambda tx, f: tx.decisions.get(f["d"].id),
    "message": lambda tx, f: tx.outbox.get(f["a"].message_id),
    "message with all that happened": lambda tx, f: tx.traces.of(f["a"].message_id),
    "receipt": lambda tx, f: tx.events.receipt(f["a"].message_id, "opened", None, NOW),
}

EMPTY: dict[str, Callable[[Tx, dict[str, Any]], object]] = {
    "people": lambda tx, _: tx.clinics.people(),
    "patient": lambda tx, _: tx.patients.find(NANCY),
    "patients": lambda tx, _: tx.patients.find_all([NANCY]),
    "statuses": lambda tx, f: tx.statuses.of(f["a"].patient_ref),
    "past statuses": lambda tx, f: tx.statuses.history(f["a"].patient_ref),
    "feeds": lambda tx, _: tx.statuses.feeds(),
    "demands": lambda tx, _: tx.freshness.demands(),
    "dropped demand": lambda tx, _: tx.freshness.drop("cpr"),
    "closures": lambda tx, _: tx.clinics.closures(),
    "opened day": lambda tx, _: tx.clinics.open_on(NOW.date()),
    "cancelled reminders": lambda tx, f: tx.outbox.cancel_reminders(f["a"].occasion.id),
    "messages to a patient": lambda tx, f: tx.statuses.cancel_messages(f["a"].patient_ref),
    "ended enrolments": lambda tx, f: tx.statuses.end_enrolments(f["a"].patient_ref),
    "other channel": lambda tx, f: tx.statuses.reach_by(f["a"].enrolment.id, "clinic"),
    "names": lambda tx, f: tx.patients.identities([f["a"].patient_ref]),
    "listed": lambda tx, _: tx.candidates.listed(CandidateState.WAITING, review_by=NOW.date(), limit=9),
    "candidates": lambda tx, f: tx.candidates.open_among(places(f["a"])),
    "enrolled": lambda tx, f: tx.candidates.enrolled_among(places(f["a"])),
    "assessed": lambda tx, f: tx.candidates.assess_all([a_candidate(f["a"])]),
    "running": lambda tx, f: tx.enrolments.running_of(f["a"].patient_ref),
    "active": lambda tx, f: tx.enrolments.active_of([f["a"].patient_ref]),
    "reachable": lambda tx, f: tx.enrolments.active_of([f["a"].patient_ref], reachable=True),
    "all enrolments": lambda tx, _: tx.enrolments.all(10),
    "running series": lambda tx, f: tx.schedule.running_series(f["a"].enrolment.id),
    "all series": lambda tx, f: tx.schedule.all_series(f["a"].enrolment.id),
    "series by id": lambda tx, f: tx.schedule.series_by_id([f["a"].series.id]),
    "newest number": lambda tx, f: tx.schedule.newest_n([f["a"].enrolment.id]),
    "ended series": lambda tx, f: tx.schedule.end_series(f["a"].series.id, NOW),
    "planned slots": lambda tx, f: tx.schedule.planned_slots(f["a"].enrolment.id),
    "slots": lambda tx, f: tx.schedule.slots_of(f["a"].enrolment.id),
    "due slots": lambda tx, f: tx.schedule.due_slots([f["a"].patient_ref], NOW),
    "last slot": lambda tx, f: tx.schedule.last_slot(f["a"].series.id),
    "slots of occasion": lambda tx, f: tx.schedule.of_occasion(f["a"].occasion.id),
    "slots with kinds": lambda tx, f: tx.schedule.with_kinds(f["a"].occasion.id),
    "opened slot": lambda tx, f: tx.schedule.open_slot(f["a"].slot.id, f["a"].occasion.id),
    "closed slots": lambda tx, f: tx.schedule.close_slots(f["a"].occasion.id, SlotState.EXPIRED),
    "cancelled slots": lambda tx, f: tx.schedule.cancel_planned(f["a"].series.id),
    "occasion of request": lambda tx, f: tx.occasions.lock_of_request(f["a"].request.id),
    "asking enrolments": lambda tx, f: tx.enrolments.lock_asking(f["a"].occasion.id),
    "open occasion": lambda tx, f: tx.occasions.open_of(f["a"].patient_ref),
    "sent occasions": lambda tx, f: tx.occasions.sent_since([f["a"].patient_ref], NOW),
    "newest occasion": lambda tx, f: tx.occasions.newest_of(f["a"].patient_ref),
    "closed occasion": lambda tx, f: tx.occasions.close(f["a"].occasion.id, OccasionState.EXPIRED, NOW),
    "enrolments of occasion": lambda tx, f: tx.occasions.enrolments_of(f["a"].occasion.id),
    "requests": lambda tx, f: tx.requests.of_occasion(f["a"].occasion.id),
    "newest answers": lambda tx, f: tx.requests.newest_answers({f["a"].patient_ref: NOW}),
    "newest request": lambda tx, f: tx.requests.newest_for(f["a"].patient_ref, CAT),
    "moved request": lambda tx, f: tx.requests.move(f["a"].request.id, tuple(RequestState), RequestState.EXPIRED, NOW),
    "cancelled requests": lambda tx, f: tx.requests.cancel_open(f["a"].occasion.id, RequestState.EXPIRED),
    "draft": lambda tx, f: tx.drafts.get(f["a"].request.id),
    "removed draft": lambda tx, f: tx.drafts.remove(f["a"].request.id),
    "response": lambda tx, f: tx.responses.of_request(f["a"].request.id),
    "responses": lambda tx, f: tx.responses.of_occasion(f["a"].occasion.id),
    "scores": lambda tx, f: tx.scores.filed(f["r"].id),
    "newest suggestion": lambda tx, f: tx.suggestions.newest(f["a"].enrolment.id),
    "suggestions": lambda tx, f: tx.suggestions.of_enrolment(f["a"].enrolment.id),
    "newest decision": lambda tx, f: tx.decisions.newest(f["a"].enrolment.id),
    "decisions": lambda tx, f: tx.decisions.of_enrolment(f["a"].enrolment.id),
    "past responses": lambda tx, f: tx.history.of(f["a"].enrolment).responses,
    "past decisions": lambda tx, f: tx.history.of(f["a"].enrolment).decisions,
    "messages of enrolment": lambda tx, f: tx.outbox.of_enrolment(f["a"].enrolment.id),
    "messages of occasion": lambda tx, f: tx.outbox.of_occasion(f["a"].occasion.id),
    "cancelled messages": lambda tx, f: tx.outbox.cancel_open(f["a"].occasion.id),
    "call": lambda tx, _: tx.events.raw("webpatient", "msg_1"),
    "receipts": lambda tx, f: tx.events.receipts(f["a"].message_id),
    "channel state": lambda tx, f: tx.events.channel_state(f["a"].message_id),
    "audit": lambda tx, _: tx.audit.events(),
}


def test_what_another_clinic_has_is_not_found(store, filled):
    for look in NOT_FOUND.values():
        with stranger(store) as tx, pytest.raises(NotFoundError):
            look(tx, filled)


def test_what_another_clinic_has_is_not_listed_and_not_changed(store, filled):
    before = everything(store, filled["a"])

    for name, look in EMPTY.items():
        with stranger(store) as tx:
            assert not look(tx, filled), name

    assert everything(store, filled["a"]) == before


@pytest.mark.parametrize("looks", [NOT_FOUND, EMPTY], ids=["found", "listed"])
def test_the_owner_finds_all_of_it(store, filled, looks):
    # The proof that the two tests above look for something that is there.
    for name in looks.keys() - NOTHING_TO_DO:
        with undone(store, filled["a"].actor) as tx:
            assert looks[name](tx, filled), name


@contextmanager
def undone(store: Store, actor: Actor) -> Iterator[Tx]:
    with suppress(UndoError), store.write(actor.clinic_id, actor) as tx:
        yield tx
        raise UndoError


def everything(store: Store, asked: Asked) -> list[object]:
    with store.read(CLINIC_ID, asked.actor) as tx:
        return [
            tx.scope.all(tx.scope.select(table)) for table in Base.metadata.tables.values() if "clinic_id" in table.c
        ]
