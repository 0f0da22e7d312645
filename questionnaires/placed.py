"""Answers with their spots: a response whose groups repeat, taken apart turn by turn for the form."""

from dataclasses import dataclass

from questionnaires.contained import contained_ids
from questionnaires.findings import Findings, Place
from questionnaires.gate import check_response
from questionnaires.registry import Registry
from questionnaires.strict_json import decode_object
from questionnaires.tree import Occurrence
from questionnaires.turns import Answers, is_repeated_group, repeats_groups, spot_of
from questionnaires.walk import Walk

ROOT: Place = (None, "QuestionnaireResponse", -1)


@dataclass(frozen=True, slots=True)
class Placed:
    """What was answered and what was left out on purpose, each by its spot."""

    answers: Answers
    skipped: frozenset[str]


def read_placed(raw: bytes, registry: Registry) -> Placed:
    """Check a response and return its answers by their spots.

    Raises:
        InvalidResponseError: as `check_response`.
    """
    checked = check_response(raw, registry)
    plan = registry.plan(checked.questionnaire)
    if not repeats_groups(plan.questionnaire):
        return Placed(checked.answers, checked.skipped)
    resource = decode_object(raw, most_bytes=registry.most_bytes)
    walked = Walk(plan, Findings(contained_ids(resource)), ROOT)
    if "item" in resource:
        walked.items(resource["item"], walked.root)
    found = [one for occurrences in walked.found.values() for one in occurrences]
    return Placed(
        {_spot(one): one.answers for one in found if one.answers},
        frozenset(_spot(one) for one in found if one.is_declined),
    )


def _spot(occurrence: Occurrence) -> str:
    turns: list[int] = []
    level = occurrence.level
    while level.owner is not None:
        owner = level.owner
        if is_repeated_group(owner.planned.item):
            turns.append(owner.level.children[owner.planned.item.link_id].index(owner) + 1)
        level = owner.level
    return spot_of(occurrence.planned.item.link_id, tuple(reversed(turns)))
