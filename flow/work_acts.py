"""HANDLE: what somebody does to the worklist without deciding: assign, put off, say that a patient was called."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from delivery.content import Content
from delivery.postponement import Ended, Postponement
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment
from delivery.worklist import AlertKind
from flow.enrolment_state import running
from flow.noting import end_postponement
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId, PatientRef, PersonId, PostponementId, new_id
from scoring.decision import DECIDABLE
from scoring.levels import Colour
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class PostponementOrder:
    """An order to put an enrolment off.

    Args:
        expected: GREEN, YELLOW or RED: nothing that is not worse is news until then.
        until: last Danish day of it.
        reason: free text, needed.
    """

    enrolment_id: EnrolmentId
    expected: str
    until: date
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PutOff:
    """What is shown before somebody puts a patient off.

    Args:
        latest: last Danish day that may be chosen.
        postponed: how it stands now; None = the patient is not put off.
    """

    enrolment: Enrolment
    name: str = field(repr=False)
    latest: date
    postponed: Postponement | None


@dataclass(frozen=True, slots=True)
class WorkActs:
    """The use cases."""

    store: Store
    content: Content

    def assign(self, actor: Actor, patient_refs: Collection[PatientRef], person_id: PersonId | None) -> int:
        """Let a colleague look after patients, or with None nobody in particular; tell how many patients.

        Raises:
            NotFoundError: no such colleague, or no such patient, in this clinic.
            InvalidInputError: the colleague treats nobody.
        """
        allow(actor, Action.READ_WORKLIST)
        refs = tuple(dict.fromkeys(patient_refs))
        with self.store.write(actor.clinic_id, actor) as tx:
            if person_id and tx.clinics.person(person_id).role is Role.CLINIC_ADMIN:
                text = "This colleague treats nobody."
                raise InvalidInputError(text, issues=[Issue("value", text, "person", rule="treats-nobody")])
            for ref in refs:
                tx.patients.must_exist(ref)
            tx.work.assign(refs, person_id)
            if refs:
                tx.audit.record(AuditEvent("assign", f"Person/{person_id or ''}", refs))
        return len(refs)

    def contacted(self, actor: Actor, patient_ref: PatientRef) -> None:
        """Say that a patient who wished it was contacted.

        Raises:
            ConflictError: nobody wishes to be contacted any more.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            heard = tx.work.contacted(patient_ref)
            if not heard:
                text = "Somebody has contacted the patient already."
                raise ConflictError(text, issues=[Issue("conflict", text, "patient", rule="contacted-already")])
            tx.alerts.acted(heard, AlertKind.WISH)
            tx.audit.record(AuditEvent("contacted", f"Patient/{patient_ref}", (patient_ref,)))

    def shown(self, actor: Actor, enrolment_id: EnrolmentId) -> PutOff:
        """Show who would be put off; that it was looked at is on record.

        Raises:
            NotFoundError: no such enrolment in this clinic.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.get(enrolment_id)
            ref = enrolment.patient_ref
            tx.audit.record(AuditEvent("read", f"Postponement/{enrolment_id}", (ref,)))
            latest = danish_date(tx.now) + timedelta(days=self.content.worklist.longest_postponement)
            return PutOff(enrolment, tx.patients.identity(ref).name, latest, _running(tx, enrolment_id))

    def postpone(self, actor: Actor, order: PostponementOrder) -> Postponement:
        """Put an enrolment off until a day; red, worse than expected, or a wish for contact ends it before.

        Raises:
            InvalidInputError: something is not usable, and every fault is named; nothing changed.
            NotFoundError: no such enrolment in this clinic.
            ConflictError: nothing of it stands on the list, or it has ended.
        """
        allow(actor, Action.DECIDE)
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = running(tx, order.enrolment_id)
            faults = tuple(self._faults(order, danish_date(tx.now)))
            if faults:
                raise InvalidInputError(faults[0].text, issues=faults)
            if earlier := tx.work.resume(enrolment.id):
                tx.postponements.end(earlier, Ended.ANEW, tx.now)
            made = _made(tx, order)
            tx.postponements.add(made)
            if not tx.work.postpone(enrolment.id, made.id, made.until, made.expected):
                text = "Nothing of this enrolment is on the list."
                raise ConflictError(text, issues=[Issue("conflict", text, "enrolment", rule="not-listed")])
            tx.audit.record(AuditEvent("postpone", f"Postponement/{made.id}", (enrolment.patient_ref,)))
        return made

    def resume(self, actor: Actor, enrolment_id: EnrolmentId) -> None:
        """Put an enrolment off no longer; not put off already changes nothing.

        Raises:
            NotFoundError: no such enrolment in this clinic.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.lock(enrolment_id)
            if found := _running(tx, enrolment_id):
                end_postponement(tx, (enrolment_id, enrolment.patient_ref), found.id, Ended.BY_HAND)

    def _faults(self, order: PostponementOrder, today: date) -> Iterator[Issue]:
        if order.expected not in DECIDABLE:
            yield Issue("code-invalid", "Expected is GREEN, YELLOW or RED.", "expected", rule="not-a-colour")
        if not order.reason.strip():
            yield Issue("required", "Say why the patient can wait.", "reason", rule="no-reason")
        if len(order.reason) > LONGEST_REASON:
            yield Issue("value", f"Say it in {LONGEST_REASON} characters.", "reason", rule="too-long")
        latest = today + timedelta(days=self.content.worklist.longest_postponement)
        if not today <= order.until <= latest:
            yield Issue("value", f"A day from today until {latest} is needed.", "until", rule="out-of-range")


def _made(tx: Tx, order: PostponementOrder) -> Postponement:
    return Postponement(
        id=PostponementId(new_id()),
        enrolment_id=order.enrolment_id,
        until=order.until,
        expected=Colour(order.expected),
        reason=order.reason.strip(),
        set_by=tx.actor.id,
        set_by_name=tx.actor.display,
        set_at=tx.now,
    )


def _running(tx: Tx, enrolment_id: EnrolmentId) -> Postponement | None:
    today = danish_date(tx.now)
    found = tx.postponements.of_enrolment(enrolment_id)
    return next((one for one in reversed(found) if one.ended_at is None and one.until >= today), None)
