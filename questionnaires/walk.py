"""Wall three, the tree: walks a response beside its questionnaire and takes the answers out."""

from typing import Any

from questionnaires.answers import RefusedAnswerError, read_answer
from questionnaires.datatypes import DATATYPES
from questionnaires.findings import Findings, Place
from questionnaires.model import Answer, ItemType
from questionnaires.plan import PlannedItem, ResponsePlan
from questionnaires.primitives import is_string
from questionnaires.structure import check_member, check_object
from questionnaires.vocabulary import ASKED_DECLINED, DATA_ABSENT_REASON

ITEM = DATATYPES["Item"]
ANSWER = DATATYPES["Answer"]
PLAIN_ENTRY = frozenset({"linkId", "text", "answer"})
PLAIN_CODING = frozenset({"system", "code", "display"})


def read_plain_entry(entry: dict[str, Any], planned: PlannedItem) -> Answer | None:
    """Read an entry of the shape that nearly every entry has: linkId, text, one answer with nothing but its value.

    It is a short cut only: whatever does not fit at once gives None and takes the full way, which tells the faults.
    """
    try:
        (answer,) = entry["answer"]
        ((key, value),) = answer.items()
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if not (entry.keys() <= PLAIN_ENTRY and is_string(entry.get("text", "-")) and isinstance(entry["answer"], list)):
        return None
    if key == "valueCoding" and not _is_plain_coding(value):
        return None
    try:
        return read_answer(planned, key, value) if key in ANSWER.values and planned.value_key else None
    except RefusedAnswerError:
        return None


def _is_plain_coding(value: Any) -> bool:
    """Tell whether only the display needs a look: system and code are compared with the options as they stand."""
    return isinstance(value, dict) and value.keys() <= PLAIN_CODING and is_string(value.get("display", "-"))


class Walk:
    """One walk; afterwards it holds what was answered.

    Args:
        plan: of the response's questionnaire.
        findings: takes the faults.
    """

    def __init__(self, plan: ResponsePlan, findings: Findings) -> None:
        self._plan = plan
        self._findings = findings
        self.answers: dict[str, tuple[Answer, ...]] = {}
        self.skipped: set[str] = set()
        self.places: dict[str, Place] = {}
        """linkId -> where its item stands; an item twice keeps its first place."""
        self.refused: set[str] = set()
        """linkIds whose answer broke a rule: what depends on them cannot be judged."""

    def items(self, raw: Any, parent: str | None, around: Place) -> None:
        """Walk a list of items.

        Args:
            raw: decoded JSON of an `item` element.
            parent: linkId of the item around them; None at the top.
            around: where the element stands.
        """
        if not self._is_filled_list(raw, (around, "item", -1)):
            return
        last = -1
        for index, entry in enumerate(raw):
            place: Place = (around, "item", index)
            planned = self._known(entry, place)
            if planned is None:
                check_object(entry, "Item", place, self._findings)
                continue
            if planned.parent != parent:
                self._findings.add("wrong-place", place, planned.item.link_id)
            elif planned.position < last:
                self._findings.add("wrong-order", place, planned.item.link_id)
            else:
                last = planned.position
            plain = read_plain_entry(entry, planned) if planned.item.link_id not in self.places else None
            if plain is None:
                self._item(entry, planned, place)
            else:
                self.places[planned.item.link_id] = place
                self.answers[planned.item.link_id] = (plain,)

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

    def _item(self, entry: dict[str, Any], planned: PlannedItem, place: Place) -> None:
        link_id = planned.item.link_id
        if link_id in self.places:
            self._findings.add("duplicate-linkId", (place, "linkId", -1), link_id)
        else:
            self.places[link_id] = place
        for name, member in entry.items():
            if name == "answer":
                self._answers(member, planned, place)
            elif name == "item":
                self._nested(member, planned, place)
            else:
                check_member(name, member, ITEM, place, self._findings)

    def _nested(self, member: Any, planned: PlannedItem, place: Place) -> None:
        """Walk what stands directly inside an item: only groups have that, a question's items stand in its answer."""
        if planned.item.type is not ItemType.GROUP:
            self._findings.add("wrong-place", (place, "item", -1), planned.item.link_id)
        self.items(member, planned.item.link_id, place)

    def _answers(self, raw: Any, planned: PlannedItem, around: Place) -> None:
        link_id = planned.item.link_id
        place: Place = (around, "answer", -1)
        if not planned.value_key:
            rule = "displayAnswer" if planned.item.type is ItemType.DISPLAY else "groupShouldNotHaveAnswers"
            self._findings.add(rule, place, link_id)
            return
        if not self._is_filled_list(raw, place):
            self.refused.add(link_id)
            return
        if len(raw) > 1 and not planned.item.repeats:
            self._refuse("repeats", (around, "answer", 1), link_id)
        given = [self._answer(entry, planned, (around, "answer", index)) for index, entry in enumerate(raw)]
        if link_id in self.skipped and len(raw) > 1:
            self._refuse("absent-with-value", place, link_id)
        read = tuple(answer for answer in given if answer is not None)
        if read:
            self.answers.setdefault(link_id, read)

    def _answer(self, entry: Any, planned: PlannedItem, place: Place) -> Answer | None:
        """Read one answer; None where it was refused or is a coded absence."""
        link_id = planned.item.link_id
        if not isinstance(entry, dict) or not entry:
            self._refuse("empty" if entry == {} else "not-an-object", place, link_id)
            return None
        values = [name for name in entry if name in ANSWER.values]
        for name, member in entry.items():
            if name == "item":
                self.items(member, link_id, place)
            elif name not in ANSWER.values:
                check_member(name, member, ANSWER, place, self._findings)
        if len(values) > 1:
            self._refuse("many-values", place, link_id)
            return None
        if not values:
            self._absence(entry, place, link_id)
            return None
        return self._value(entry, values[0], planned, place)

    def _value(self, entry: dict[str, Any], key: str, planned: PlannedItem, place: Place) -> Answer | None:
        value_place: Place = (place, key, -1)
        link_id = planned.item.link_id
        if "extension" in entry and _absent_reason(entry["extension"]) is not None:
            self._refuse("absent-with-value", place, link_id)
        if key == "valueCoding" and isinstance(entry[key], dict):
            check_object(entry[key], "Coding", value_place, self._findings)
        try:
            return read_answer(planned, key, entry[key])
        except RefusedAnswerError as refused:
            self._refuse(refused.rule, value_place, link_id)
            return None

    def _absence(self, entry: dict[str, Any], place: Place, link_id: str) -> None:
        if _absent_reason(entry.get("extension")) == ASKED_DECLINED:
            self.skipped.add(link_id)
        else:
            self._refuse("no-value", place, link_id)

    def _refuse(self, rule: str, place: Place, link_id: str) -> None:
        self.refused.add(link_id)
        self._findings.add(rule, place, link_id)


def _absent_reason(extensions: Any) -> Any:
    """Read the code of a coded absence; None if there is none. What is no list of objects is reported elsewhere."""
    if not isinstance(extensions, list):
        return None
    absences = (one for one in extensions if isinstance(one, dict) and one.get("url") == DATA_ABSENT_REASON)
    return next((one.get("valueCode", "") for one in absences), None)
