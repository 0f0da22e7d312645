"""DECIDE: a named clinician confirms or changes the suggestion; the plan follows the decision."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from delivery.content import Content
from delivery.occasion_kind import TriggerType
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment
from flow.decision_order import ActionOrder, CheckedOrder, DecisionOrder, Frame, checked
from flow.noting import note_decision
from flow.report import enqueue_report
from flow.schedule_series import plan_new_episode, replan
from kernel.clock import Clock
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import ActionId, DecisionId, EnrolmentId, SuggestionId, new_id
from scoring.actions import ActionState, AgreedAction
from scoring.decision import CLINICIANS_PART, Decision, stands_unchanged
from scoring.levels import Colour
from scoring.suggestion import FiledSuggestion
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

__all__ = ["ActionOrder", "Decide", "DecisionOrder"]


@dataclass(frozen=True, slots=True)
class Decide:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self, actor: Actor, order: DecisionOrder) -> Decision:
        """File the decision, plan the next questionnaires from it, and report it to the plan.

        A second decision on the same suggestion amends the first: both are kept, and the second says why. The very
        same decision twice (a double click) is one decision.

        Raises:
            InvalidInputError: something is not usable, and every fault is named; nothing changed.
            NotFoundError: no such enrolment or suggestion in this clinic.
            ConflictError: a newer answer or decision has come since the suggestion was shown.
        """
        allow(actor, Action.DECIDE)
        with self.store.write(actor.clinic_id, actor) as tx:
            return self._decide(tx, tx.enrolments.lock(order.enrolment_id), order)

    def confirm(
        self, actor: Actor, enrolment_id: EnrolmentId, suggestion_id: SuggestionId, *, calm: bool = False
    ) -> Decision:
        """Confirm that nothing has changed: level and dimensions stay as they were decided.

        Args:
            calm: only while the patient does not wish to be contacted, as where several are confirmed unread.

        Raises:
            InvalidInputError: there is something to decide; see `scoring.decision.stands_unchanged`.
            NotFoundError, ConflictError: as for a decision.
        """
        allow(actor, Action.DECIDE)
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.lock(enrolment_id)
            suggestion = tx.suggestions.get(suggestion_id)
            previous = tx.decisions.newest(enrolment.id)
            decided_on = tx.suggestions.get(previous.suggestion_id) if previous else None
            is_wished = calm and tx.work.wished_at(enrolment.id) is not None
            if is_wished or not stands_unchanged(previous, decided_on, suggestion, now=tx.now):
                issue = Issue("business-rule", "There is something new to decide.", "suggestionId", rule="changed")
                raise InvalidInputError(issue.text, issues=[issue])
            return self._decide(tx, enrolment, DecisionOrder(enrolment_id, suggestion_id, suggestion.alert.colour))

    def _decide(self, tx: Tx, enrolment: Enrolment, order: DecisionOrder) -> Decision:
        suggestion, previous = _seen(tx, order), tx.decisions.newest(enrolment.id)
        frame = Frame(
            suggestion,
            self.content.actions,
            enrolment.package,
            bool(self.content.programmes.newest(enrolment.programme).of_trigger(TriggerType.NEW_EPISODE)),
            danish_date(tx.now),
            {one.code: one for one in self.content.measurements.of_package(enrolment.package)},
        )
        decision = self._decision(tx, order, checked(order, frame), previous)
        if previous and _is_repeated(previous, decision):
            return previous
        _refuse_overtaken(order, previous)
        _refuse_silent_amendment(decision, previous)
        self._file(tx, enrolment, decision)
        return decision

    def _decision(self, tx: Tx, order: DecisionOrder, read: CheckedOrder, previous: Decision | None) -> Decision:
        decision_id = DecisionId(new_id())
        return Decision(
            id=decision_id,
            enrolment_id=order.enrolment_id,
            suggestion_id=order.suggestion_id,
            colour=read.colour,
            level=read.level or (previous.level if previous else None),
            reason=order.reason.strip(),
            author_id=tx.actor.id,
            author_name=tx.actor.display,
            on_behalf_of=tx.actor.on_behalf_of,
            decided_at=tx.now,
            valid_until=self._valid_until(tx.enrolments.get(order.enrolment_id), tx.now),
            previous_id=previous.id if previous else None,
            dimensions=MappingProxyType({**_kept(previous), **read.dimensions}),
            actions=tuple(_agreed(tx, order.enrolment_id, decision_id, one) for one in order.actions),
            next_due=order.next_due,
            new_episode=order.new_episode,
            goal=_goal(order, previous),
            measurements=MappingProxyType(dict(read.measurements)),
        )

    def _file(self, tx: Tx, enrolment: Enrolment, decision: Decision) -> None:
        tx.decisions.add(decision)
        tx.reds.close(enrolment.id)
        note_decision(tx, decision)
        programme = self.content.programmes.newest(enrolment.programme)
        today, why = danish_date(decision.decided_at), f"decided:{decision.id}"
        replan(tx, programme, enrolment, anchor=today, level=decision.level, reason=why, next_due=decision.next_due)
        if decision.new_episode:
            plan_new_episode(tx, programme, enrolment, on=today, reason=why)
        enqueue_report(tx, enrolment, decision_id=decision.id)
        tx.audit.record(AuditEvent("decide", f"ClinicalImpression/{decision.id}", (enrolment.patient_ref,)))

    def _valid_until(self, enrolment: Enrolment, decided_at: datetime) -> datetime:
        programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
        return decided_at + relativedelta(months=programme.decision_valid_months)


def _seen(tx: Tx, order: DecisionOrder) -> FiledSuggestion:
    suggestion = tx.suggestions.get(order.suggestion_id)
    newest = tx.suggestions.newest(order.enrolment_id)
    if newest is None or newest.id != suggestion.id:
        raise _conflict("A newer answer has arrived since this suggestion was shown.", "suggestionId", "newer-answer")
    return suggestion


def _agreed(tx: Tx, enrolment_id: EnrolmentId, decision_id: DecisionId, order: ActionOrder) -> AgreedAction:
    return AgreedAction(
        id=ActionId(new_id()),
        enrolment_id=enrolment_id,
        decision_id=decision_id,
        code=order.code,
        due=order.due,
        note=order.note.strip(),
        state=ActionState.REQUESTED,
        agreed_at=tx.now,
        changed_at=tx.now,
    )


def _kept(previous: Decision | None) -> dict[str, Colour]:
    """Keep what was decided before; the clinician's own part is as old as the decision that gave it."""
    decided = previous.dimensions if previous else {}
    return {name: colour for name, colour in decided.items() if name != CLINICIANS_PART}


