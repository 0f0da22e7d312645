"""Two clinics: one that has everything that a clinic can have, and one that has nothing."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from delivery.candidate import Candidate, CandidateState
from delivery.outbox import MessageKind
from delivery.patient_status import StatusFeed, StatusKind, StatusReport
from kernel.ids import CandidateId
from store.database import Store
from store.transaction import Tx
from tests.builders import (
    CLINIC_ID,
    NOW,
    OTHER_CLINIC_ID,
    RAW,
    a_decision,
    a_message,
    a_person,
    a_response,
    a_scored,
    a_suggestion,
    an_actor,
)
from tests.stored import Asked, store_asked, store_clinic

STATUS = StatusReport(StatusKind.DIGITAL, value=True, since=NOW.date())
CANDIDATE_ID = CandidateId("0192f000-0000-7000-8000-0000000000ca")


def a_candidate(asked: Asked) -> Candidate:
    """Make a candidate of the asked patient."""
    return Candidate(
        CANDIDATE_ID, asked.patient_ref, "LRS", "L86", own_patient=True, state=CandidateState.WAITING, imported_at=NOW
    )


def fill(store: Store) -> dict[str, Any]:
    """Store everything that a clinic can have, and another clinic that has nothing."""
    asked = store_asked(store)
    person = a_person()
    response = a_response(asked.request)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    decision = a_decision(suggestion)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.clinics.add_person(person)
        tx.drafts.save(asked.request.id, b"{}", 0)
        tx.responses.add(response, RAW)
        tx.scores.add(response, a_scored())
        (score,) = tx.scores.filed(response.id)
        tx.suggestions.add(suggestion)
        tx.decisions.add(decision)
        tx.events.add("webpatient", "msg_1", b"{}")
        tx.statuses.record(asked.patient_ref, STATUS, "cpr")
        tx.candidates.add_all([a_candidate(asked)])
        tx.statuses.heard(StatusFeed("cpr", NOW, 1))
        tx.freshness.demand("cpr", 24)
        tx.clinics.close_on(NOW.date())
        later = NOW + timedelta(days=3)
        tx.outbox.add(
            a_message(asked.patient_ref, kind=MessageKind.REMINDER, occasion_id=asked.occasion.id, due_at=later)
        )
        tx.events.receipt(asked.message_id, "accepted", None, NOW)
    store_clinic(store, OTHER_CLINIC_ID)
    return {"a": asked, "person": person, "r": response, "score": score, "s": suggestion, "d": decision}


def stranger(store: Store) -> AbstractContextManager[Tx]:
    """Open a transaction of the clinic that has nothing."""
    return store.write(OTHER_CLINIC_ID, an_actor(clinic_id=OTHER_CLINIC_ID))
