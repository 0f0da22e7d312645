"""CHOOSE: who in a clinic is told of a red that waits, and after how many minutes."""

from dataclasses import dataclass, replace

from delivery.content import Content
from kernel.errors import InvalidInputError, Issue, NotFoundError
from kernel.ids import PersonId
from security.actor import Actor, Person, Role
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store

MOST_MINUTES = 7 * 24 * 60
ROLES = (Role.CLINICIAN, Role.CLINIC_STAFF)
"""Who may see the patient and act."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds in a clinic.

    Args:
        person: who is told first; None = nobody is named.
        decided_minutes: how long a decision may take, while the clinic is open.
        is_own: the clinic has set the limit itself.
        people: who can be named.
    """

    person: Person | None
    decided_minutes: int
    is_own: bool
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ChooseEscalation:
    """The use cases: look, and set."""

    store: Store
    content: Content

    def shown(self, actor: Actor) -> Chosen:
        """Return what holds in the actor's clinic."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            choice = tx.reds.choice()
            people = tuple(one for one in tx.clinics.people() if one.role in ROLES)
        default = round(self.content.escalation.decided.total_seconds() / 60)
        return Chosen(
            person=next((one for one in people if one.id == choice.person_id), None),
            decided_minutes=choice.decided_minutes or default,
            is_own=choice.decided_minutes is not None,
            people=people,
        )

    def name(self, actor: Actor, person_id: PersonId | None) -> None:
        """Name who is told first; None names nobody.

        Raises:
            NotFoundError: nobody of that id in this clinic may act on a red.
        """
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            if person_id is not None and tx.clinics.person(person_id).role not in ROLES:
                raise NotFoundError("Only a clinician or a nurse can be named.")
            tx.reds.choose(replace(tx.reds.choice(), person_id=person_id))
            tx.audit.record(AuditEvent("choose-escalation", f"Organization/{actor.clinic_id}", purpose="setup"))

    def limit(self, actor: Actor, minutes: int | None) -> None:
        """Set how long a decision may take while the clinic is open; None = as the content says.

        Raises:
            InvalidInputError: not from 1 minute to a week.
        """
        allow(actor, Action.ADMINISTER)
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            text = f"Give a number of minutes from 1 to {MOST_MINUTES}."
            raise InvalidInputError(text, issues=[Issue("value", text, "minutes", rule="minutes-out-of-range")])
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.reds.choose(replace(tx.reds.choice(), decided_minutes=minutes))
            tx.audit.record(AuditEvent("choose-escalation", f"Organization/{actor.clinic_id}", purpose="setup"))
