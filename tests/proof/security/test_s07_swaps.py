"""S-7: a thousand ciphertexts put into another row, column, patient or clinic, and not one opens there."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from kernel.ids import ClinicId, PatientRef, ResponseId
from security.cpr import Identifier
from security.vault import SealBrokenError
from store.base import Base
from store.transaction import Tx
from tests.builders import (
    CLINIC_ID,
    MMRC,
    OTHER_CLINIC_ID,
    RAW,
    a_decision,
    a_request,
    a_response,
    a_suggestion,
    an_actor,
)
from tests.stored import store_asked, store_patient

SWAPS = 1_000
SEED = 20270112
NUMBERS = (Identifier("cpr", "2512489996"), Identifier("cpr", "0104909995"))


@dataclass(frozen=True)
class Cell:
    """One sealed cell, and what opens it."""

    clinic_id: ClinicId
    table: str
    column: str
    key: str
    owner: str
    read: Callable[[Tx], Any]

    def same(self):
        """Make the condition that finds its row."""
        table = Base.metadata.tables[self.table]
        name = {"draft": "request_id", "patient_identifier": "patient_ref"}.get(self.table, "id")
        tenant = () if self.table == "clinic" else (table.c.clinic_id == self.clinic_id,)
        return (*tenant, table.c[name] == self.key)


def cells_of(store, clinic_id, number):
    """Fill a clinic and name everything sealed in it."""
    asked = store_asked(store, clinic_id, number)
    second = store_patient(store, asked.actor, Identifier("x-ecpr", f"X-{number.value[:4]}"), "Somebody Else")
    later = a_request(asked.occasion, MMRC, position=1)
    response, other = a_response(asked.request), a_response(later)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    decision = a_decision(suggestion, goal="Gå en tur.")
    with store.write(clinic_id, asked.actor) as tx:
        tx.requests.add(later)
        tx.drafts.save(asked.request.id, b'{"half": "filled"}', 0)
        for one in (response, other):
            tx.responses.add(one, RAW)
        tx.suggestions.add(suggestion)
        tx.decisions.add(decision)
        tx.events.add("webpatient", f"msg_{clinic_id}", b'{"a": "webhook"}')
    events = Base.metadata.tables["webhook_event"]
    with store.read(clinic_id, asked.actor) as tx:
        event_id = tx.scope.all(tx.scope.select(events))[0].id

    def event(tx):
        return tx.events.raw("webpatient", f"msg_{clinic_id}")

    def identity(ref: PatientRef, tx: Tx) -> Any:
        return tx.patients.identity(ref)

    def body(response_id: ResponseId, tx: Tx) -> Any:
        return tx.responses.raw(response_id)

    for ref in (asked.patient_ref, second):
        for table, column in (("patient", "name_enc"), ("patient_identifier", "value_enc"), ("patient", "data_key")):
            yield Cell(clinic_id, table, column, ref, ref, partial(identity, ref))
    patient = asked.patient_ref
    for one in (response, other):
        yield Cell(clinic_id, "response", "body_enc", one.id, patient, partial(body, one.id))
    yield Cell(clinic_id, "draft", "body_enc", asked.request.id, patient, lambda tx: tx.drafts.get(asked.request.id))
    yield Cell(clinic_id, "decision", "reason_enc", decision.id, patient, lambda tx: tx.decisions.get(decision.id))
    yield Cell(clinic_id, "decision", "goal_enc", decision.id, patient, lambda tx: tx.decisions.get(decision.id))
    yield Cell(clinic_id, "webhook_event", "body_enc", event_id, clinic_id, event)
    yield Cell(clinic_id, "clinic", "data_key", clinic_id, clinic_id, event)


@pytest.fixture
def cells(sqlite_store):
    clinics = zip((CLINIC_ID, OTHER_CLINIC_ID), NUMBERS, strict=True)
    return [cell for clinic_id, number in clinics for cell in cells_of(sqlite_store, clinic_id, number)]


def kind_of(taken, put):
    if taken.clinic_id != put.clinic_id:
        return "another clinic"
    if taken.owner != put.owner:
        return "another patient"
    return "another row" if (taken.table, taken.column) == (put.table, put.column) else "another column"


def test_a_thousand_swapped_ciphertexts_are_a_thousand_broken_seals(sqlite_store, cells, ledger):
    chance = random.Random(SEED)
    done: Counter[str] = Counter()
    found: Counter[str] = Counter()
    with sqlite_store.queue() as queue:
        for cell in cells:
            assert cell.read(queue.within(cell.clinic_id, an_actor(clinic_id=cell.clinic_id))), (
                "it opens where it belongs"
            )
        while done.total() < SWAPS:
            taken, put = chance.sample(cells, 2)
            query = select(Base.metadata.tables[taken.table].c[taken.column]).where(*taken.same())
            stolen = queue.connection.execute(query).scalar_one()
            with queue.connection.begin_nested() as undone:
                table = Base.metadata.tables[put.table]
                queue.connection.execute(update(table).where(*put.same()).values({put.column: stolen}))
                kind = kind_of(taken, put)
                done[kind] += 1
                try:
                    put.read(queue.within(put.clinic_id, an_actor(clinic_id=put.clinic_id)))
                except SealBrokenError:
                    found[kind] += 1
                undone.rollback()

    for kind in sorted(done):
        ledger.add("S-7 swapped ciphertexts", put_into=kind, swaps=done[kind], found=found[kind])
    assert found == done
