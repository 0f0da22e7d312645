"""Makes the coded answers that are stored in the clear: points, numbers and yes/no, never free text."""

from types import MappingProxyType

from questionnaires.filed import Vector
from questionnaires.model import Answer, Coded, Item, Questionnaire, ResponseAnswers


def vector_of(questionnaire: Questionnaire, checked: ResponseAnswers) -> Vector:
    """Code the answers of a checked response, in the order of the questionnaire.

    Returns:
        linkId -> points of the chosen option (its code where it has none), number or yes/no; None where skipped.
        Unanswered items, free text and further answers of a repeating item are left out.
    """
    coded: dict[str, int | bool | str | None] = {}
    for link_id, item in questionnaire.by_link_id.items():
        if link_id in checked.skipped:
            coded[link_id] = None
        for answer in checked.answers.get(link_id, ())[:1]:
            if isinstance(answer, int | Coded):
                coded[link_id] = _code_of(item, answer)
    return MappingProxyType(coded)


def _code_of(item: Item, answer: Answer) -> int | bool | str | None:
    if not isinstance(answer, Coded):
        return answer if isinstance(answer, int) else None
    option = next(one for one in item.options if (one.system, one.code) == (answer.system, answer.code))
    return option.code if option.points is None else option.points
