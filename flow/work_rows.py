"""LOOK: what is shown of each patient of a page, read for all of them at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from delivery.schedule import Enrolment, OccasionState
from delivery.worklist import Worsening, colour_at
from flow.work_state import WorkState
from kernel.ids import EnrolmentId, PatientRef, SuggestionId
from questionnaires.model import Text
from scoring.decision import stands_unchanged
from scoring.levels import Colour, DifferentiationLevel, Urgency
from scoring.suggestion import Alert, FiledSuggestion
from security.cpr import masked
from store.repositories.decisions import Lasting
from store.repositories.work import worsening_from
from store.scope import Found
from store.transaction import Tx

UNTOLD = (1, date.max)
"""Where a package stands in which nothing waits, after those in which something does."""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One enrolment on the worklist.

    Args:
        colour: the suggestion's before a decision, the decision's after it, and the worse of both while a newer
            answer awaits; None where nothing was answered.
        due_day: Danish day by which it is to be looked at, while it awaits a decision.
        urgency: the suggestion's, while it awaits a decision.
        reason: of the suggestion's worst row, while it awaits a decision.
        answered_at: when the newest answer came, aware UTC.
        complete: every form of the newest answered occasion is in.
        level: the suggested one before a decision and the decided one after it; None where there is none.
        wished_at: when the patient wished to be contacted, if nobody has decided or called since.
        is_worse: than what was decided last.
        worse: the score that got clearly worse since the answer before, while it awaits a decision.
        may_confirm: nothing has changed since the last decision, and green is what it was.
        suggestion_id: the one that is shown.
        undelivered_at: when the last invitation was given up, if nobody has answered since.
        postponed_until: last Danish day for which the patient is put off.
    """

    enrolment: Enrolment
    state: WorkState
    colour: Colour | None = None
    due_day: date | None = None
    urgency: Urgency | None = None
    reason: Text | None = None
    answered_at: datetime | None = None
    complete: bool = True
    level: DifferentiationLevel | None = None
    wished_at: datetime | None = None
    is_worse: bool = False
    worse: Worsening | None = None
    may_confirm: bool = False
    suggestion_id: SuggestionId | None = None
    undelivered_at: datetime | None = None
    postponed_until: date | None = None


@dataclass(frozen=True, slots=True)
class PatientWork:
    """All packages of one patient, the most pressing first.

    Args:
        identifier: masked behind the date of birth, to tell patients of the same name apart.
        rows: at least one.
        appointment: when the patient comes next, aware UTC.
        assigned_to: name of who looks after the patient; empty for nobody in particular.
    """

    patient_ref: PatientRef
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    rows: tuple[WorkRow, ...]
    appointment: datetime | None
    assigned_to: str

    @property
    def state(self) -> WorkState:
        """State of the most pressing package."""
        return self.rows[0].state


