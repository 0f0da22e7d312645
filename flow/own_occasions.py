"""OWN: what a citizen who signed in may answer now, at whichever clinic, or has answered there before."""

from dataclasses import dataclass

from delivery.parties import Clinic
from delivery.schedule import OccasionState
from flow.form import Visit
from flow.overview import Overview
from flow.related_persons import in_force, stands
from kernel.ids import ClinicId, PatientRef, RelatedPersonId
from security.actor import Actor, Role
from security.cpr import Identifier
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Waiting:
    """One occasion that waits for answers.

    Args:
        visit: that opens it.
        name: of the patient, where somebody else answers; empty for the patient's own.
    """

    clinic: Clinic
    visit: Visit
    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A clinic that a person has sent answers to.

    Args:
        visit: in which they are read; its occasion may be closed.
    """

    clinic: Clinic
    visit: Visit


@dataclass(frozen=True, slots=True)
class FindOwn:
    """The use case."""

    store: Store

    def __call__(self, identifier: Identifier) -> tuple[Waiting, ...]:
        """Return what waits for a person, oldest clinic first, the own before that of others."""
        clinics = self.store.find_clinics_of(identifier)
        return tuple(waiting for clinic_id in clinics for waiting in self._of_clinic(clinic_id, identifier))

    def again(self, visit: Visit) -> Waiting | None:
        """Tell once more of what was found; None where it waits no more, or whoever would answer may not."""
        with self.store.read(visit.clinic_id, visit.actor) as tx:
            return _waiting(tx, visit.patient_ref, visit.related)

    def answered(self, identifier: Identifier) -> tuple[Answered, ...]:
        """Return the clinics that a person has sent own answers to, oldest first."""
        found = (self._answered(clinic_id, identifier) for clinic_id in self.store.find_clinics_of(identifier))
        return tuple(one for one in found if one)

    def answered_again(self, visit: Visit) -> Answered | None:
        """Tell once more of a clinic that was found; None where nothing sent is left there."""
        with self.store.read(visit.clinic_id, visit.actor) as tx:
            return _answered(tx, visit.patient_ref)

    def _answered(self, clinic_id: ClinicId, identifier: Identifier) -> Answered | None:
        with self.store.read(clinic_id, Actor(Role.CHANNEL, "citizen", clinic_id)) as tx:
            own = tx.patients.find(identifier)
            return _answered(tx, own) if own else None

    def _of_clinic(self, clinic_id: ClinicId, identifier: Identifier) -> tuple[Waiting, ...]:
        with self.store.read(clinic_id, Actor(Role.CHANNEL, "citizen", clinic_id)) as tx:
            own = tx.patients.find(identifier)
            others = ((related.patient_ref, related.id) for related in in_force(tx, identifier))
            people = [*([(own, None)] if own else []), *others]
            found = [_waiting(tx, patient_ref, related_id) for patient_ref, related_id in people]
        return tuple(waiting for waiting in found if waiting)


def _answered(tx: Tx, patient_ref: PatientRef) -> Answered | None:
    newest = tx.occasions.newest_of(patient_ref)
    if newest is None or not tx.responses.newest_of(patient_ref, 1):
        return None
    return Answered(tx.clinics.get(), Visit(tx.clinic_id, newest.id, patient_ref))


def _waiting(tx: Tx, patient_ref: PatientRef, related_id: RelatedPersonId | None) -> Waiting | None:
    if not stands(tx, related_id):
        return None
    occasion, clinic = tx.occasions.open_of(patient_ref), tx.clinics.get()
    if occasion is None or Overview(clinic, occasion, (), tx.now).state is not OccasionState.OPEN:
        return None
    name = tx.patients.identity(patient_ref).name if related_id else ""
    return Waiting(clinic, Visit(tx.clinic_id, occasion.id, patient_ref, related=related_id), name)
