"""REPORT: a decision as plans, records and the clinic's inbox are told of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from delivery.content import Content
from delivery.plans.port import ReportedAction, ReportedDecision, ReportedScore
from delivery.recurrence import danish_date
from flow.courses import Course
from kernel.ids import ResponseId
from scoring.decision import Decision
from scoring.result import Score, Scored
from scoring.suggestion import FiledSuggestion
from scoring.trend import TrendPoint
from store.transaction import Tx

Changes = Mapping[tuple[ResponseId, str], Mapping[str, Any]]
"""Answer and score -> what is told of its change."""


def reported_decision(tx: Tx, content: Content, decision: Decision, courses: Iterable[Course]) -> ReportedDecision:
    """Tell a decision as it is released: gentle words, scores that the clinician saw, what was agreed.

    Args:
        courses: of the enrolment; they say what changed.
    """
    planned = tx.schedule.planned_slots(decision.enrolment_id)
    decided_on = tx.suggestions.get(decision.suggestion_id)
    return ReportedDecision(
        id=decision.id,
        suggestion_id=decision.suggestion_id,
        colour=decision.colour.value,
        level=decision.level.value if decision.level else None,
        author=decision.author_name,
        decided_at=decision.decided_at,
        next_due=decision.next_due or min((slot.nominal_date for slot in planned), default=None),
        scores=_scores(tx, content, decided_on, _changes(courses)),
        dimensions=_dimensions(decision, decided_on),
        actions=tuple(
            ReportedAction(content.actions.label(action.code).da, action.due)
            for action in decision.actions
            if action.state.is_open
        ),
        goal=decision.goal,
    )


def _dimensions(decision: Decision, decided_on: FiledSuggestion) -> tuple[tuple[str, str], ...]:
    """Return what was decided of each dimension that was assessed; the clinician's own part stands in the colour."""
    assessed = decided_on.needs.dimensions if decided_on.needs else ()
    return tuple((one.title.da, decision.dimensions[one.id].value) for one in assessed if one.id in decision.dimensions)


def _scores(tx: Tx, content: Content, decided_on: FiledSuggestion, changes: Changes) -> tuple[ReportedScore, ...]:
    """Return the scores that the clinician saw: an answer that came later is not released with them.

    Those whose changes their instrument judges come first: where there is not room for all, they are told.
    """
    responses = tx.responses.of_occasion(decided_on.occasion_id)
    seen = ((one.id, tx.scores.of_response(one.id)) for one in responses if one.received_at <= decided_on.made_at)
    found = [
        ((response_id, score.id), _score(content, one, score))
        for response_id, one in seen
        for score in one.scores
        if (score.band or score.display) and content.catalogue.rule_for(one.questionnaire).is_shown(score.id)
    ]
    found.sort(key=lambda one: one[0] not in changes)
    return tuple(replace(score, **changes.get(key, {})) for key, score in found)


def _score(content: Content, scored: Scored, score: Score) -> ReportedScore:
    rule = content.catalogue.rule_for(scored.questionnaire)
    band = rule.band_label(score.id, score.band) if score.band else None
    return ReportedScore(
        id=score.id,
        label=rule.label(score.id).da,
        display=score.display,
        band=band.clinician.da if band else None,
        code=rule.code(score.id),
        gentle=band.patient.da if band else None,
    )


def _changes(courses: Iterable[Course]) -> Changes:
    """Tell what changed since the answer before, of every score whose changes its instrument judges."""
    judged = [trend for course in courses for trend in course.trends if trend.change is not None]
    return {
        (point.response_id, trend.definition.id): _change(point, before)
        for trend in judged
        for before, point in pairwise((None, *trend.points))
        if point
    }


def _change(point: TrendPoint, before: TrendPoint | None) -> Mapping[str, Any]:
    if before is None or not point.delta:
        return {}
    return {"change": point.delta, "since": danish_date(before.answered_at)}
