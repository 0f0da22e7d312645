"""ENROL: a practice system or plan service enrols a patient by a FHIR CarePlan that instantiates a programme."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from delivery.content import Content
from delivery.programme import Programme
from flow.entry import Enrolled, Entry, Wish
from kernel.errors import ContentError, InvalidInputError, Issue
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier, parse_identifier
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

PLAN_DEFINITION = "https://svarbro.example/fhir/PlanDefinition/"
"""Canonical of a programme, without its id and version."""
ELEMENTS = {
    "identifier": "CarePlan.subject.identifier",
    "package": "CarePlan.instantiatesCanonical",
    "programme": "CarePlan.instantiatesCanonical",
}
"""Field of our order -> element of the resource, so that a fault is named where the caller wrote it."""


@dataclass(frozen=True, slots=True)
class CarePlanOrder:
    """What a CarePlan says, as plain values.

    Args:
        identifier: CPR number, X-eCPR or D-eCPR of the subject.
        name: `subject.display`; needed for a patient whom the clinic has not had here.
        instantiates: `instantiatesCanonical`; exactly one must be a programme, `…/PlanDefinition/<id>|<version>`.
        start: `period.start` as Danish date; today if None.
    """

    identifier: str = field(repr=False)
    name: str = field(repr=False)
    instantiates: Sequence[str]
    start: date | None = None


@dataclass(frozen=True, slots=True)
class EnrolByCarePlan:
    """The use case.

    Args:
        channels: names of the channels that this installation has.
    """

    store: Store
    content: Content
    channels: Collection[str] = frozenset()

    def __call__(self, actor: Actor, order: CarePlanOrder) -> Enrolled:
        """Enrol the subject in the programme's package and plan the first slots.

        Raises:
            InvalidInputError: the subject or the programme is not usable; the CarePlan's element is named.
            ConflictError: the patient is in this package already.
        """
        allow(actor, Action.ENROL)
        try:
            return self._enrol(actor, order)
        except InvalidInputError as error:
            raise InvalidInputError(error.text, issues=[_placed(issue) for issue in error.issues]) from None

    def _enrol(self, actor: Actor, order: CarePlanOrder) -> Enrolled:
        identifier = parse_identifier(order.identifier)
        programme = self._programme(order.instantiates)
        wish = Wish(programme.package, order.start, programme.id, programme.version)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.patients.find(identifier) or _new_patient(tx, identifier, order.name.strip())
            enrolled = Entry(self.content, self.channels)(tx, patient_ref, wish)
            tx.audit.record(AuditEvent("enrol", f"CarePlan/{enrolled.enrolment_id}", (patient_ref,)))
        return enrolled

    def _programme(self, instantiates: Sequence[str]) -> Programme:
        named = [canonical for canonical in instantiates if canonical.startswith(PLAN_DEFINITION)]
        if len(named) != 1:
            raise _refused("Exactly one canonical must name a programme of this service.", "one-programme")
        name, _, version = named[0].removeprefix(PLAN_DEFINITION).partition("|")
        try:
            return self.content.programmes.get(name, version or None)
        except ContentError:
            raise _refused("There is no such programme in this version.", "unknown-programme") from None


def _new_patient(tx: Tx, identifier: Identifier, name: str) -> PatientRef:
    if not name:
        issue = Issue("required", "A name is needed for a new patient.", "CarePlan.subject.display", rule="required")
        raise InvalidInputError(issue.text, issues=[issue])
    return tx.patients.add(identifier, name)


def _refused(text: str, rule: str) -> InvalidInputError:
    return InvalidInputError(text, issues=[Issue("value", text, "programme", rule=rule)])


def _placed(issue: Issue) -> Issue:
    element = ELEMENTS.get(issue.expression or "", issue.expression)
    return Issue(issue.code, issue.text, element, rule=issue.rule)
