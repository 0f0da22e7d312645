"""What `$extract` gives: a transaction Bundle of Observations, one for each flagged answer and each score."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from fhir.resources.R4B.observation import Observation

from flow.extract import ExtractedResponse
from flow.record import ResponseRecord
from kernel.ids import new_id
from scoring.catalogue import Catalogue
from store.repositories.responses import RETRACTED
from web.fhir.extracted_items import answers_of, extracted_items
from web.fhir.model import concept, instant, written
from web.fhir.observation import score_elements
from web.fhir.systems import OBSERVATION_CATEGORY

NAMESPACE = UUID("6f1c3c1e-6d0e-5d0b-9f5b-0d1e7a5b2c4f")
"""Of the ids of extracted Observations: the same answer of the same response is the same Observation each time."""
STATUS = {"completed": "final", "amended": "amended", RETRACTED: RETRACTED}
COPIED = ("encounter", "basedOn", "partOf")


def extract(extracted: ExtractedResponse, catalogue: Catalogue) -> str:
    """Write the Bundle.

    Where the response has an id, each Observation has one that stays over its versions, and is put: a receiver that
    takes the Bundle again changes what it has, and withdraws what was entered in error. Otherwise it is posted.

    Source: HL7 SDC 4.0.0, observation-based extraction.
    """
    head = _head(extracted)
    key = extracted.filed.id if extracted.filed else extracted.resource.get("id")
    entries = [
        _entry(f"{key}/{name}" if key else None, {**head, **body}) for name, body in _bodies(extracted, catalogue)
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction"}
    if not entries:
        return json.dumps(bundle)
    return f'{json.dumps(bundle)[:-1]}, "entry": [{", ".join(entries)}]}}'


def _bodies(extracted: ExtractedResponse, catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each Observation a name that is its own within the response."""
    items = extracted_items(extracted.questionnaire.source)
    seen: Counter[str] = Counter()
    for link_id, answer in answers_of(extracted.resource.get("item", ())):
        value = items[link_id].value(answer) if link_id in items else {}
        if value:
            seen[link_id] += 1
            item = items[link_id]
            category = item.category or [concept(OBSERVATION_CATEGORY, "survey")]
            yield f"item/{link_id}/{seen[link_id]}", {"category": category, "code": {"coding": item.code}, **value}
    if extracted.scored.scores:
        rule = catalogue.rule_for(extracted.questionnaire.canonical)
        for score in extracted.scored.scores:
            yield f"score/{score.id}", score_elements(rule, extracted.scored.rule, score)


def _head(extracted: ExtractedResponse) -> dict[str, Any]:
    """Write what all Observations of a response share."""
    resource = extracted.resource
    shared = {name: resource[name] for name in COPIED if name in resource}
    status = {"status": STATUS[resource["status"]]}
    if extracted.filed is not None:
        return shared | status | _of_filed(extracted.filed)
    told = {
        "subject": resource.get("subject"),
        "effectiveDateTime": resource.get("authored"),
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{resource['id']}"}] if "id" in resource else [],
    }
    return shared | status | told


def _of_filed(record: ResponseRecord) -> dict[str, Any]:
    """Name the subject by pseudonym, whatever the response itself named it by."""
    return {
        "subject": {"reference": f"Patient/{record.patient_ref}"},
        "effectiveDateTime": instant(record.filed.authored_at),
        "issued": instant(record.filed.received_at),
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{record.id}"}],
    }


def _entry(name: str | None, body: Mapping[str, Any]) -> str:
    observation_id = str(uuid5(NAMESPACE, name)) if name else None
    resource = written(Observation, {"id": observation_id, **body})
    url = f"Observation/{observation_id}" if observation_id else "Observation"
    request = {"method": "PUT" if observation_id else "POST", "url": url}
    place = json.dumps(f"urn:uuid:{observation_id or new_id()}")
    return f'{{"fullUrl": {place}, "resource": {resource}, "request": {json.dumps(request)}}}'
