"""Which items are asked, given the answers so far (`enableWhen`)."""

from collections.abc import Iterator, Mapping, Sequence

from questionnaires.comparison import compare
from questionnaires.model import HELP, Answer, Condition, Item, ItemType, Questionnaire


def asked(questionnaire: Questionnaire, answers: Mapping[str, tuple[Answer, ...]]) -> tuple[Item, ...]:
    """List the questions and notices to show, flat and in order.

    Args:
        questionnaire: compiled.
        answers: linkId -> answers so far. The answer of an item that is itself not asked counts for nothing, so a
            changed answer also closes what hung on the closed item. A flat mapping has one occurrence of each item:
            repeated groups are told apart in the gate (`scope`) and in the form (`turns`).

    Source: FHIR R4 Questionnaire.item.enableWhen: a comparison is true if any answer of the question makes it true.
    """
    return tuple(
        item for item in enabled(questionnaire, answers) if item.type is not ItemType.GROUP and item.role != HELP
    )


def enabled(questionnaire: Questionnaire, answers: Mapping[str, tuple[Answer, ...]]) -> Iterator[Item]:
    """Walk every enabled item, groups too, in document order."""
    return _walk(questionnaire.items, answers, {})


def conditional_items(items: Sequence[Item], *, hangs: bool = False) -> frozenset[str]:
    """List the linkIds that some answers leave out: by a condition of their own or of what is around them.

    Args:
        items: of one level.
        hangs: what is around them is itself conditional.
    """
    found: set[str] = set()
    for item in items:
        is_conditional = hangs or bool(item.enable_when)
        if is_conditional:
            found.add(item.link_id)
        # What is nested in a question is asked only once the question is answered.
        found |= conditional_items(item.items, hangs=is_conditional or item.type is not ItemType.GROUP)
    return frozenset(found)


def _walk(
    items: Sequence[Item], answers: Mapping[str, tuple[Answer, ...]], live: dict[str, tuple[Answer, ...]]
) -> Iterator[Item]:
    for item in items:
        if not holds(item, live):
            continue
        given = answers.get(item.link_id)
        if given:
            live[item.link_id] = given
        yield item
        # What is nested in a question lives inside its answer: without an answer it has no place.
        if item.items and (given or item.type is ItemType.GROUP):
            yield from _walk(item.items, answers, live)


def holds(item: Item, live: Mapping[str, tuple[Answer, ...]]) -> bool:
    """Tell whether the conditions of an item hold, given the answers of what is asked before it."""
    if not item.enable_when:
        return True
    truths = (_is_true(condition, live.get(condition.question, ())) for condition in item.enable_when)
    return any(truths) if item.enable_any else all(truths)


def _is_true(condition: Condition, given: tuple[Answer, ...]) -> bool:
    if condition.operator == "exists":
        return bool(given) is condition.answer
    return any(compare(condition.operator, answer, condition.answer) for answer in given)
