"""`svarbro score`: the scores of responses, exact; for scripts, and without web, database or FHIR models."""

import json
from dataclasses import dataclass

import click

from cli.lines import FILE, line_texts, whole_texts
from cli.scored_json import refused, scored_json
from kernel.errors import MalformedInputError, SvarbroError
from questionnaires.gate import check_response
from questionnaires.registry import Registry
from questionnaires.strict_json import parse_object
from scoring.catalogue import Catalogue
from scoring.chosen import chosen_params
from scoring.condition import Params
from scoring.scores import score as score_response
from web.fhir.verbatim import members

REFUSED = 1
ENVELOPE = frozenset({"response", "params"})


@click.command()
@click.option("--ndjson", is_flag=True, help="One response per line; standard input without FILE.")
@click.argument("files", nargs=-1, type=FILE)
def score(files: tuple[str, ...], *, ndjson: bool) -> None:
    """Print the scores of each QuestionnaireResponse of FILE... (`-`: standard input) as JSON.

    With --ndjson one line for each line: {"questionnaire", "scores": [{"id", "value", "display", "band", "estimated",
    "answered", "missing"}], "error"}; otherwise the same, indented, for each file. A text may also be
    {"response": {...}, "params": {"minAnswered": 7}}.

    Exit codes: 0 all scored, 1 one was refused, 2 misused.
    """
    if not files and not ndjson:
        raise click.UsageError("Name a file, or - for standard input.")
    told = Told.of(Registry.load())
    is_refused = False
    for raw in line_texts(files) if ndjson else whole_texts(files):
        result = told(raw)
        is_refused = is_refused or result["error"] is not None
        click.echo(json.dumps(result, ensure_ascii=False, indent=None if ndjson else 2))
    if is_refused:
        raise click.exceptions.Exit(REFUSED)


@dataclass(frozen=True, slots=True)
class Told:
    """Scores texts by the content of this installation."""

    registry: Registry
    catalogue: Catalogue

    @classmethod
    def of(cls, registry: Registry) -> "Told":
        """Load the rules."""
        return cls(registry, Catalogue.load(registry))

    def __call__(self, raw: bytes) -> dict[str, object]:
        """Score one text; what is wrong with it is told in its place."""
        response = raw
        try:
            response, given = _unwrapped(raw)
            checked = check_response(response, self.registry)
            rule = self.catalogue.rule_for(checked.questionnaire)
            params = chosen_params(self.catalogue, rule, given)
            questionnaire = self.registry.get(checked.questionnaire)
            return scored_json(score_response(rule, questionnaire, checked, params=params))
        except SvarbroError as error:
            return refused(error, self._known(response))

    def _known(self, response: bytes) -> str | None:
        """Return the questionnaire that a refused response names, if it is one of ours."""
        try:
            named = parse_object(response).get("questionnaire")
        except MalformedInputError:
            return None
        known = (one.canonical for one in self.registry.all())
        return next((canonical for canonical in known if canonical == named), None)


def _unwrapped(raw: bytes) -> tuple[bytes, Params]:
    """Take a response and its parameters out of what may be around them; the response stays as it was written."""
    # Only a text that can hold one is looked into: a response alone is read once, by the gate.
    if b'"response"' not in raw:
        return raw, {}
    around = parse_object(raw)
    if "resourceType" in around or "response" not in around:
        return raw, {}
    params = around.get("params", {})
    if not (set(around) <= ENVELOPE and isinstance(around["response"], dict) and isinstance(params, dict)):
        raise MalformedInputError("A line is a response, or holds response and params and nothing else.")
    return members(raw.decode())["response"].encode(), params
