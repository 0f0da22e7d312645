"""The short way through the gate: reads a response of the shape that nearly every response has, in one pass."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from questionnaires.model import Answer, ResponseAnswers
from questionnaires.plan import ResponsePlan
from questionnaires.primitives import moment_of
from questionnaires.quick_plan import QuickItem, QuickPlan
from questionnaires.references import REQUEST_TYPE
from questionnaires.statuses import UNFINISHED_STATUSES
from questionnaires.vocabulary import ASKED_DECLINED, DATA_ABSENT_REASON

MEMBERS = frozenset({"resourceType", "questionnaire", "status", "authored", "basedOn", "subject", "item"})
DECLINED = {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": ASKED_DECLINED}]}
Answers = tuple[dict[str, tuple[Answer, ...]], frozenset[str]]
NONE_SKIPPED: frozenset[str] = frozenset()
WITH_TEXT = 3
"""Members of an item with linkId, text and answer, and of a Coding with system, code and display."""
WITHOUT_TEXT = 2


def read_quick(resource: dict[str, Any], plan: ResponsePlan, statuses: tuple[str, ...]) -> ResponseAnswers | None:
    """Read a decoded response that is valid at first sight.

    It only ever accepts: whatever does not fit at once takes the full way, which tells the faults. That both agree is a
    law of the tests.

    Args:
        resource: decoded; neither its depth nor NUL characters need to have been looked for, and its numbers with a
            fraction may be floats: none of them is accepted.
        plan: of its questionnaire.
        statuses: that are accepted.

    Returns:
        The answers as `check_resource` gives them; None where it needs the full way.
    """
    if not resource.keys() <= MEMBERS or resource.get("resourceType") != "QuestionnaireResponse":
        return None
    status, canonical = resource.get("status"), plan.questionnaire.canonical
    if status not in statuses or resource.get("questionnaire") != canonical:
        return None
    try:
        authored = _moment(resource["authored"]) if "authored" in resource else None
        request = _reference(resource["basedOn"]) if "basedOn" in resource else ""
        subject = _reference((resource["subject"],)) if "subject" in resource else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    read = read_quick_items(resource, plan)
    if read is None:
        return None
    return ResponseAnswers(
        canonical,
        str(status),
        authored,
        MappingProxyType(read[0]),
        read[1],
        request.removeprefix(REQUEST_TYPE) if request.startswith(REQUEST_TYPE) else None,
        subject,
    )


def read_quick_items(resource: dict[str, Any], plan: ResponsePlan) -> Answers | None:
    """Read the items of a decoded response that are valid at first sight, whatever else the response says.

    Returns:
        linkId -> answers, and the linkIds that were skipped; None where the items need the full way.
    """
    quick = plan.quick
    if quick is None:
        return None
    given: dict[str, tuple[Answer, ...]] = {}
    skipped: set[str] = set()
    try:
        if "item" in resource and not _read(resource["item"], quick.table, given, skipped):
            return None
    except (KeyError, TypeError, ValueError):
        return None
    is_complete = resource.get("status") not in UNFINISHED_STATUSES
    if not _is_asked(quick, given, skipped, complete=is_complete):
        return None
    return given, frozenset(skipped) if skipped else NONE_SKIPPED


def _moment(value: Any) -> datetime:
    moment = moment_of(value)
    if moment is None:
        raise ValueError
    return moment


def _reference(references: Any) -> str:
    """Read a list of one object that is a literal reference to elsewhere and nothing else."""
    (member,) = references
    reference = member["reference"]
    if len(member) != 1 or not reference.isprintable() or reference[:1] in ("", "#"):
        raise ValueError
    return str(reference)


def _read(  # noqa: C901, PLR0911, PLR0912 - one loop without calls: measured, calls cost a third more
    entries: Any, table: Mapping[str, QuickItem], given: dict[str, tuple[Answer, ...]], skipped: set[str]
) -> bool:
    """Read a list of items into `given` and `skipped`; false, or an error of looking up, where one is unusual."""
    last = -1
    for entry in entries:
        link_id = entry["linkId"]
        position, key, known_text, options, read, inner = table[link_id]
        if position <= last:
            return False
        last = position
        if len(entry) == WITH_TEXT:
            text = entry["text"]
            if text != known_text and not (type(text) is str and text.isprintable() and text):
                return False
        elif len(entry) != WITHOUT_TEXT:
            return False
        if inner is not None:
            if not _read(entry["item"], inner, given, skipped):
                return False
            continue
        (answer,) = entry["answer"]
        if key not in answer:
            if answer != DECLINED:
                return False
            skipped.add(link_id)
            continue
        value = answer[key]
        if options is None:
            found = read(value)
        else:
            if len(value) == WITH_TEXT:
                text = value["display"]
                if not (type(text) is str and text.isprintable() and text):
                    return False
            elif len(value) != WITHOUT_TEXT:
                return False
            found = options.get((value["system"], value["code"]))
        if found is None or len(answer) != 1:
            return False
        given[link_id] = found
    return last >= 0


def _is_asked(quick: QuickPlan, given: Mapping[str, tuple[Answer, ...]], skipped: set[str], *, complete: bool) -> bool:
    """Tell whether nothing is answered that is not asked, and nothing left open that must be answered."""
    closed: set[str] = set()
    for gate in quick.gates:
        if not gate.holds(given):
            closed.update(gate.within)
    if closed and not (closed.isdisjoint(given) and closed.isdisjoint(skipped)):
        return False
    return not complete or all(
        link_id in closed or any(one in given for one in within) for link_id, within in quick.required
    )
