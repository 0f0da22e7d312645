"""SCHEDULE: what is due for patients over all packages becomes one occasion each; what is answered already does not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from delivery.content import Content
from delivery.programme import Programme
from delivery.schedule import Enrolment, Occasion
from flow.schedule_changes import Changes
from flow.schedule_invite import requests_of
from flow.schedule_known import known_of
from flow.schedule_plan import Planning
from flow.schedule_terms import terms_of
from kernel.ids import PatientRef
from security.keys import Keys
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Opening:
    """A part of the use cases that ask; it runs inside their transaction."""

    content: Content
    keys: Keys = field(repr=False)

    def __call__(self, tx: Tx, patient_ref: PatientRef, *, invite: bool = True) -> Occasion | None:
        """Open the occasion of a patient who has none open; see `of_all`.

        Returns:
            The occasion; None if nothing is asked now: it waits, or was answered already.
        """
        opened = self.of_all(tx, (patient_ref,), invite=invite)
        return opened[0] if opened else None

    def of_all(self, tx: Tx, patient_refs: Collection[PatientRef], *, invite: bool = True) -> tuple[Occasion, ...]:
        """Open the occasions of patients who have none open: read for all, planned for each, written for all.

        The caller has locked the patients, or lives with the conflict.

        Args:
            invite: send the links; False where it is filled in on a screen of the clinic.

        Returns:
            The occasions, by patient; of whom nothing is asked now there is none.

        Raises:
            ConflictError: somebody else was faster with one of them; the transaction must be undone.
        """
        terms, changes = terms_of(self.content, tx.now, tx.window), Changes()
        # What is filled in on the clinic's own screen is no writing to the patient.
        for known in known_of(tx, terms, patient_refs, reachable=invite):
            Planning(terms, known, changes, self.keys.link_key).open(invite=invite)
        changes.write(tx)
        return tuple(occasion for occasion, _ in changes.occasions)

    def programme(self, enrolment: Enrolment) -> Programme:
        """Return the programme of an enrolment in its own version."""
        return self.content.programmes.get(enrolment.programme, enrolment.programme_version)

    def request(self, tx: Tx, occasion: Occasion, asked: Iterable[str], *, position: int = 0) -> None:
        """Ask questionnaires in an occasion that is open already.

        Args:
            asked: their ids, in order.
            position: of the first of them.
        """
        tx.requests.add_all(requests_of(self.content, occasion, asked, at=tx.now, position=position))
