"""Questionnaires of the FHIR door: they are content, so no database is asked."""

import json
from dataclasses import dataclass
from typing import Any

from kernel.errors import NotFoundError, UnknownQuestionnaireError
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from web.fhir.bundle import Entry, SearchPage
from web.fhir.search import Query

STARTS = ("title", "name")
"""Criteria that match the start of a text; the others match all of it."""


@dataclass(frozen=True, slots=True)
class _Shelved:
    questionnaire: Questionnaire
    facts: dict[str, str]


class QuestionnaireShelf:
    """All questionnaires, with what they can be searched for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        shelved = (_Shelved(known, _facts(known)) for known in registry.all())
        self._shelved = sorted(shelved, key=lambda one: one.questionnaire.fhir_id)

    def read(self, fhir_id: str) -> str:
        """Return the definition as it is released.

        Raises:
            NotFoundError: no such id.
        """
        try:
            return self._registry.by_fhir_id(fhir_id).source.decode()
        except UnknownQuestionnaireError as error:
            raise NotFoundError("No such Questionnaire.") from error

    def search(self, query: Query) -> SearchPage:
        """Return one page of the questionnaires that match."""
        matching = [one.questionnaire for one in self._shelved if _matches(one, query)]
        rest = [known for known in matching if query.after is None or known.fhir_id > query.after]
        entries = tuple(Entry(known.fhir_id, known.source.decode()) for known in rest[: query.count])
        return SearchPage(entries, len(rest) > query.count, len(matching) if query.with_total else None)


def _facts(questionnaire: Questionnaire) -> dict[str, str]:
    source: dict[str, Any] = json.loads(questionnaire.source)
    facts = {name: str(source.get(name, "")) for name in ("url", "version", "status", *STARTS)}
    return {**facts, "id": questionnaire.fhir_id}


def _matches(shelved: _Shelved, query: Query) -> bool:
    return all(
        any(_fits(shelved.facts[name], value, starts=name in STARTS) for value in values)
        for name, values in query.criteria.items()
    )


def _fits(fact: str, value: str, *, starts: bool) -> bool:
    return fact.lower().startswith(value) if starts else fact == value
