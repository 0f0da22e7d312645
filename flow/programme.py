"""POPULATION: one patient's programme: what is planned, what is known, and by which channel the patient is asked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from delivery.content import Content
from delivery.parties import PatientIdentity
from delivery.patient_status import PatientStatus
from delivery.schedule import Enrolment
from flow.enrolment_state import running
from kernel.errors import InvalidInputError, Issue
from kernel.ids import EnrolmentId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store


@dataclass(frozen=True, slots=True)
class PatientProgramme:
    """One patient in one package, as whoever arranges it sees it.

    Args:
        known: what feeds and people told of the patient, the newest first.
        planned: Danish dates of the next questionnaires.
        channels: by which the patient can be asked.
        package_channel: what the clinic chose for the package.
    """

    enrolment: Enrolment
    patient: PatientIdentity = field(repr=False)
    known: tuple[PatientStatus, ...]
    planned: tuple[date, ...]
    channels: tuple[str, ...]
    package_channel: str


@dataclass(frozen=True, slots=True)
class RunProgramme:
    """The use cases: look, and ask by another channel.

    Args:
        channels: names of the channels that this installation has.
    """

    store: Store
    content: Content
    channels: Collection[str]

    def shown(self, actor: Actor, enrolment_id: EnrolmentId) -> PatientProgramme:
        """Return one patient's programme.

        Raises:
            NotFoundError: no such enrolment in this clinic.
        """
        allow(actor, Action.ENROL)
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.get(enrolment_id)
            tx.audit.record(AuditEvent("read", f"Enrolment/{enrolment_id}", (enrolment.patient_ref,)))
            return PatientProgramme(
                enrolment=enrolment,
                patient=tx.patients.identity(enrolment.patient_ref),
                known=tuple(reversed(tx.statuses.history(enrolment.patient_ref))),
                planned=tuple(sorted(slot.nominal_date for slot in tx.schedule.planned_slots(enrolment_id))),
                channels=tuple(sorted({*self.channels, enrolment.channel})),
                package_channel=tx.clinics.opt_in(enrolment.package).channel,
            )

    def reach_by(self, actor: Actor, enrolment_id: EnrolmentId, channel: str) -> None:
        """Ask a patient by another channel from now on; what waits for the patient goes that way too.

        Raises:
            InvalidInputError: the installation has no such channel.
            NotFoundError: no such enrolment in this clinic.
            ConflictError: it has ended.
        """
        allow(actor, Action.ENROL)
        if channel not in self.channels:
            text = "There is no such channel here."
            raise InvalidInputError(text, issues=[Issue("value", text, "channel", rule="unknown-channel")])
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = running(tx, enrolment_id)
            if enrolment.channel == channel:
                return
            tx.statuses.reach_by(enrolment_id, channel)
            event = AuditEvent("reach-by", f"Enrolment/{enrolment_id}", (enrolment.patient_ref,), "delivery")
            tx.audit.record(event)
