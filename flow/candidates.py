"""CANDIDATES: a named clinician looks at who might enter a package, and orders or excludes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from delivery.candidate import Candidate, CandidateState
from delivery.parties import PatientIdentity
from delivery.profile import NO_PROFILES, Misfit, Profiles
from delivery.recurrence import danish_date
from flow.entry import Entry, Wish
from kernel.clock import Clock
from kernel.errors import AccessError, ConflictError, InvalidInputError, Issue
from kernel.ids import CandidateId, EnrolmentId
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import born_on, masked
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx
from store.values import batched

AT_ONCE = 100
"""Candidates per transaction: other writers wait no longer than for so many."""
MOST_ROWS = 500
LONGEST_REASON = 500


class OrderOutcome(StrEnum):
    """What came of ordering one candidate."""

    ORDERED = "ordered"
    ALREADY = "already"
    EXCLUDED = "excluded"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class OrderedCandidate:
    """One candidate of an order.

    Args:
        enrolment_id: the enrolment, new or found; None where the candidate is excluded or has left the clinic.
        first_due_at: when the first invitation of a new enrolment is due, aware UTC.
    """

    candidate_id: CandidateId
    outcome: OrderOutcome
    enrolment_id: EnrolmentId | None = None
    first_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate as a person sees one.

    Args:
        identifier: masked behind the date of birth.
        is_for_review: an exclusion whose review date has come.
        misfits: what the profile of the package says against the patient; none where it has no profile.
    """

    candidate: Candidate
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    is_for_review: bool = False
    misfits: tuple[Misfit, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """A page of candidates, and the id to go on from; None on the last."""

    candidates: tuple[ShownCandidate, ...]
    next: CandidateId | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """The use cases of the candidates' list."""

    store: Store
    clock: Clock
    entry: Entry
    profiles: Profiles = NO_PROFILES

    def listed(
        self,
        actor: Actor,
        state: CandidateState = CandidateState.WAITING,
        *,
        limit: int = 100,
        after: CandidateId | None = None,
    ) -> CandidatePage:
        """Return a page of candidates with their names; waiting ones include exclusions to be looked at again."""
        allow(actor, Action.READ_CANDIDATES)
        today, most = danish_date(self.clock.now()), min(limit, MOST_ROWS)
        with self.store.write(actor.clinic_id, actor) as tx:
            found = tx.candidates.listed(state, review_by=today, limit=most + 1, after=after)
            who = tx.patients.identities({candidate.patient_ref for candidate in found[:most]})
            shown = tuple(self._shown(candidate, who[candidate.patient_ref], today) for candidate in found[:most])
            seen = tuple(sorted(who))
            tx.audit.record(AuditEvent("read", "Candidates", seen))
        return CandidatePage(shown, found[most - 1].id if len(found) > most else None)

    def order(
        self,
        actor: Actor,
        candidate_ids: Sequence[CandidateId],
        *,
        start: date | None = None,
        despite_exclusion: bool = False,
    ) -> tuple[OrderedCandidate, ...]:
        """Enrol candidates, each in the package that the list names; who is enrolled or excluded is told.

        Args:
            start: Danish date of the first questionnaires; today if None.
            despite_exclusion: enrol also whom somebody excluded until a day that has not come.

        Raises:
            AccessError: the actor is no named clinician, nor acts in the delegation of one.
            NotFoundError: one of them is no candidate of this clinic; nobody was enrolled.
            InvalidInputError: the clinic does not run the package any more.
        """
        _allow_named(actor)
        wanted = sorted(set(candidate_ids))
        with self.store.read(actor.clinic_id, actor) as tx:
            tx.candidates.get_all(wanted)
        outcomes: list[OrderedCandidate] = []
        for batch in batched(wanted, AT_ONCE):
            with self.store.write(actor.clinic_id, actor) as tx:
                candidates = tx.candidates.get_all(batch, lock=True)
                found = tuple(self._order_all(tx, candidates, start, despite_exclusion=despite_exclusion))
                _close(tx, {one.id: one for one in candidates}, found)
                outcomes.extend(found)
        return tuple(outcomes)

    def exclude(self, actor: Actor, candidate_id: CandidateId, *, reason: str, review_on: date) -> Candidate:
        """Leave a candidate out of the package until somebody looks again.

        Args:
            reason: for whoever looks again.
            review_on: Danish date on which that is.

        Raises:
            AccessError: the actor is no named clinician, nor acts in the delegation of one.
            InvalidInputError: the reason or the date is not usable; each is named.
            NotFoundError: no such candidate in this clinic.
            ConflictError: the candidate is enrolled, or has left the clinic.
        """
        _allow_named(actor)
        _check_exclusion(reason, review_on, danish_date(self.clock.now()))
        with self.store.write(actor.clinic_id, actor) as tx:
            (candidate,) = tx.candidates.get_all([candidate_id], lock=True)
            place = (candidate.patient_ref, candidate.package)
            if candidate.state in (CandidateState.ORDERED, CandidateState.LEFT) or tx.candidates.enrolled_among(
                [place]
            ):
                text = "The candidate is enrolled, or has left the clinic."
                raise ConflictError(text, issues=[Issue("conflict", text, "state", rule="not-open")])
            excluded = replace(
                _assessed(tx, candidate), state=CandidateState.EXCLUDED, reason=reason.strip(), review_on=review_on
            )
            tx.candidates.assess_all([excluded])
            tx.audit.record(AuditEvent("exclude-candidate", f"Candidate/{candidate.id}", (candidate.patient_ref,)))
        return excluded

    def _shown(self, candidate: Candidate, identity: PatientIdentity, today: date) -> ShownCandidate:
        profile, born = self.profiles.of(candidate.package), born_on(identity.kind, identity.identifier)
        misfits = (
            profile.misfits(candidate.diagnosis, born, today, own_patient=candidate.own_patient) if profile else ()
        )
        return ShownCandidate(
            candidate, identity.name, masked(identity.identifier), candidate.is_for_review(today), misfits
        )

    def _order_all(
        self, tx: Tx, candidates: Sequence[Candidate], start: date | None, *, despite_exclusion: bool
    ) -> Iterator[OrderedCandidate]:
        today = danish_date(tx.now)
        enrolled = tx.candidates.enrolled_among({(one.patient_ref, one.package) for one in candidates})
        gone = tx.statuses.gone_among({one.patient_ref for one in candidates})
        for one in candidates:
            if one.state is CandidateState.LEFT or one.patient_ref in gone:
                yield OrderedCandidate(one.id, OrderOutcome.LEFT)
            elif one.state is CandidateState.ORDERED or (one.patient_ref, one.package) in enrolled:
                found = one.enrolment_id or enrolled[one.patient_ref, one.package]
                yield OrderedCandidate(one.id, OrderOutcome.ALREADY, found)
            elif one.state is CandidateState.EXCLUDED and not (despite_exclusion or one.is_for_review(today)):
                yield OrderedCandidate(one.id, OrderOutcome.EXCLUDED)
            else:
                yield self._order(tx, one, start)

    def _order(self, tx: Tx, candidate: Candidate, start: date | None) -> OrderedCandidate:
        made = self.entry(tx, candidate.patient_ref, Wish(candidate.package, start))
        return OrderedCandidate(candidate.id, OrderOutcome.ORDERED, made.enrolment_id, made.first_due_at)


def _allow_named(actor: Actor) -> None:
    allow(actor, Action.ASSESS_CANDIDATES)
    if not actor.display.strip():
        raise AccessError("Only somebody with a name may do this.")


def _close(tx: Tx, candidates: Mapping[CandidateId, Candidate], outcomes: Sequence[OrderedCandidate]) -> None:
    """Write who waits no more, and say who enrolled whom; an enrolment through another door closes a candidate too."""
    closed = [
        replace(
            _assessed(tx, candidates[one.candidate_id]), state=CandidateState.ORDERED, enrolment_id=one.enrolment_id
        )
        for one in outcomes
        if one.enrolment_id and candidates[one.candidate_id].state is not CandidateState.ORDERED
    ]
    tx.candidates.assess_all(closed)
    made = {one.enrolment_id for one in outcomes if one.outcome is OrderOutcome.ORDERED}
    tx.audit.record_all(
        [
            AuditEvent("enrol", f"Enrolment/{one.enrolment_id}", (one.patient_ref,))
            for one in closed
            if one.enrolment_id in made
        ]
    )


def _assessed(tx: Tx, candidate: Candidate) -> Candidate:
    actor = tx.actor
    return replace(
        candidate,
        assessed_at=tx.now,
        assessed_by=actor.id,
        assessed_name=actor.display,
        on_behalf_of=actor.on_behalf_of,
    )


def _check_exclusion(reason: str, review_on: date, today: date) -> None:
    issues = []
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        text = f"A reason has 1 to {LONGEST_REASON} characters."
        issues.append(Issue("required", text, "reason", rule="no-reason"))
    if review_on <= today:
        issues.append(Issue("value", "The review is on a later day.", "reviewOn", rule="not-later"))
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
