"""`svarbro validate`: what is wrong with responses; for scripts, and without web, database or FHIR models."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.lines import FILE, line_texts, whole_texts
from kernel.errors import (
    ContentError,
    InvalidInputError,
    InvalidResponseError,
    Issue,
    UnknownQuestionnaireError,
)
from questionnaires.gate import check_resource, check_response, demand_response
from questionnaires.plan import ResponsePlan, most_bytes_of, plan_of
from questionnaires.reading import cautions, read_questionnaire
from questionnaires.registry import Registry
from questionnaires.statuses import FHIR_STATUSES
from questionnaires.strict_json import parse_object
from web.fhir.outcome import outcome

Check = Callable[[bytes], tuple[Issue, ...]]
"""Returns the warnings of a response that is valid."""
INVALID = 1
MISUSED = 2
NAMED = "QuestionnaireResponse.questionnaire"
PATH = re.compile(r"Questionnaire\.[A-Za-z]+(\[\d+\])?(\.[A-Za-z]+(\[\d+\])?)*")
ITEM = re.compile(r"Questionnaire: (?P<link_id>[A-Za-z0-9._/-]+): ")
UNNAMED = "urn:svarbro:given-questionnaire"
"""Stands in a response that names no questionnaire while it is held against one that has no address either."""


@click.command()
@click.option("--questionnaire", "asked", metavar="FILE_OR_CANONICAL", help="Hold every response against this one.")
@click.option("--ndjson", is_flag=True, help="One response per line; standard input without FILE.")
@click.argument("files", nargs=-1, type=FILE)
def validate(asked: str | None, files: tuple[str, ...], *, ndjson: bool) -> None:
    """Print an OperationOutcome, one line of JSON, for each QuestionnaireResponse of FILE... (`-`: standard input).

    A response is held against the questionnaire that it names, exactly, with version; with --questionnaire against
    that one: a file with any FHIR R4 Questionnaire, or the `url|version` of one of ours. Then it may name none, or the
    same without a version; naming another one is a fault.

    Exit codes: 0 all valid, 1 one is not, 2 misused or the Questionnaire cannot be used.
    """
    if not files and not ndjson:
        raise click.UsageError("Name a file, or - for standard input.")
    check = _check_against(asked) if asked else _check_named(Registry.load())
    is_invalid = False
    for raw in line_texts(files) if ndjson else whole_texts(files):
        issues = issues_of(check, raw)
        is_invalid = is_invalid or any(issue.severity in ("error", "fatal") for issue in issues)
        tell(issues)
    if is_invalid:
        raise click.exceptions.Exit(INVALID)


def issues_of(check: Check, raw: bytes) -> tuple[Issue, ...]:
    """List every fault of a response, or what a valid one should make aware of."""
    try:
        return check(raw)
    except InvalidInputError as error:
        return error.issues


def tell(issues: tuple[Issue, ...]) -> None:
    """Print one OperationOutcome."""
    click.echo(json.dumps(outcome(issues), ensure_ascii=False))


def _check_named(registry: Registry) -> Check:
    def check(raw: bytes) -> tuple[Issue, ...]:
        check_response(raw, registry, statuses=FHIR_STATUSES)
        return ()

    return check


def _check_against(asked: str) -> Check:
    """Find the questionnaire; one that cannot be used is told as an OperationOutcome, and ends the command."""
    try:
        return _CheckAgainst(_plan(asked))
    except UnknownQuestionnaireError as error:
        raise click.BadParameter(f"No such file. {error.text}", param_hint="--questionnaire") from error
    except ContentError as error:
        tell((_unusable(error),))
        raise click.exceptions.Exit(MISUSED) from error


def _plan(asked: str) -> ResponsePlan:
    path = Path(asked)
    if path.is_file():
        return plan_of(read_questionnaire(path.read_bytes(), "Questionnaire"))
    return Registry.load().plan(asked)


def _unusable(error: ContentError) -> Issue:
    """Tell why a Questionnaire cannot be used, and where: by the path or the linkId that the text names."""
    path, item = PATH.search(error.text), ITEM.match(error.text)
    link_id = item["link_id"] if item else None
    found = f"Questionnaire.repeat(item).where(linkId='{link_id}')" if link_id else "Questionnaire"
    return Issue("not-supported", error.text, path[0] if path else found, link_id, "unusable-questionnaire")


@dataclass(frozen=True, slots=True)
class _CheckAgainst:
    """Holds responses against one questionnaire."""

    plan: ResponsePlan

    def __call__(self, raw: bytes) -> tuple[Issue, ...]:
        resource = parse_object(raw, most_bytes=most_bytes_of(self.plan))
        demand_response(resource)
        issues = self._other_questionnaire(resource)
        given = self.plan.questionnaire.canonical.strip("|") or UNNAMED
        try:
            check_resource({"questionnaire": given, **resource}, self.plan, statuses=FHIR_STATUSES)
        except InvalidResponseError as error:
            issues.extend(error.issues)
        if issues:
            raise InvalidResponseError("The response breaks its questionnaire.", issues=issues)
        return cautions(self.plan.questionnaire)

    def _other_questionnaire(self, resource: dict[str, Any]) -> list[Issue]:
        named, known = resource.get("questionnaire"), self.plan.questionnaire
        if not isinstance(named, str) or not known.url:
            return []
        url, _, version = named.partition("|")
        if url == known.url and (not version or not known.version or version == known.version):
            return []
        text = "The response names another questionnaire than the one that it is held against."
        return [Issue("conflict", text, NAMED, rule="another-questionnaire")]
