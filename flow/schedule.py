"""SCHEDULE: series and slots from programme and decision; due slots become an occasion with its requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from delivery.content import Content
from delivery.occasion_kind import OccasionKind
from delivery.outbox import MessageKind, NewMessage
from delivery.programme import Programme
from delivery.recurrence import due_at, next_open, nominal_date
from delivery.schedule import (
    Enrolment,
    EnrolmentState,
    Occasion,
    OccasionState,
    Request,
    RequestState,
    Series,
    Slot,
    SlotState,
)
from kernel.clock import Clock
from kernel.errors import ConflictError
from kernel.ids import Canonical, ClinicId, EnrolmentId, OccasionId, PatientRef, RequestId, SeriesId, SlotId, new_id
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.links import link_token, token_hash
from store.database import Store
from store.transaction import Tx

DUE_AT_A_TIME = 100
"""Patients per tick: a tick stays short, and the next one follows within seconds."""


def worker_of(clinic_id: ClinicId) -> Actor:
    """Return the worker as an actor of one clinic."""
    return Actor(Role.WORKER, "worker", clinic_id)


def plan_first(tx: Tx, programme: Programme, enrolment: Enrolment, *, start: date) -> Slot:
    """Plan the start slot, and the periodic ones that hold until somebody decides a level.

    Returns:
        The start slot.
    """
    opening = Series(
        id=SeriesId(new_id()),
        enrolment_id=enrolment.id,
        n=1,
        occasion_kind=programme.start.id,
        anchor=start,
        period_months=0,
        programme_version=programme.version,
        reason="enrolled",
    )
    tx.schedule.add_series(opening)
    first = _add_slot(tx, enrolment, opening, 0)
    _start_periodic(tx, programme, enrolment, n=2, anchor=start, level=None, reason="enrolled")
    return first


def replan(tx: Tx, programme: Programme, enrolment: Enrolment, *, anchor: date, level: int | None, reason: str) -> Slot:
    """End the running series and plan anew from a decision.

    Args:
        anchor: Danish date of the decision.
        level: the decided level, None where only a colour was decided.

    Returns:
        The next slot.
    """
    running = tx.schedule.running_series(enrolment.id)
    for series in running:
        tx.schedule.end_series(series.id, tx.now)
        tx.schedule.cancel_planned(series.id)
    n = 1 + max(series.n for series in running)
    return _start_periodic(tx, programme, enrolment, n=n, anchor=anchor, level=level, reason=reason)


def _start_periodic(
    tx: Tx, programme: Programme, enrolment: Enrolment, *, n: int, anchor: date, level: int | None, reason: str
) -> Slot:
    series = Series(
        id=SeriesId(new_id()),
        enrolment_id=enrolment.id,
        n=n,
        occasion_kind=programme.periodic.id,
        anchor=anchor,
        period_months=programme.period_months(level),
        programme_version=programme.version,
        reason=reason,
    )
    tx.schedule.add_series(series)
    return _add_slot(tx, enrolment, series, 1)


def _add_slot(tx: Tx, enrolment: Enrolment, series: Series, k: int, state: SlotState = SlotState.PLANNED) -> Slot:
    nominal = nominal_date(series.anchor, k, series.period_months)
    slot = Slot(
        id=SlotId(new_id()),
        series_id=series.id,
        enrolment_id=enrolment.id,
        patient_ref=enrolment.patient_ref,
        k=k,
        nominal_date=nominal,
        due_at=due_at(nominal, tx.clinics.get().window, seed=enrolment.id),
        state=state,
    )
    tx.schedule.add_slot(slot)
    return slot


def plan_next(tx: Tx, enrolment: Enrolment, series: Series, k: int) -> None:
    """Plan the slot after the k-th; times that passed while nobody looked are kept as cancelled, not sent."""
    if series.period_months == 0 or series.ended_at is not None:
        return
    following = k + 1
    while (
        due_at(nominal_date(series.anchor, following, series.period_months), tx.clinics.get().window, seed=enrolment.id)
        <= tx.now
    ):
        _add_slot(tx, enrolment, series, following, SlotState.CANCELLED)
        following += 1
    _add_slot(tx, enrolment, series, following)


@dataclass(frozen=True, slots=True)
class OpenDue:
    """The tick that turns due slots into occasions."""

    store: Store
    content: Content
    clock: Clock
    link_key: bytes

    def __call__(self) -> int:
        """Open an occasion for every patient with a due slot and no open occasion.

        Returns:
            How many were opened.
        """
        with self.store.queue() as queue:
            due = queue.due_patients(self.clock.now(), DUE_AT_A_TIME)
        return sum(self._open(clinic_id, patient_ref) for clinic_id, patient_ref in due)

    def _open(self, clinic_id: ClinicId, patient_ref: PatientRef) -> bool:
        try:
            with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
                return self._open_in(tx, patient_ref)
        except ConflictError:
            # Another worker opened the same occasion: the constraint chose one of us.
            return False

    def _open_in(self, tx: Tx, patient_ref: PatientRef) -> bool:
        now = self.clock.now()
        running = {enrolment.id: enrolment for enrolment in tx.enrolments.running_of(patient_ref)}
        slots = [
            slot
            for slot in tx.schedule.due_slots(patient_ref, now)
            if slot.enrolment_id in running and running[slot.enrolment_id].state is EnrolmentState.ACTIVE
        ]
        if not slots or tx.occasions.open_of(patient_ref):
            return False
        days = max(self._programme(running[slot.enrolment_id]).expires_after_days for slot in slots)
        occasion = Occasion(OccasionId(new_id()), patient_ref, OccasionState.OPEN, now, now + timedelta(days=days))
        tx.occasions.add(occasion, token_hash(link_token(self.link_key, occasion.id)))
        asked = self._take(tx, occasion, slots, running)
        self._request(tx, occasion, asked)
        first = running[slots[0].enrolment_id]
        tx.outbox.add(invitation(occasion, first, at=next_open(now, tx.clinics.get().window)))
        tx.audit.record(AuditEvent("open", f"Occasion/{occasion.id}", (patient_ref,), "delivery"))
        return True

    def _take(
        self, tx: Tx, occasion: Occasion, slots: Iterable[Slot], running: dict[EnrolmentId, Enrolment]
    ) -> tuple[Canonical, ...]:
        """Tie the slots to the occasion; return what they ask, each questionnaire once."""
        asked: dict[Canonical, None] = {}
        for slot in slots:
            if not tx.schedule.open_slot(slot.id, occasion.id):
                raise ConflictError("The slot was taken by somebody else.")
            series = tx.schedule.series(slot.series_id)
            enrolment = running[slot.enrolment_id]
            plan = self._programme(enrolment).occasion(series.occasion_kind)
            asked |= dict.fromkeys(self._canonicals(plan))
            plan_next(tx, enrolment, series, slot.k)
        return tuple(asked)

    def _request(self, tx: Tx, occasion: Occasion, asked: Iterable[Canonical]) -> None:
        for position, canonical in enumerate(asked):
            tx.requests.add(
                Request(
                    id=RequestId(new_id()),
                    occasion_id=occasion.id,
                    patient_ref=occasion.patient_ref,
                    questionnaire=canonical,
                    position=position,
                    state=RequestState.REQUESTED,
                    requested_at=occasion.opened_at,
                    expires_at=occasion.expires_at,
                )
            )

    def _programme(self, enrolment: Enrolment) -> Programme:
        return self.content.programmes.get(enrolment.programme, enrolment.programme_version)

    def _canonicals(self, plan: OccasionKind) -> Iterable[Canonical]:
        return (self.content.questionnaires.newest(name).canonical for name in plan.ask)


def invitation(occasion: Occasion, enrolment: Enrolment, *, at: datetime) -> NewMessage:
    """Make the outbox row of an occasion's invitation.

    Args:
        at: inside the clinic's window, aware UTC.
    """
    return NewMessage(
        kind=MessageKind.INVITATION,
        lane=f"{enrolment.channel}:{occasion.id}",
        target=enrolment.channel,
        due_at=at,
        patient_ref=occasion.patient_ref,
        expires_at=occasion.expires_at,
        occasion_id=occasion.id,
    )


@dataclass(frozen=True, slots=True)
class ExpireOccasions:
    """The tick that closes what was not answered in time: a state of its own, counted and visible."""

    store: Store
    clock: Clock

    def __call__(self) -> int:
        """Close every occasion whose time has run out; return how many."""
        with self.store.queue() as queue:
            passed = queue.expired_occasions(self.clock.now(), DUE_AT_A_TIME)
        return sum(self._expire(clinic_id, occasion_id) for clinic_id, occasion_id in passed)

    def _expire(self, clinic_id: ClinicId, occasion_id: OccasionId) -> bool:
        with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
            now: datetime = self.clock.now()
            if not tx.occasions.close(occasion_id, OccasionState.EXPIRED, now):
                return False
            tx.requests.cancel_open(occasion_id, RequestState.EXPIRED)
            tx.schedule.close_slots(occasion_id, SlotState.EXPIRED)
            tx.outbox.cancel_open(occasion_id)
            patient_ref = tx.occasions.get(occasion_id).patient_ref
            tx.audit.record(AuditEvent("expire", f"Occasion/{occasion_id}", (patient_ref,), "delivery"))
            return True
