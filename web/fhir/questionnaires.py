"""Questionnaires on the shelf, as they are released."""

import json
from typing import Any

from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from web.fhir.shelf import Shelf, Shelved


def questionnaire_shelf(registry: Registry) -> Shelf:
    """Put every questionnaire version on a shelf."""
    return Shelf("Questionnaire", (_shelved(known) for known in registry.all()))


def _shelved(questionnaire: Questionnaire) -> Shelved:
    source: dict[str, Any] = json.loads(questionnaire.source)
    facts = {name: str(source.get(name, "")) for name in ("url", "version", "status", "title", "name")}
    return Shelved(questionnaire.fhir_id, facts, questionnaire.source.decode)
