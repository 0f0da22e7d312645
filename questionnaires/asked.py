"""What only the whole response can tell: answers to what is not asked, and items that must be there and are not."""

from collections.abc import Iterable

from questionnaires.comparison import compare
from questionnaires.findings import Findings, Place
from questionnaires.model import Answer, Condition, ItemType
from questionnaires.plan import ResponsePlan
from questionnaires.tree import Occurrence, add_missing, nearest
from questionnaires.walk import Walk


def check_asked(plan: ResponsePlan, walk: Walk, findings: Findings, *, complete: bool) -> None:
    """Check which items are asked, and that what must be there is there.

    Args:
        plan: of the questionnaire.
        walk: done.
        findings: takes the faults.
        complete: the response claims to be finished, so nothing that is required may be open.
    """
    is_demanding = complete and plan.demanding
    if not plan.conditional and not is_demanding:
        return
    missing = _missing(plan, walk) if is_demanding else {}
    for link_id in plan.order:
        for occurrence in (*walk.found.get(link_id, ()), *missing.get(link_id, ())):
            occurrence.is_asked = _is_asked(occurrence, walk.doubtful)
    for link_id in plan.items:
        for occurrence in walk.found.get(link_id, ()):
            _check_silent(occurrence, findings)
        if is_demanding and link_id not in walk.doubtful:
            _check_demands((*walk.found.get(link_id, ()), *missing.get(link_id, ())), findings)


def _missing(plan: ResponsePlan, walk: Walk) -> dict[str, list[Occurrence]]:
    """Collect what must be there and is not, by linkId."""
    top = tuple(item.link_id for item in plan.questionnaire.items)
    missing: dict[str, list[Occurrence]] = {}
    for level in walk.levels:
        for absent in add_missing(level, level.owner.planned.inner if level.owner else top, plan):
            missing.setdefault(absent.planned.item.link_id, []).append(absent)
    return missing


def _is_asked(occurrence: Occurrence, doubtful: set[str]) -> bool | None:
    """Judge one occurrence; None where a refused answer decides: then nothing is known of it."""
    level = occurrence.level
    around = True if level.owner is None else level.owner.is_asked
    if level.is_dead or around is False:
        return False
    if level.is_astray:
        return None
    item = occurrence.planned.item
    truths = [_is_true(one, nearest(level, way), doubtful) for one, way in occurrence.planned.conditions]
    if not truths:
        return around
    decided = _any(truths) if item.enable_any else _all(truths)
    return decided if around or decided is False else None


def _all(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return False if False in found else None if None in found else True


def _any(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return True if True in found else None if None in found else False


def _is_true(condition: Condition, question: Occurrence | None, doubtful: set[str]) -> bool | None:
    if condition.question in doubtful or (question is not None and (question.is_refused or question.is_asked is None)):
        return None
    given: tuple[Answer, ...] = question.answers if question is not None and question.is_asked else ()
    if condition.operator == "exists":
        return bool(given) is condition.answer
    return any(compare(condition.operator, answer, condition.answer) for answer in given)


def _check_silent(occurrence: Occurrence, findings: Findings) -> None:
    if occurrence.is_asked is False and (occurrence.answers or occurrence.is_declined):
        place: Place = (occurrence.place, "answer", -1)
        findings.add("not-enabled", place, occurrence.planned.item.link_id)


def _check_demands(occurrences: Iterable[Occurrence], findings: Findings) -> None:
    """Check what an item demands; a group that stands several times is looked at once in each level."""
    looked_at: set[int] = set()
    for occurrence in occurrences:
        if occurrence.is_asked is not True or id(occurrence.level) in looked_at:
            continue
        looked_at.add(id(occurrence.level))
        rule = _unmet(occurrence)
        if rule is not None:
            place = occurrence.place or (occurrence.level.place, "item", -1)
            findings.add(rule, place, occurrence.planned.item.link_id)


def _unmet(occurrence: Occurrence) -> str | None:
    planned = occurrence.planned
    beside = occurrence.level.children.get(planned.item.link_id, [])
    if planned.required and not any(one.is_answered for one in beside):
        return "required"
    count = _count(occurrence, beside)
    return "minCount" if count < planned.least else None


def _count(occurrence: Occurrence, beside: list[Occurrence]) -> int:
    if occurrence.planned.item.type is ItemType.GROUP:
        return len(beside)
    # What was refused has been told, and would have counted.
    return len(occurrence.answers) if not occurrence.is_refused else occurrence.planned.least
