"""Reads answers written plainly, linkId -> points, number, yes/no or code: vectors of rules, stored ones, commands."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kernel.errors import InvalidResponseError, Issue
from questionnaires.answers import RefusedAnswerError, read_answer
from questionnaires.enablement import enabled
from questionnaires.findings import issue_of
from questionnaires.model import Answer, Coded, ItemType, ResponseAnswers
from questionnaires.plan import PlannedItem, ResponsePlan

NOT_PLAIN = (ItemType.ATTACHMENT, ItemType.REFERENCE, ItemType.QUANTITY, ItemType.OPEN_CHOICE)
"""What has no plain form: none of our own definitions asks for it."""


def read_plain(plan: ResponsePlan, plain: Mapping[str, Any]) -> ResponseAnswers:
    """Read plain answers as a completed response.

    Args:
        plan: of the questionnaire that was answered.
        plain: linkId -> points of a choice (or the code of an option without points), whole number, true or false,
            text; None or left out means unanswered.

    Raises:
        InvalidResponseError: names every refused linkId and its rule.
    """
    answers: dict[str, tuple[Answer, ...]] = {}
    issues: list[Issue] = []
    for link_id, value in plain.items():
        if value is None:
            continue
        try:
            answers[link_id] = (_answer(plan.items.get(link_id), value),)
        except RefusedAnswerError as refused:
            issues.append(issue_of(refused.rule, link_id))
    asked = {item.link_id for item in enabled(plan.questionnaire, answers)}
    issues.extend(issue_of("not-enabled", link_id) for link_id in answers if link_id not in asked)
    if issues:
        raise InvalidResponseError("The answers break their questionnaire.", issues=issues)
    return ResponseAnswers(
        plan.questionnaire.canonical, "completed", None, MappingProxyType(answers), frozenset(_skipped(plan, plain))
    )


def _skipped(plan: ResponsePlan, plain: Mapping[str, Any]) -> list[str]:
    """In a stored vector None is an explicit skip; elsewhere it makes no difference to a score."""
    return [link_id for link_id, value in plain.items() if value is None and link_id in plan.items]


def _answer(planned: PlannedItem | None, value: Any) -> Answer:
    if planned is None:
        raise RefusedAnswerError("unknown-linkId")
    if not planned.value_key:
        raise RefusedAnswerError("displayAnswer")
    if planned.item.type in NOT_PLAIN:
        raise RefusedAnswerError("invalidAnswerType")
    if planned.item.type is not ItemType.CHOICE:
        return read_answer(planned, planned.value_key, value)
    for option in planned.item.options:
        if _means(option.points, option.code, value):
            return Coded(option.system, option.code)
    raise RefusedAnswerError(_why_no_option(value))


def _means(points: int | None, code: str, value: Any) -> bool:
    """Points for an option that has them, its code for one that has none; true is no 1."""
    return bool(code == value if points is None else type(value) is int and points == value)


def _why_no_option(value: Any) -> str:
    if isinstance(value, str):
        return "not-an-option"
    if isinstance(value, Decimal):
        return "not-on-step"
    return "out-of-range" if type(value) is int else "not-a-number"
