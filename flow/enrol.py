"""ENROL: a patient enters a care package, and the first questionnaires are planned."""

from dataclasses import dataclass, field
from datetime import date, datetime

from delivery.content import Content
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, EnrolmentState
from flow.schedule import plan_first
from kernel.clock import Clock
from kernel.errors import InvalidInputError, Issue, NotFoundError
from kernel.ids import EnrolmentId, PatientRef, new_id
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import parse_identifier
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class EnrolmentOrder:
    """A clinic's order to enrol a patient.

    Args:
        identifier: CPR number, X-eCPR or D-eCPR, with or without hyphen.
        name: full name, shown to the clinic only.
        package: `KOL` or `LRS`; the clinic must have opted in.
        start: Danish date of the first questionnaires; today if None.
    """

    identifier: str = field(repr=False)
    name: str = field(repr=False)
    package: str
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of an order.

    Args:
        first_due_at: when the first invitation is due, aware UTC.
    """

    enrolment_id: EnrolmentId
    patient_ref: PatientRef
    first_due_at: datetime


@dataclass(frozen=True, slots=True)
class Enrol:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self, actor: Actor, order: EnrolmentOrder) -> Enrolled:
        """Enrol the patient and plan the first slots.

        Raises:
            InvalidInputError: the identifier, name or package is not usable; each is named.
            ConflictError: the patient is in this package already.
        """
        allow(actor, Action.ENROL)
        identifier = parse_identifier(order.identifier)
        if not order.name.strip():
            raise InvalidInputError("A name is needed.", issues=[Issue("required", "A name is needed.", "name")])
        now = self.clock.now()
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.patients.find(identifier) or tx.patients.add(identifier, order.name.strip())
            enrolment = self._enrolment(tx, order.package, patient_ref, now)
            tx.enrolments.add(enrolment)
            programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
            first = plan_first(tx, programme, enrolment, start=order.start or danish_date(now))
            tx.audit.record(AuditEvent("enrol", f"Enrolment/{enrolment.id}", (patient_ref,)))
        return Enrolled(enrolment.id, patient_ref, first.due_at)

    def _enrolment(self, tx: Tx, package: str, patient_ref: PatientRef, now: datetime) -> Enrolment:
        try:
            opt_in = tx.clinics.opt_in(package)
        except NotFoundError as error:
            issue = Issue("value", "The clinic does not run this package.", "package", rule="unknown-package")
            raise InvalidInputError(issue.text, issues=[issue]) from error
        programme = self.content.programmes.newest(opt_in.programme)
        return Enrolment(
            id=EnrolmentId(new_id()),
            patient_ref=patient_ref,
            package=package,
            programme=programme.id,
            programme_version=programme.version,
            channel=opt_in.channel,
            plan_target=opt_in.plan_target,
            state=EnrolmentState.ACTIVE,
            enrolled_at=now,
        )
