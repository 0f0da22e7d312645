"""SCHEDULE: the ticks that turn due slots into occasions and close what was not answered in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from delivery.content import Content
from delivery.recurrence import danish_date, due_at, next_open
from delivery.schedule import OccasionState, RequestState, SlotState
from flow.content_return import ReturnHeld
from flow.report import enqueue_not_answered
from flow.schedule_invite import invitation
from flow.schedule_open import Opening
from flow.schedule_series import plan_control_month, plan_first, plan_new_episode, replan
from kernel.clock import Clock
from kernel.errors import ConflictError
from kernel.ids import ClinicId, OccasionId, PatientRef
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.keys import Keys
from store.database import Store
from store.transaction import Tx

__all__ = [
    "ExpireOccasions",
    "OpenDue",
    "invitation",
    "plan_control_month",
    "plan_first",
    "plan_new_episode",
    "replan",
    "worker_of",
]

DUE_AT_A_TIME = 250
"""Patients per tick, those of one clinic in one transaction: ticks stay short, and the next follows in seconds."""

OVER_AT_A_TIME = 100
"""Occasions closed per tick, each in a transaction of its own."""


def worker_of(clinic_id: ClinicId) -> Actor:
    """Return the worker as an actor of one clinic."""
    return Actor(Role.WORKER, "worker", clinic_id)


@dataclass(frozen=True, slots=True)
class OpenDue:
    """The tick that turns due slots into occasions."""

    store: Store
    content: Content
    clock: Clock
    keys: Keys = field(repr=False)

    def __call__(self) -> int:
        """Open an occasion for every patient with a due slot and no open occasion.

        Where the clinic does not write to anybody any more today, the slots are put off to its next open day.
        Occasions whose licence ran out before anybody was invited are put back first, and opened again without it.

        Returns:
            How many were opened; what waits for its turn, or was answered already, is not among them.
        """
        ReturnHeld(self.store, self.content, self.clock)()
        with self.store.survey() as survey:
            due = survey.due_patients(self.clock.now(), DUE_AT_A_TIME)
        by_clinic: dict[ClinicId, list[PatientRef]] = {}
        for clinic_id, patient_ref in due:
            by_clinic.setdefault(clinic_id, []).append(patient_ref)
        return sum(self._open_some(clinic_id, refs) for clinic_id, refs in by_clinic.items())

    def _open_some(self, clinic_id: ClinicId, patient_refs: Sequence[PatientRef]) -> int:
        """Open for all of them in one transaction, or for halves of them where somebody else was faster with one."""
        try:
            return self._open(clinic_id, patient_refs)
        except ConflictError:
            # A constraint chose between us and somebody else. The others are opened without that patient.
            half = len(patient_refs) // 2
            if not half:
                return 0
            return sum(self._open_some(clinic_id, part) for part in (patient_refs[:half], patient_refs[half:]))

    def _open(self, clinic_id: ClinicId, patient_refs: Sequence[PatientRef]) -> int:
        opening = Opening(self.content, self.keys)
        with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
            # Another worker that found the same patients waits here, and then sees what was opened.
            tx.patients.lock_all(patient_refs)
            if danish_date(next_open(tx.now, tx.window)) > danish_date(tx.now):
                return _put_off(tx, patient_refs)
            return len(opening.of_all(tx, patient_refs))


def _put_off(tx: Tx, patient_refs: Sequence[PatientRef]) -> int:
    """Put what is due off to the next open day: an occasion's time must not run while nobody can be invited.

    Each day has a time of day of its own: who got the last second of one day does not get it on the next again.
    """
    opens = danish_date(next_open(tx.now, tx.window))
    due = tx.schedule.due_slots(patient_refs, tx.now)
    tx.schedule.change_planned(
        [replace(one, due_at=due_at(opens, tx.window, seed=f"{one.enrolment_id}/{opens}")) for one in due]
    )
    return 0


@dataclass(frozen=True, slots=True)
class ExpireOccasions:
    """The tick that closes what was not answered in time: a state of its own, counted and visible."""

    store: Store
    clock: Clock

    def __call__(self) -> int:
        """Close every occasion whose time has run out; return how many."""
        with self.store.queue() as queue:
            passed = queue.expired_occasions(self.clock.now(), OVER_AT_A_TIME)
        return sum(self._expire(clinic_id, occasion_id) for clinic_id, occasion_id in passed)

    def _expire(self, clinic_id: ClinicId, occasion_id: OccasionId) -> bool:
        with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
            now: datetime = self.clock.now()
            if not tx.occasions.close(occasion_id, OccasionState.EXPIRED, now):
                return False
            tx.requests.cancel_open(occasion_id, RequestState.EXPIRED)
            tx.schedule.close_slots(occasion_id, SlotState.EXPIRED)
            tx.outbox.cancel_open(occasion_id)
            enqueue_not_answered(tx, occasion_id)
            tx.work.unanswered(occasion_id, now)
            patient_ref = tx.occasions.get(occasion_id).patient_ref
            tx.audit.record(AuditEvent("expire", f"Occasion/{occasion_id}", (patient_ref,), "delivery"))
            return True
