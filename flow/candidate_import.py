"""CANDIDATES: a population list comes in whole or not at all; who is known already is told, not doubled."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from delivery.candidate import Candidate, CandidateState
from delivery.profile import NO_PROFILES, Profiles
from flow.candidate_file import ListedPatient, check_entries, read_candidate_file
from flow.diagnosis_card import is_card, read_cards
from kernel.ids import CandidateId, PatientRef, new_id
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier
from security.policy import Action, allow
from store.database import Store
from store.repositories.candidates import Place
from store.transaction import Tx
from store.values import batched

AT_ONCE = 100
"""Patients per statement, and per step of the progress."""


class Listed(StrEnum):
    """What came of one line."""

    ADDED = "added"
    WAITING = "waiting"
    EXCLUDED = "excluded"
    ENROLLED = "enrolled"
    LEFT = "left"
    NOT_PROPOSED = "not-proposed"


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What came of a list.

    Args:
        lines: numbers of the lines, by what came of them.
    """

    lines: Mapping[Listed, tuple[int, ...]]

    @property
    def read(self) -> int:
        """Lines with a patient."""
        return sum(len(numbers) for numbers in self.lines.values())


@dataclass(frozen=True, slots=True)
class ImportCandidates:
    """The use case."""

    store: Store
    profiles: Profiles = NO_PROFILES

    def __call__(
        self, actor: Actor, raw: bytes, *, told: Callable[[int, int], object] = lambda _done, _all: None
    ) -> ImportOutcome:
        """Bring a list in, in one transaction.

        Args:
            raw: bytes of the file: a list, or diagnosis cards as FHIR documents, one or one on each line.
            told: is told now and then how many lines are done, and how many there are.

        Raises:
            InvalidInputError: every faulty line is named by number and field; nothing was imported.
        """
        allow(actor, Action.IMPORT_CANDIDATES)
        with self.store.read(actor.clinic_id, actor) as tx:
            packages, sor_id = tx.clinics.packages(), tx.clinics.get().sor_id
        if is_card(raw):
            listed = read_cards(raw, packages, self.profiles, sor_id=sor_id)
        else:
            listed = read_candidate_file(raw, packages, self.profiles)
        return self._bring(actor, listed, told)

    def entries(self, actor: Actor, entries: Sequence[Mapping[str, str]]) -> ImportOutcome:
        """Bring in what a system tells, in one transaction.

        Args:
            entries: each with the columns of the list; in the outcome they are named by their places, from 0.

        Raises:
            InvalidInputError: every fault is named by place and field; nothing was imported.
        """
        allow(actor, Action.IMPORT_CANDIDATES)
        with self.store.read(actor.clinic_id, actor) as tx:
            packages = tx.clinics.packages()
        return self._bring(actor, check_entries(entries, packages, self.profiles))

    def _bring(
        self,
        actor: Actor,
        listed: Sequence[ListedPatient],
        told: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> ImportOutcome:
        with self.store.write(actor.clinic_id, actor) as tx:
            proposed = [one for one in listed if one.package]
            refs = _patients(tx, proposed, told)
            outcomes = _outcomes(tx, {(refs[one.identifier], one.package) for one in proposed})
            came = [(one, outcomes[refs[one.identifier], one.package]) for one in proposed]
            added = [one for one, outcome in came if outcome is Listed.ADDED]
            tx.candidates.add_all([_candidate(tx, one, refs[one.identifier]) for one in added])
            concerned = tuple(sorted({refs[one.identifier] for one in added}))
            tx.audit.record(AuditEvent("import-candidates", "Candidates", concerned))
        came += [(one, Listed.NOT_PROPOSED) for one in listed if not one.package]
        return ImportOutcome(
            {outcome: tuple(one.line for one, found in came if found is outcome) for outcome in Listed}
        )


def _patients(
    tx: Tx, listed: Sequence[ListedPatient], told: Callable[[int, int], object]
) -> Mapping[Identifier, PatientRef]:
    """Find every patient of the list, and add those whom the clinic has not had here."""
    names = {one.identifier: one.name for one in reversed(listed)}
    refs = dict(tx.patients.find_all(names))
    new = [(identifier, name) for identifier, name in names.items() if identifier not in refs]
    done = len(names) - len(new)
    for batch in batched(new, AT_ONCE):
        added = tx.patients.add_all(batch)
        refs |= {identifier: ref for (identifier, _), ref in zip(batch, added, strict=True)}
        done += len(batch)
        told(done, len(names))
    return refs


def _outcomes(tx: Tx, wanted: Collection[Place]) -> Mapping[Place, Listed]:
    left = tx.statuses.gone_among({ref for ref, _ in wanted})
    enrolled = tx.candidates.enrolled_among(wanted)
    known = tx.candidates.open_among(wanted)

    def outcome(place: Place) -> Listed:
        if place[0] in left:
            return Listed.LEFT
        if place in enrolled:
            return Listed.ENROLLED
        return Listed(known[place]) if place in known else Listed.ADDED

    return {place: outcome(place) for place in wanted}


def _candidate(tx: Tx, one: ListedPatient, patient_ref: PatientRef) -> Candidate:
    return Candidate(
        id=CandidateId(new_id()),
        patient_ref=patient_ref,
        package=one.package,
        diagnosis=one.diagnosis,
        own_patient=one.own_patient,
        state=CandidateState.WAITING,
        imported_at=tx.now,
    )
