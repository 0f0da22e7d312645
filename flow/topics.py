"""Tells which named things past answers are about, where an instrument compares answers about the same things only."""

from dataclasses import replace

from delivery.content import Content
from questionnaires.gate import check_response
from scoring.change import topics_of
from scoring.history import History, PastResponse
from store.transaction import Tx


def with_topics(tx: Tx, content: Content, history: History) -> History:
    """Add the named things, such as a patient's activities, out of the sealed answers; they live in memory only."""
    return replace(history, responses=tuple(_told(tx, content, response) for response in history.responses))


def _told(tx: Tx, content: Content, response: PastResponse) -> PastResponse:
    rule = content.catalogue.newest_rules().get(response.questionnaire_id)
    change = None if rule is None else rule.change
    if change is None or not change.same_items:
        return response
    answers = check_response(tx.responses.raw(response.id), content.questionnaires).answers
    # Without a name nobody can tell whether it was the same thing.
    return replace(response, topics=topics_of(change, answers).strip() or None)
