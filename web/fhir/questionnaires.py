"""Questionnaires on the shelf, in the words that are in force: our own, or the owner's where they were imported."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from delivery.content import Content
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from web.fhir.bundle import SearchPage
from web.fhir.search import Query
from web.fhir.shelf import Shelf, Shelved


class QuestionnaireShelf(Shelf):
    """The shelf of the questionnaires in force; it is filled anew when wording was imported."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._filled = self._fill(content.questionnaires)

    def read(self, fhir_id: str) -> str:
        """Return a resource.

        Raises:
            NotFoundError: no such id.
        """
        return self._now().read(fhir_id)

    def search(self, query: Query) -> SearchPage:
        """Return one page of the resources that match."""
        return self._now().search(query)

    def _now(self) -> Shelf:
        registry, shelf = self._filled
        if registry is not self._content.questionnaires:
            # Registry and shelf change hands as one pair, so that no request sees a part of each.
            _, shelf = self._filled = self._fill(self._content.questionnaires)
        return shelf

    @staticmethod
    def _fill(registry: Registry) -> tuple[Registry, Shelf]:
        return registry, Shelf("Questionnaire", (_shelved(known) for known in registry.all()))


def _shelved(questionnaire: Questionnaire) -> Shelved:
    return Shelved(questionnaire.fhir_id, _facts(questionnaire.source), questionnaire.source.decode)


# An import of wording changes one questionnaire of many; the others are not read again.
@lru_cache(maxsize=100)
def _facts(source: bytes) -> Mapping[str, str]:
    resource: dict[str, Any] = json.loads(source)
    return {name: str(resource.get(name, "")) for name in ("url", "version", "status", "title", "name")}
