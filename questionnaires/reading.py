"""Reads any FHIR R4 Questionnaire; what is invalid or not supported is told by linkId and element."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from kernel.errors import ContentError, Issue, MalformedInputError
from questionnaires.content_file import Fields
from questionnaires.findings import Findings, Place, issue_of
from questionnaires.item_checks import check_items
from questionnaires.item_file import Around, read_items
from questionnaires.model import Item, Questionnaire, Text
from questionnaires.strict_json import MOST_BYTES_ATTACHED, parse_object
from questionnaires.structure import check_object
from questionnaires.unsupported import UNSUPPORTED, unsupported_in
from questionnaires.value_sets import ValueSets

ROOT: Place = (None, "Questionnaire", -1)
# publication-status -> what to tell whoever checks a response against it
CAUTIONS = MappingProxyType(
    {"draft": "questionnaireDraft", "retired": "questionnaireRetired", "unknown": "questionnaireInactive"}
)


def read_questionnaire(raw: bytes, where: str) -> Questionnaire:
    """Read a Questionnaire that need not be one of ours.

    Args:
        raw: the resource as JSON, at most 2 MiB.
        where: file name or other origin, for messages.

    Returns:
        The questionnaire; `canonical` is empty or lacks the version where the resource does not say. Texts stand in
        `da` whatever their language.

    Raises:
        ContentError: it is no valid R4 Questionnaire, or asks for something that this gate cannot check; the message
            names linkId and element.

    Source: FHIR R4 Questionnaire; HL7 SDC 4.0.0; docs/decisions/0015.
    """
    resource = _resource(raw, where)
    contained = Fields(resource, where).parts("contained")
    for url in unsupported_in(resource):
        raise ContentError(f"{where}: {url.rpartition('/')[2]} is not supported: {UNSUPPORTED[url]}")
    items = read_items(resource.get("item", []), Around(where, ValueSets(contained)))
    every = tuple(_flat(items))
    check_items(every, items, where)
    url = resource.get("url", "")
    return Questionnaire(
        id=url.rsplit("/", 1)[-1],
        url=url,
        version=resource.get("version", ""),
        title=Text(resource.get("title", "")),
        intro=Text(""),
        recall=Text(""),
        items=items,
        by_link_id=MappingProxyType({item.link_id: item for item in every}),
        sha256=hashlib.sha256(raw).hexdigest(),
        source=raw,
        status=resource["status"],
    )


def cautions(questionnaire: Questionnaire) -> tuple[Issue, ...]:
    """List the warnings that a check against a questionnaire carries: a draft, retired, or of unknown standing."""
    rule = CAUTIONS.get(questionnaire.status)
    if rule is None:
        return ()
    told = issue_of(rule, None, "QuestionnaireResponse.questionnaire")
    return (Issue(told.code, told.text, told.expression, None, rule, "warning"),)


def _resource(raw: bytes, where: str) -> dict[str, Any]:
    try:
        resource = parse_object(raw, most_bytes=MOST_BYTES_ATTACHED)
    except MalformedInputError as error:
        raise ContentError(f"{where}: {error.text}") from error
    if resource.get("resourceType") != "Questionnaire":
        raise ContentError(f"{where}.resourceType: Questionnaire is expected")
    findings = Findings(None)
    shown = {name: part for name, part in resource.items() if name != "contained"}
    check_object(shown, "Questionnaire", ROOT, findings)
    for issue in findings.issues:
        raise ContentError(f"{where}: {_link_id_at(resource, issue.expression or '')}{issue.expression}: {issue.text}")
    return resource


def _link_id_at(resource: dict[str, Any], expression: str) -> str:
    """Find the linkId of the innermost item that a fault lies in, for the message; empty if it has none."""
    found, here = "", resource
    for step in takewhile(lambda step: step.startswith("item["), expression.split(".")[1:]):
        here = here["item"][int(step[len("item[") : -1])]
        link_id = here.get("linkId") if isinstance(here, dict) else None
        found = f"{link_id}: " if isinstance(link_id, str) else found
    return found


def _flat(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)
