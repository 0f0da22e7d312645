"""RELATE: who may answer for a patient, as the clinic records it, and who did."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from delivery.parties import PatientIdentity
from delivery.recurrence import danish_date
from kernel.errors import AccessError, InvalidInputError, Issue, NotFoundError
from kernel.ids import EnrolmentId, PatientRef, RelatedPersonId, new_id
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier, parse_identifier
from security.policy import Action, allow
from security.related import RelatedPerson, Relationship
from store.database import Store
from store.transaction import Tx

KIND = "RelatedPerson"
LONGEST = 200
"""Characters of a name or a source."""


@dataclass(frozen=True, slots=True)
class RelationOrder:
    """Who shall answer for a patient.

    Args:
        identifier: CPR number or replacement number of that person.
        source: what the clinic saw, in its own words.
        valid_from: first Danish day; today if None.
        valid_until: last Danish day; None = until it is ended.
    """

    identifier: str = field(repr=False)
    name: str = field(repr=False)
    relationship: str
    source: str = field(repr=False)
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Relations:
    """Who may, or once might, answer for a patient, oldest first.

    Args:
        today: the Danish day on which it is told.
    """

    patient: PatientIdentity
    persons: tuple[RelatedPerson, ...]
    today: date


@dataclass(frozen=True, slots=True)
class RelatePersons:
    """The use cases of a clinic's staff."""

    store: Store

    def listed(self, actor: Actor, enrolment_id: EnrolmentId) -> Relations:
        """Return who may answer for the patient of an enrolment.

        Raises:
            NotFoundError: no such enrolment in this clinic.
        """
        allow(actor, Action.RELATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            tx.audit.record(AuditEvent("read", f"{KIND}?patient={patient_ref}", (patient_ref,)))
            persons = tx.related_persons.of_patient(patient_ref)
            return Relations(tx.patients.identity(patient_ref), persons, danish_date(tx.now))

    def add(self, actor: Actor, enrolment_id: EnrolmentId, order: RelationOrder) -> RelatedPerson:
        """Record somebody who may answer for the patient of an enrolment.

        Raises:
            NotFoundError: no such enrolment in this clinic.
            InvalidInputError: something is not usable, and every fault is named.
            ConflictError: this person stands for this patient already.
        """
        allow(actor, Action.RELATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            today = danish_date(tx.now)
            _refuse(tuple(_faults(order, today)))
            identifier = parse_identifier(order.identifier)
            if tx.patients.find(identifier) == patient_ref:
                _refuse((Issue("value", "Patients answer for themselves.", "identifier", rule="own"),))
            related = _related(tx, patient_ref, order, today)
            tx.related_persons.add(related, identifier)
            tx.audit.record(AuditEvent("add-related", f"{KIND}/{related.id}", (patient_ref,)))
        return related

    def end(self, actor: Actor, enrolment_id: EnrolmentId, related_id: RelatedPersonId) -> bool:
        """End a relation at once; tell whether it stood until now.

        Raises:
            NotFoundError: no such enrolment, or its patient has no such relation.
        """
        allow(actor, Action.RELATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            stood = tx.related_persons.end(patient_ref, related_id)
            tx.audit.record(AuditEvent("end-related", f"{KIND}/{related_id}", (patient_ref,)))
        return stood


def in_force(tx: Tx, identifier: Identifier) -> tuple[RelatedPerson, ...]:
    """Return for whom of the clinic a person may answer today."""
    today = danish_date(tx.now)
    return tuple(related for related in tx.related_persons.of_person(identifier) if related.is_in_force(today))


def demand_in_force(tx: Tx, related_id: RelatedPersonId | None) -> None:
    """Refuse whoever may not answer for the patient any more; nobody is a patient's own visit.

    Raises:
        AccessError: the relation was ended, or its last day is over.
    """
    if not stands(tx, related_id):
        raise AccessError("This person answers for the patient no more.")


def stands(tx: Tx, related_id: RelatedPersonId | None) -> bool:
    """Tell whether somebody may answer for the patient today; patients always may for themselves."""
    if related_id is None:
        return True
    try:
        return tx.related_persons.get(related_id).is_in_force(danish_date(tx.now))
    except NotFoundError:
        return False


def reference_of(related_id: RelatedPersonId | None) -> str | None:
    """Write the FHIR reference of who answers for a patient."""
    return f"{KIND}/{related_id}" if related_id else None


def answered_by(tx: Tx, raw: bytes) -> RelatedPerson | None:
    """Return who answered for the patient, as a filed response says; None where it names nobody of the clinic's."""
    author = json.loads(raw).get("author") or {}
    kind, _, related_id = str(author.get("reference", "")).partition("/")
    if kind != KIND:
        return None
    try:
        return tx.related_persons.get(RelatedPersonId(related_id))
    except NotFoundError:
        return None


def _related(tx: Tx, patient_ref: PatientRef, order: RelationOrder, today: date) -> RelatedPerson:
    return RelatedPerson(
        id=RelatedPersonId(new_id()),
        patient_ref=patient_ref,
        relationship=Relationship(order.relationship),
        name=order.name.strip(),
        source=order.source.strip(),
        valid_from=order.valid_from or today,
        valid_until=order.valid_until,
        recorded_by=tx.actor.id,
        recorded_at=tx.now,
    )


def _faults(order: RelationOrder, today: date) -> Iterator[Issue]:
    try:
        parse_identifier(order.identifier)
    except InvalidInputError as error:
        yield error.issues[0]
    yield from _unwritten("name", order.name)
    if order.relationship not in list(Relationship):
        yield Issue("code-invalid", "There is no such relationship.", "relationship", rule="relationship")
    yield from _unwritten("source", order.source)
    if order.valid_until and order.valid_until < (order.valid_from or today):
        yield Issue("value", "The last day is not before the first.", "valid_until", rule="period")


def _unwritten(name: str, value: str) -> Iterator[Issue]:
    if not 0 < len(value.strip()) <= LONGEST:
        yield Issue("value", f"This has 1 to {LONGEST} characters.", name, rule="missing")


def _refuse(issues: tuple[Issue, ...]) -> None:
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
