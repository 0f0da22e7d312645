"""A seeded valid response that a mutation takes apart, and what was answered in it."""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from tests.proof.gate_form import KEY, Form, Question

Path = tuple[str, ...]
"""Element by element below the resource: `("item[0]", "answer[0]")`; empty for the resource itself."""
Any_ = TypeVar("Any_")
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
DECLINED = {"extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}
LETTERS = "abcdefghijklmnopqrstuvwxyzæøåÆØÅ -,.()/1234567890"
LITERAL = re.compile(rb'"@@([^"@]*)@@"')


class InapplicableError(Exception):
    """The response has no place for this mutation."""


class Case:
    """One valid response.

    Args:
        form: that it answers.
        random: where every choice comes from.
    """

    def __init__(self, form: Form, random: Random) -> None:
        self.form = form
        self.random = random
        self.answers: dict[str, Any] = {}
        """linkId -> what was answered: a JSON value, or (system, code)."""
        self.skipped: set[str] = set()
        self.resource: dict[str, Any] = {
            "resourceType": "QuestionnaireResponse",
            "questionnaire": form.canonical,
            "status": random.choice(("completed", "completed", "amended", "in-progress")),
            "authored": self.moment(),
            "basedOn": [{"reference": f"ServiceRequest/{self.uuid()}"}],
            "subject": {"reference": f"Patient/{self.uuid()}"},
        }
        items = self._items(gaps=random.random() < 0.5, texts=random.random() < 0.3)
        if items:
            self.resource["item"] = items
        if random.random() < 0.5:
            self._adorn()

    def raw(self) -> bytes:
        """Write the response; a text `@@1e9@@` stands for the number in it."""
        written = json.dumps(self.resource, ensure_ascii=self.random.random() < 0.2).encode()
        return LITERAL.sub(rb"\1", written)

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items of the response."""
        items: list[dict[str, Any]] = self.resource.get("item", [])
        return items

    def pick(self, some: Sequence[Any_]) -> Any_:
        """Choose one.

        Raises:
            InapplicableError: there is none.
        """
        if not some:
            raise InapplicableError
        return self.random.choice(some)

    def answered(self, *types: str) -> int:
        """Choose the place of an answered item, of these types or of any."""
        wanted = types or tuple(KEY)
        answered = [place for place, one in enumerate(self.items) if one["linkId"] in self.answers]
        return self.pick([place for place in answered if self.question(place).type in wanted])

    def declined(self) -> int:
        """Choose the place of an item that was left out explicitly."""
        return self.pick([place for place, one in enumerate(self.items) if one["linkId"] in self.skipped])

    def standing(self) -> int:
        """Choose the place of any item."""
        return self.pick(range(len(self.items)))

    def question(self, place: int) -> Question:
        """Find what an item of the response answers."""
        return self.form.question(self.items[place]["linkId"])

    def answer(self, place: int) -> dict[str, Any]:
        """Find the answer of an item."""
        answer: dict[str, Any] = self.items[place]["answer"][0]
        return answer

    def key(self, place: int) -> str:
        """Tell the JSON name of the value of an item."""
        return KEY[self.question(place).type]

    def insert(self, entry: dict[str, Any]) -> int:
        """Put an item where the form has it; return its place."""
        position = self.form.position(entry["linkId"])
        before = [one for one in self.items if self.form.position(one["linkId"]) < position]
        self.resource.setdefault("item", []).insert(len(before), entry)
        return len(before)

    def value(self, question: Question) -> Any:
        """Make up an allowed value."""
        random = self.random
        match question.type:
            case "boolean":
                return random.random() < 0.5
            case "integer":
                return random.randint(question.low, question.high)
            case "string":
                text = "".join(random.choices(LETTERS, k=random.randint(1, question.longest)))
                return text if text.strip() else "at gå"
        coding = dict(random.choice(question.codings))
        if random.random() < 0.5:
            del coding["display"]
        return coding

    def moment(self) -> str:
        """Make up a time."""
        random = self.random
        day, clock = f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}", f"{random.randint(0, 23):02}"
        return f"{day}T{clock}:{random.randint(0, 59):02}:00{random.choice(('Z', '+01:00', '+02:00'))}"

    def uuid(self) -> str:
        """Make up an id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _items(self, *, gaps: bool, texts: bool) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        for question in self.form.questions:
            if not question.is_asked(self.answers):
                continue
            entry: dict[str, Any] = {"linkId": question.link_id}
            if texts and question.text:
                entry["text"] = question.text
            draw = self.random.random() if gaps else 1.0
            if question.type != "display" and draw > 0.4:
                value = self.value(question)
                self.answers[question.link_id] = _plain(value)
                entry["answer"] = [{KEY[question.type]: value}]
            elif question.type != "display" and draw > 0.2:
                self.skipped.add(question.link_id)
                entry["answer"] = [deepcopy(DECLINED)]
            elif draw > 0.1:
                continue
            items.append(entry)
        return items

    def _adorn(self) -> None:
        """Add what is allowed and means nothing, so that the full way through the gate is walked too."""
        self.resource |= {
            "id": self.uuid(),
            "meta": {"profile": ["http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaireresponse"]},
            "language": "da",
            "identifier": {"system": "https://elsewhere.example/id", "value": self.uuid()},
            "extension": [{"url": "https://elsewhere.example/seconds", "valueInteger": self.random.randint(1, 900)}],
        }
        names = list(self.resource)
        self.random.shuffle(names)
        self.resource = {name: self.resource[name] for name in names}


def _plain(value: Any) -> Any:
    return (value["system"], value["code"]) if isinstance(value, Mapping) else value