def patients_of(tx: Tx, patient_refs: Sequence[str]) -> tuple[PatientWork, ...]:
    """Read everything that is shown of patients, in their order."""
    refs = [PatientRef(one) for one in patient_refs]
    enrolments = tx.enrolments.running_of_all(refs)
    kept = {row.id: row for row in tx.work_pages.rows([one.id for one in enrolments])}
    named, coming = tx.patients.identities(refs), tx.work_pages.next_appointments(refs)
    names = {one.id: one.name for one in tx.clinics.people()}
    whose = {row.patient_ref: names.get(row.assigned_to, "") for row in kept.values() if row.assigned_to}
    reader, rows = _reader(tx, enrolments, kept), defaultdict[str, list[WorkRow]](list)
    for one in enrolments:
        rows[one.patient_ref].append(reader.row(one, kept.get(one.id)))
    return tuple(
        PatientWork(
            ref,
            named[ref].name,
            masked(named[ref].identifier),
            tuple(sorted(rows[ref], key=_pressing)),
            coming.get(ref),
            whose.get(ref, ""),
        )
        for ref in refs
        if rows[ref]
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """What was read for all rows of a page.

    Args:
        suggestions: the shown ones, and those that were decided on where that is asked.
        open_for: patients with an open occasion, and since when it is.
        lasting: enrolment -> the suggestion that was decided on last, and until when that counts.
    """

    suggestions: Mapping[SuggestionId, FiledSuggestion]
    open_for: Mapping[PatientRef, datetime]
    lasting: Mapping[EnrolmentId, Lasting]
    now: datetime

    def row(self, enrolment: Enrolment, kept: Found | None) -> WorkRow:
        opened_at = self.open_for.get(enrolment.patient_ref)
        if kept is None:
            return WorkRow(enrolment, WorkState.ASKED if opened_at else WorkState.PLANNED)
        state = _state(kept, opened_at)
        shown = self.suggestions.get(kept.suggestion_id)
        own = {
            "wished_at": kept.wished_at,
            "undelivered_at": kept.undelivered_at if opened_at and not kept.due_day else None,
            "postponed_until": kept.postponed_until,
        }
        if shown is None:
            return WorkRow(enrolment, state, **own)
        return WorkRow(
            enrolment,
            state,
            colour=colour_at(kept.place),
            due_day=kept.due_day,
            urgency=shown.alert.urgency if kept.due_day else None,
            reason=_worst_reason(shown.alert) if kept.due_day else None,
            answered_at=shown.made_at,
            complete=shown.complete,
            level=DifferentiationLevel(kept.level) if kept.level else None,
            is_worse=bool(kept.due_day) and kept.decided_place is not None and kept.place < kept.decided_place,
            worse=worsening_from(kept.worse) if kept.due_day else None,
            may_confirm=self._may_confirm(kept, shown),
            suggestion_id=shown.id,
            **own,
        )

    def _may_confirm(self, kept: Found, shown: FiledSuggestion) -> bool:
        """Tell whether nothing has changed; what got clearly worse is looked at by itself, whatever its colour."""
        last = self.lasting.get(EnrolmentId(kept.id))
        if last is None or not kept.due_day or kept.wished_at or kept.worse:
            return False
        return stands_unchanged(last, self.suggestions.get(last.suggestion_id), shown, now=self.now)


def _reader(tx: Tx, enrolments: Sequence[Enrolment], kept: Mapping[str, Found]) -> _Reader:
    refs = {one.patient_ref for one in enrolments}
    opened = {
        one.patient_ref: one.opened_at
        for one in tx.occasions.sent_since(refs, tx.now)
        if one.state is OccasionState.OPEN
    }
    shown = tx.suggestions.get_all({row.suggestion_id for row in kept.values() if row.suggestion_id})
    calm = [row.id for row in kept.values() if row.due_day and _is_calm(shown.get(row.suggestion_id))]
    lasting = tx.decisions.lasting(calm)
    decided_on = tx.suggestions.get_all({row.suggestion_id for row in lasting.values()})
    return _Reader({**shown, **decided_on}, opened, lasting, tx.now)


def _is_calm(suggestion: FiledSuggestion | None) -> bool:
    return suggestion is not None and suggestion.alert.colour is Colour.GREEN


def _state(kept: Found, opened_at: datetime | None) -> WorkState:
    """Tell where a row stands, as `flow.work_state.state_of` does it from what it is made of."""
    if kept.due_day:
        return WorkState.AWAITING_DECISION if kept.decided_place is None else WorkState.NEW_ANSWER_AWAITING
    if opened_at:
        return WorkState.ASKED
    if kept.unanswered_at:
        return WorkState.UNANSWERED
    return WorkState.PLANNED if kept.decided_place is None else WorkState.DECIDED


def _pressing(row: WorkRow) -> tuple[object, ...]:
    waits = (0, row.due_day) if row.due_day else UNTOLD
    colour = -row.colour.severity if row.colour else 0
    return (*waits, list(WorkState).index(row.state), colour, row.enrolment.id)


def _worst_reason(alert: Alert) -> Text | None:
    """Return the reason of the row that gave the alert its colour and, among those, its urgency."""
    worst = [row for row in alert.rows if row.colour is alert.colour]
    return max(worst, key=lambda row: row.urgency.severity).reason if worst else None
