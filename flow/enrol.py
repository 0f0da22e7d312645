"""ENROL: a patient enters a care package, and the first questionnaires are planned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from delivery.content import Content
from flow.entry import Enrolled, Entry, Wish
from kernel.clock import Clock
from kernel.errors import InvalidInputError, Issue
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import parse_identifier
from security.policy import Action, allow
from store.database import Store

__all__ = ["Enrol", "Enrolled", "EnrolmentOrder"]


@dataclass(frozen=True, slots=True)
class EnrolmentOrder:
    """A clinic's order to enrol a patient.

    Args:
        identifier: CPR number, X-eCPR or D-eCPR, with or without hyphen.
        name: full name, shown to the clinic only.
        package: `KOL` or `LRS`; the clinic must have opted in.
        start: Danish date of the first questionnaires; today if None.
        programme: id of a programme of this package; the clinic's choice if None.
        slots: slot of the programme -> id of the questionnaire wanted instead of the default.
    """

    identifier: str = field(repr=False)
    name: str = field(repr=False)
    package: str
    start: date | None = None
    programme: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrol:
    """The use case.

    Args:
        channels: names of the channels that this installation has.
    """

    store: Store
    content: Content
    clock: Clock
    channels: Collection[str] = frozenset()

    def __call__(self, actor: Actor, order: EnrolmentOrder) -> Enrolled:
        """Enrol the patient and plan the first slots.

        Raises:
            InvalidInputError: the identifier, name, package, programme or slots are not usable; each is named.
            ConflictError: the patient is in this package already.
        """
        allow(actor, Action.ENROL)
        identifier = parse_identifier(order.identifier)
        if not order.name.strip():
            raise InvalidInputError("A name is needed.", issues=[Issue("required", "A name is needed.", "name")])
        wish = Wish(order.package, order.start, order.programme, slots=order.slots)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.patients.find(identifier) or tx.patients.add(identifier, order.name.strip())
            enrolled = Entry(self.content, self.channels)(tx, patient_ref, wish)
            tx.audit.record(AuditEvent("enrol", f"Enrolment/{enrolled.enrolment_id}", (patient_ref,)))
        return enrolled
