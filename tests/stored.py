"""Clinics and patients in a store: the ground on which a test of the store begins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from delivery.outbox import MessageState
from delivery.schedule import Enrolment, Occasion, Request, Series, Slot
from delivery.transitions import Change
from kernel.ids import ClinicId, MessageId, PatientRef
from security.actor import Actor
from security.cpr import Identifier
from security.links import token_hash
from store.base import table_of
from store.database import Store
from store.moves import ends, starts
from store.settlement import Settlement
from store.tables import OutboxRow
from tests.builders import (
    CLINIC_ID,
    NANCY,
    NOW,
    a_clinic,
    a_message,
    a_request,
    a_series,
    a_slot,
    an_actor,
    an_agreement,
    an_enrolment,
    an_occasion,
    an_opt_in,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A patient who has been asked one questionnaire, as the store holds it."""

    clinic_id: ClinicId
    actor: Actor
    patient_ref: PatientRef
    enrolment: Enrolment
    series: Series
    slot: Slot
    occasion: Occasion
    request: Request
    message_id: MessageId


def store_clinic(store: Store, clinic_id: ClinicId = CLINIC_ID) -> Actor:
    """Store a clinic with its opt-in and return somebody of it."""
    actor = an_actor(clinic_id=clinic_id)
    with store.write(clinic_id, actor) as tx:
        tx.clinics.add(a_clinic(clinic_id))
        tx.agreements.agree(an_agreement())
        tx.clinics.add_opt_in(an_opt_in())
    return actor


def store_patient(
    store: Store, actor: Actor, identifier: Identifier = NANCY, name: str = "Nancy Berggren"
) -> PatientRef:
    """Store a patient of the actor's clinic."""
    with store.write(actor.clinic_id, actor) as tx:
        return tx.patients.add(identifier, name)


def store_asked(store: Store, clinic_id: ClinicId = CLINIC_ID, identifier: Identifier = NANCY) -> Asked:
    """Store a clinic with one patient who has been asked CAT: open occasion, open slot, invitation due."""
    actor = store_clinic(store, clinic_id)
    patient_ref = store_patient(store, actor, identifier)
    enrolment = an_enrolment(patient_ref)
    series = a_series(enrolment.id)
    slot = a_slot(series, patient_ref)
    occasion = an_occasion(patient_ref)
    request = a_request(occasion)
    with store.write(clinic_id, actor) as tx:
        tx.enrolments.add(enrolment)
        tx.schedule.add_series(series)
        tx.schedule.add_slot(slot)
        tx.occasions.add(occasion, token_hash(occasion.id))
        tx.schedule.open_slot(slot.id, occasion.id)
        tx.requests.add(request)
        message_id = tx.outbox.add(
            a_message(patient_ref, occasion_id=occasion.id, enrolment_id=enrolment.id, lane=f"occasion/{occasion.id}")
        )
    return Asked(clinic_id, actor, patient_ref, enrolment, series, slot, occasion, request, message_id)


def store_taken(store: Store, message_id: MessageId, at: datetime = NOW) -> None:
    """Let a message be claimed and taken by its receiver, as a worker does, whatever else is due."""
    outbox = table_of(OutboxRow)
    claimed = {**ends(Change.CLAIM, at), "lease_owner": "test", "lease_until": at, "fence": 1}
    with store.queue() as queue:
        query = update(outbox).where(outbox.c.id == message_id, starts(Change.CLAIM))
        (row,) = queue.connection.execute(query.values(**claimed).returning(outbox.c.clinic_id)).all()
        taken = Settlement(message_id, ClinicId(row.clinic_id), 1, MessageState.ACCEPTED, at)
        assert queue.settle(taken)
