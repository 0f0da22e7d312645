"""WORSE: what a newer answer says of a score that got clearly worse, by the instrument's own measure."""

from delivery.content import Content
from delivery.schedule import Enrolment
from delivery.worklist import Worsening
from flow.courses import instruments_of
from kernel.ids import OccasionId
from scoring.change import Verdict
from scoring.history import History, PastResponse
from scoring.trend import newest_change


def worsening_of(content: Content, enrolment: Enrolment, history: History, occasion_id: OccasionId) -> Worsening | None:
    """Return the first score, in the order in which the programme asks, that got clearly worse and is not decided on.

    Args:
        history: of the enrolment, with what its answers are about.
        occasion_id: the occasion that was answered now.

    Source: docs/clinical/README.md, "change".
    """
    for name in instruments_of(content, enrolment):
        rule = content.catalogue.newest_rules().get(name)
        series = [one for one in history.responses if one.questionnaire_id == name]
        if rule is None or not series or not _is_news(series[-1], history, occasion_id):
            continue
        newest = newest_change(rule, series)
        if newest is not None and newest.verdict is Verdict.WORSE:
            return Worsening(rule.title, newest.score.display or "", newest.delta)
    return None


def _is_news(response: PastResponse, history: History, occasion_id: OccasionId) -> bool:
    """Tell whether no decision has looked at an answer yet."""
    if not history.decisions:
        return True
    last = history.decisions[-1]
    is_newer = response.answered_at > last.decided_at or response.occasion_id == occasion_id
    return is_newer and response.id not in last.responses
