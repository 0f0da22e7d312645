"""Suggestions and decisions: linked, never overwritten, read back as they were made."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from kernel.errors import ConflictError, NotFoundError
from kernel.ids import DecisionId, EnrolmentId, ResponseId, SuggestionId
from scoring.actions import ActionState
from scoring.levels import Colour, DifferentiationLevel
from scoring.suggestion import UsedInput
from tests.builders import CAT, CLINIC_ID, NOW, a_decision, a_needs, a_suggestion, an_action, an_alert
from tests.stored import store_asked

INPUTS = {
    "cat": UsedInput("cat", Fraction(160, 7), "estimated", CAT, ResponseId("response-1"), 0),
    "mmrc": UsedInput("mmrc", "3", "present"),
    "danger": UsedInput("danger", None, "missing"),
}


def test_a_suggestion_comes_back_with_every_row_and_input(store):
    asked = store_asked(store)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id, alert=an_alert(INPUTS))

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.suggestions.get(suggestion.id) == suggestion
        with pytest.raises(NotFoundError):
            tx.suggestions.get(SuggestionId("unknown"))


@pytest.mark.parametrize("level", [DifferentiationLevel.TWO, None], ids=["level 2", "level open"])
def test_a_needs_assessment_comes_back_beside_its_alert(store, level):
    asked = store_asked(store)
    needs = a_needs(inputs={**INPUTS}, level=level)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id, needs=needs)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.suggestions.get(suggestion.id) == suggestion
        assert tx.suggestions.get(suggestion.id).needs == needs


def test_an_action_is_moved_only_from_where_it_is(store):
    asked = store_asked(store)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    decision = a_decision(suggestion)
    action = an_action(decision)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)
        tx.decisions.add(replace(decision, actions=(action,)))
        assert tx.actions.get(action.id) == action
        assert not tx.actions.move(action.id, ActionState.IN_PROGRESS, ActionState.COMPLETED, NOW)
        assert tx.actions.move(action.id, ActionState.REQUESTED, ActionState.COMPLETED, NOW + timedelta(days=1))
        assert not tx.actions.move(action.id, ActionState.REQUESTED, ActionState.CANCELLED, NOW)

    with store.read(CLINIC_ID, asked.actor) as tx:
        (moved,) = tx.decisions.get(decision.id).actions
    assert (moved.state, moved.changed_at, moved.agreed_at) == (ActionState.COMPLETED, NOW + timedelta(days=1), NOW)


def test_suggestions_are_numbered_and_the_newest_is_found(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.suggestions.newest(asked.enrolment.id) is None
        first = tx.suggestions.append(a_suggestion(asked.enrolment.id, asked.occasion.id, complete=False))
        second = tx.suggestions.append(a_suggestion(asked.enrolment.id, asked.occasion.id))
        assert (first.n, second.n) == (1, 2)
        assert tx.suggestions.newest(asked.enrolment.id) == second
        assert tx.suggestions.of_enrolment(asked.enrolment.id) == (first, second)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(a_suggestion(asked.enrolment.id, asked.occasion.id, n=2))


def test_decisions_come_back_with_their_reason_oldest_first(store):
    asked = store_asked(store)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    first = a_decision(suggestion, reason="Nancy har det bedre end svarene siger.", colour=Colour.GREEN)
    second = a_decision(
        suggestion, level=None, previous_id=first.id, decided_at=NOW + timedelta(days=1), on_behalf_of="clinician-2"
    )

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)
        assert tx.decisions.newest(asked.enrolment.id) is None
        tx.decisions.add(first)
        tx.decisions.add(second)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.decisions.of_enrolment(asked.enrolment.id) == (first, second)
        assert tx.decisions.newest(asked.enrolment.id) == second
        assert tx.decisions.get(first.id) == first
        with pytest.raises(NotFoundError):
            tx.decisions.get(DecisionId("unknown"))


def test_the_chain_of_decisions_does_not_fork(store):
    asked = store_asked(store)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    first = a_decision(suggestion)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)
        tx.decisions.add(first)
        tx.decisions.add(a_decision(suggestion, previous_id=first.id))

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.decisions.add(a_decision(suggestion, previous_id=first.id))


def test_a_decision_needs_an_enrolment_a_suggestion_and_a_decidable_colour(store):
    asked = store_asked(store)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)

    for broken, error in (
        (a_decision(replace(suggestion, enrolment_id=EnrolmentId("unknown"))), NotFoundError),
        (a_decision(replace(suggestion, id=SuggestionId("unknown"))), ConflictError),
        (a_decision(suggestion, colour=Colour.UNKNOWN), ConflictError),
        (a_decision(suggestion, level=4), ConflictError),
        (a_decision(suggestion, level=0), ConflictError),
    ):
        with pytest.raises(error), store.write(CLINIC_ID, asked.actor) as tx:
            tx.decisions.add(broken)