def _goal(order: DecisionOrder, previous: Decision | None) -> str:
    if order.goal is None:
        return previous.goal if previous else ""
    return order.goal.strip()


def _is_repeated(previous: Decision, decision: Decision) -> bool:
    same = (
        "suggestion_id",
        "colour",
        "level",
        "reason",
        "author_id",
        "dimensions",
        "next_due",
        "new_episode",
        "goal",
        "measurements",
    )
    agreed = [[(one.code, one.due, one.note) for one in each.actions] for each in (previous, decision)]
    return agreed[0] == agreed[1] and all(getattr(previous, name) == getattr(decision, name) for name in same)


def _refuse_overtaken(order: DecisionOrder, previous: Decision | None) -> None:
    if order.amends and (previous is None or previous.id != order.amends):
        raise _conflict("Somebody else has decided since this page was shown.", "amends", "newer-decision")


def _refuse_silent_amendment(decision: Decision, previous: Decision | None) -> None:
    if previous and previous.suggestion_id == decision.suggestion_id and not decision.reason:
        issue = Issue("required", "Give a reason for changing a decision.", "reason", rule="amendment-without-reason")
        raise InvalidInputError(issue.text, issues=[issue])


def _conflict(text: str, expression: str, rule: str) -> ConflictError:
    return ConflictError(text, issues=[Issue("conflict", text, expression, rule=rule)])
