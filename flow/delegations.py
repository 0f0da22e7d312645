"""ARRANGE: in whose name others of a clinic's staff decide, on which terms and until when."""

from dataclasses import dataclass
from datetime import date

from delivery.recurrence import danish_date
from kernel.errors import InvalidInputError, Issue
from kernel.ids import PersonId
from security.actor import Actor, Person, Role
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.repositories.delegations import Delegation

LONGEST_TERMS = 500


@dataclass(frozen=True, slots=True)
class StaffShown:
    """The clinic's people, and what its clinicians delegated to them.

    Args:
        standing: what counts today.
        over: ran out, or was taken back.
    """

    people: tuple[Person, ...]
    standing: tuple[Delegation, ...]
    over: tuple[Delegation, ...]


@dataclass(frozen=True, slots=True)
class Delegate:
    """The use cases: look, record what a clinician gave, take it back."""

    store: Store

    def shown(self, actor: Actor) -> StaffShown:
        """Return the clinic's people with their delegations."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            recorded, today = tx.delegations.all(), danish_date(tx.now)
            return StaffShown(
                people=tx.clinics.people(),
                standing=tuple(one for one in recorded if one.stands(today)),
                over=tuple(one for one in recorded if not one.stands(today)),
            )

    def give(self, actor: Actor, clinician_id: PersonId, delegate_id: PersonId, terms: str, until: date) -> None:
        """Record that a clinician lets somebody decide; one that stands between the two is replaced.

        Args:
            terms: what may be decided, or the name of the clinic's written instruction.
            until: last Danish day.

        Raises:
            InvalidInputError: the first is no clinician, the second is one or an administrator, there are no terms, or
                the day is over; each fault is named.
            NotFoundError: one of them is not of this clinic.
        """
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            roles = tx.clinics.person(clinician_id).role, tx.clinics.person(delegate_id).role
            _refuse_wrong(roles, terms, until, danish_date(tx.now))
            given = tx.delegations.give(clinician_id, delegate_id, terms.strip(), until)
            tx.audit.record(AuditEvent("delegate", f"Delegation/{given.id}", purpose="setup"))

    def end(self, actor: Actor, delegation_id: str) -> None:
        """Take a delegation back from this moment; what was decided under it stands.

        Raises:
            NotFoundError: there is none in this clinic.
        """
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.delegations.end(delegation_id)
            tx.audit.record(AuditEvent("end-delegation", f"Delegation/{delegation_id}", purpose="setup"))


def _refuse_wrong(roles: tuple[Role, Role], terms: str, until: date, today: date) -> None:
    faults = {
        "clinician": (roles[0] is not Role.CLINICIAN, "Only a clinician delegates."),
        "delegate": (roles[1] is not Role.CLINIC_STAFF, "Only others of the staff decide in somebody's name."),
        "terms": (not 0 < len(terms.strip()) <= LONGEST_TERMS, f"Terms have 1 to {LONGEST_TERMS} characters."),
        "until": (until < today, "The last day is today or later."),
    }
    issues = [Issue("value", text, field, rule=field) for field, (is_wrong, text) in faults.items() if is_wrong]
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
