"""DECIDE: a named clinician confirms or changes the suggestion; the plan follows the decision."""

from dataclasses import dataclass, field
from datetime import datetime

from dateutil.relativedelta import relativedelta

from delivery.content import Content
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment
from flow.report import enqueue_report
from flow.schedule import replan
from kernel.clock import Clock
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import DecisionId, EnrolmentId, SuggestionId, new_id
from scoring.decision import Decision, decided_colour
from scoring.levels import DifferentiationLevel
from scoring.suggestion import FiledSuggestion
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class DecisionOrder:
    """What a clinician decided, on screen or in the practice system.

    Args:
        suggestion_id: the suggestion that the clinician saw.
        colour: GREEN, YELLOW or RED.
        level: 1, 2 or 3; None leaves the level as it is.
        reason: needed when the colour differs from the suggested one.
    """

    enrolment_id: EnrolmentId
    suggestion_id: SuggestionId
    colour: str
    level: int | None = None
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Decide:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self, actor: Actor, order: DecisionOrder) -> Decision:
        """File the decision, plan the next questionnaires from it, and report it to the plan.

        The same decision on the same suggestion twice (a double click) is one decision.

        Raises:
            InvalidInputError: the colour, level or reason is not usable; nothing changed.
            NotFoundError: no such enrolment or suggestion in this clinic.
            ConflictError: a newer answer has arrived since the suggestion was shown.
        """
        allow(actor, Action.DECIDE)
        level = _level(order.level)
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.lock(order.enrolment_id)
            suggestion = _seen(tx, order)
            colour = decided_colour(order.colour, suggested=suggestion.alert.colour, reason=order.reason)
            previous = tx.decisions.newest(enrolment.id)
            decision = Decision(
                id=DecisionId(new_id()),
                enrolment_id=enrolment.id,
                suggestion_id=suggestion.id,
                colour=colour,
                level=level or (previous.level if previous else None),
                reason=order.reason.strip(),
                author_id=actor.id,
                author_name=actor.display,
                on_behalf_of=actor.on_behalf_of,
                decided_at=tx.now,
                valid_until=self._valid_until(enrolment, tx.now),
                previous_id=previous.id if previous else None,
            )
            if previous and _is_repeated(previous, decision):
                return previous
            self._file(tx, enrolment, decision)
        return decision

    def _file(self, tx: Tx, enrolment: Enrolment, decision: Decision) -> None:
        tx.decisions.add(decision)
        programme = self.content.programmes.newest(enrolment.programme)
        replan(
            tx,
            programme,
            enrolment,
            anchor=danish_date(decision.decided_at),
            level=decision.level,
            reason=f"decided:{decision.id}",
        )
        enqueue_report(tx, enrolment, decision_id=decision.id)
        tx.audit.record(AuditEvent("decide", f"ClinicalImpression/{decision.id}", (enrolment.patient_ref,)))

    def _valid_until(self, enrolment: Enrolment, decided_at: datetime) -> datetime:
        programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
        return decided_at + relativedelta(months=programme.decision_valid_months)


def _level(level: int | None) -> DifferentiationLevel | None:
    if level is None:
        return None
    try:
        return DifferentiationLevel(level)
    except ValueError as error:
        issue = Issue("code-invalid", "A level is 1, 2 or 3.", "level", rule="not-a-level")
        raise InvalidInputError(issue.text, issues=[issue]) from error


def _seen(tx: Tx, order: DecisionOrder) -> FiledSuggestion:
    suggestion = tx.suggestions.get(order.suggestion_id)
    newest = tx.suggestions.newest(order.enrolment_id)
    if newest is None or newest.id != suggestion.id:
        text = "A newer answer has arrived since this suggestion was shown."
        raise ConflictError(text, issues=[Issue("conflict", text, "suggestionId", rule="newer-answer")])
    return suggestion


def _is_repeated(previous: Decision, decision: Decision) -> bool:
    same = ("suggestion_id", "colour", "level", "reason", "author_id")
    return all(getattr(previous, name) == getattr(decision, name) for name in same)
