"""Wall three, the tree: walks a response beside its questionnaire and takes the answers out."""

from typing import Any

from questionnaires.answers import RefusedAnswerError, read_answer
from questionnaires.datatypes import DATATYPES
from questionnaires.findings import Findings, Place
from questionnaires.model import Answer, ItemType
from questionnaires.plan import PlannedItem, ResponsePlan
from questionnaires.primitives import is_string
from questionnaires.structure import check_member, check_object
from questionnaires.tree import Level, Occurrence
from questionnaires.vocabulary import ASKED_DECLINED, DATA_ABSENT_REASON

ITEM = DATATYPES["Item"]
ANSWER = DATATYPES["Answer"]
COMPLEX = {name: one.kind for name, one in ANSWER.elements.items() if name in ANSWER.values and one.kind in DATATYPES}


class Walk:
    """One walk; afterwards it holds what was answered.

    Args:
        plan: of the response's questionnaire.
        findings: takes the faults.
        root: place of the response.
    """

    def __init__(self, plan: ResponsePlan, findings: Findings, root: Place) -> None:
        self._plan = plan
        self._findings = findings
        self.root = Level(None, root)
        self.levels = [self.root]
        """Every level, in document order."""
        self.found: dict[str, list[Occurrence]] = {}
        """linkId -> every occurrence, in document order."""
        self.doubtful: set[str] = set()
        """linkIds that stand where they do not belong or too often: what hangs on them cannot be judged."""

    def items(self, raw: Any, level: Level) -> None:
        """Walk a list of items.

        Args:
            raw: decoded JSON of an `item` element.
            level: that it makes.
        """
        if not self._is_filled_list(raw, (level.place, "item", -1)):
            return
        last = -1
        for index, entry in enumerate(raw):
            place: Place = (level.place, "item", index)
            planned = self._known(entry, place)
            if planned is None:
                check_object(entry, "Item", place, self._findings)
            elif self._belongs(planned, level, place):
                self._order(planned, last, place)
                last = max(last, planned.position)
                self._item(entry, self._stand(planned, level, place), place)
            else:
                self._item(entry, self._stand(planned, Level(level.owner, place, is_astray=True), place), place)

    def _is_filled_list(self, raw: Any, place: Place) -> bool:
        if not isinstance(raw, list):
            self._findings.add("not-a-list", place)
        elif not raw:
            self._findings.add("empty", place)
        else:
            return True
        return False

    def _known(self, entry: Any, place: Place) -> PlannedItem | None:
        """Find the item of an entry; an entry without a linkId is left to the structure check."""
        link_id = entry.get("linkId") if isinstance(entry, dict) else None
        if not isinstance(link_id, str) or not is_string(link_id):
            return None
        planned = self._plan.items.get(link_id)
        if planned is None:
            self._findings.add("unknown-linkId", (place, "linkId", -1), link_id)
        return planned

    def _belongs(self, planned: PlannedItem, level: Level, place: Place) -> bool:
        owner = level.owner.planned.item.link_id if level.owner is not None else None
        if planned.parent == owner:
            return True
        self.doubtful.add(planned.item.link_id)
        self._findings.add("wrong-place", place, planned.item.link_id)
        return False

    def _order(self, planned: PlannedItem, last: int, place: Place) -> None:
        if planned.position < last:
            self._findings.add("wrong-order", place, planned.item.link_id)

    def _stand(self, planned: PlannedItem, level: Level, place: Place) -> Occurrence:
        """Put an occurrence into its level, and tell one too many: a question has all its answers in one item."""
        link_id = planned.item.link_id
        occurrence = Occurrence(planned, level, place)
        beside = level.children.setdefault(link_id, [])
        beside.append(occurrence)
        everywhere = self.found.setdefault(link_id, [])
        everywhere.append(occurrence)
        most = planned.item.limits.max_occurs
        is_repeated_group = planned.item.type is ItemType.GROUP and planned.item.repeats
        if is_repeated_group and most is not None and len(beside) == most + 1:
            self._findings.add("maxCount", place, link_id)
        if not is_repeated_group and (len(beside) > 1 or (link_id in self.doubtful and len(everywhere) > 1)):
            self.doubtful.add(link_id)
            self._findings.add("duplicate-linkId", (place, "linkId", -1), link_id)
        return occurrence

    def _item(self, entry: dict[str, Any], occurrence: Occurrence, place: Place) -> None:
        if occurrence.planned.item.type is ItemType.GROUP:
            self._open(occurrence, place)
        for name, member in entry.items():
            if name == "answer":
                self._answers(member, occurrence, place)
            elif name == "item":
                self._nested(member, occurrence, place)
            else:
                check_member(name, member, ITEM, place, self._findings)

    def _open(self, occurrence: Occurrence, place: Place, *, is_dead: bool = False) -> Level:
        level = Level(occurrence, place, is_dead, occurrence.level.is_astray)
        occurrence.levels.append(level)
        self.levels.append(level)
        return level

    def _nested(self, member: Any, occurrence: Occurrence, place: Place) -> None:
        """Walk what stands directly inside an item: only groups have that, a question's items stand in its answer."""
        if occurrence.planned.item.type is ItemType.GROUP:
            self.items(member, occurrence.levels[0])
            return
        self._findings.add("wrong-place", (place, "item", -1), occurrence.planned.item.link_id)
        self.items(member, Level(occurrence, place, is_astray=True))

    def _answers(self, raw: Any, occurrence: Occurrence, around: Place) -> None:
        planned = occurrence.planned
        link_id = planned.item.link_id
        place: Place = (around, "answer", -1)
        if not planned.value_key:
            rule = "displayAnswer" if planned.item.type is ItemType.DISPLAY else "groupShouldNotHaveAnswers"
            self._findings.add(rule, place, link_id)
            return
        if not self._is_filled_list(raw, place):
            occurrence.is_refused = True
            return
        most = planned.item.limits.max_occurs if planned.item.repeats else 1
        if most is not None and len(raw) > most:
            self._refuse("maxCount" if planned.item.repeats else "repeats", (around, "answer", most), occurrence)
        given = [self._answer(entry, occurrence, (around, "answer", index)) for index, entry in enumerate(raw)]
        if occurrence.is_declined and len(raw) > 1:
            self._refuse("absent-with-value", place, occurrence)
        occurrence.answers = tuple(answer for answer in given if answer is not None)
        self._check_alone(given, occurrence, around)

    def _check_alone(self, given: list[Answer | None], occurrence: Occurrence, around: Place) -> None:
        exclusive = occurrence.planned.item.exclusive
        if exclusive and len(given) > 1:
            for index, answer in enumerate(given):
                if answer in exclusive:
                    self._refuse("exclusiveAnswerOption", (around, "answer", index), occurrence)

    def _answer(self, entry: Any, occurrence: Occurrence, place: Place) -> Answer | None:
        """Read one answer; None where it was refused or is a coded absence."""
        if not isinstance(entry, dict) or not entry:
            self._refuse("empty" if entry == {} else "not-an-object", place, occurrence)
            return None
        values = [name for name in entry if name in ANSWER.values]
        for name, member in entry.items():
            if name not in ANSWER.values and name != "item":
                check_member(name, member, ANSWER, place, self._findings)
        if "item" in entry or (occurrence.planned.inner and values):
            level = self._open(occurrence, place, is_dead=not values)
            if "item" in entry:
                self.items(entry["item"], level)
        if len(values) > 1:
            self._refuse("many-values", place, occurrence)
            return None
        if not values:
            self._absence(entry, occurrence, place)
            return None
        return self._value(entry, values[0], occurrence, place)

    def _value(self, entry: dict[str, Any], key: str, occurrence: Occurrence, place: Place) -> Answer | None:
        value_place: Place = (place, key, -1)
        if "extension" in entry and _absent_reason(entry["extension"]) is not None:
            self._refuse("absent-with-value", place, occurrence)
        planned = occurrence.planned
        before = len(self._findings.issues)
        if key in planned.keys and key in COMPLEX and (key != "valueCoding" or isinstance(entry[key], dict)):
            check_object(entry[key], COMPLEX[key], value_place, self._findings)
        if key != "valueCoding" and len(self._findings.issues) > before:
            occurrence.is_refused = True
            return None
        try:
            answer = read_answer(planned, key, entry[key])
        except RefusedAnswerError as refused:
            self._refuse(refused.rule, value_place, occurrence)
            return None
        if planned.item.read_only and not planned.item.calculated and answer not in planned.item.initial:
            self._refuse("readOnly", value_place, occurrence)
        return answer

    def _absence(self, entry: dict[str, Any], occurrence: Occurrence, place: Place) -> None:
        if _absent_reason(entry.get("extension")) == ASKED_DECLINED:
            occurrence.is_declined = True
        else:
            self._refuse("no-value", place, occurrence)

    def _refuse(self, rule: str, place: Place, occurrence: Occurrence) -> None:
        occurrence.is_refused = True
        self._findings.add(rule, place, occurrence.planned.item.link_id)


def _absent_reason(extensions: Any) -> Any:
    """Read the code of a coded absence; None if there is none. What is no list of objects is reported elsewhere."""
    if not isinstance(extensions, list):
        return None
    absences = (one for one in extensions if isinstance(one, dict) and one.get("url") == DATA_ABSENT_REASON)
    return next((one.get("valueCode", "") for one in absences), None)
