"""`svarbro content export`: the content of this release as FHIR resources, for those who run or read it elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import click

from delivery.content import Content, load_content
from questionnaires.model import Questionnaire
from scoring.export import with_calculated_expressions
from scoring.significance import with_answer_significance
from web.fhir.plan_definition import plan_definition


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def export(directory: Path) -> None:
    """Write every questionnaire and programme of this release into DIRECTORY as FHIR R4 JSON.

    A questionnaire stands there as it is, with the SDC expressions that compute its scores (`.calculated`), and with
    the answers that decide an alert alone (`.significance`); a programme is a PlanDefinition. The texts are the
    working texts of the release, never an owner's wording that was imported.

    Exit codes: 0 written, 1 refused, 2 misused.
    """
    content = load_content()
    directory.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, raw in _resources(content):
        (directory / f"{name}.json").write_bytes(raw)
        written += 1
    click.echo(f"{written} resources written.")


def _resources(content: Content) -> Iterator[tuple[str, bytes]]:
    """Give each resource with the name of its file."""
    for questionnaire in content.questionnaires.all():
        yield from _views(questionnaire, content)
    for programme in content.programmes.all():
        name = f"PlanDefinition-{programme.id}-{programme.version}"
        yield name, plan_definition(programme, content).encode()


def _views(questionnaire: Questionnaire, content: Content) -> Iterator[tuple[str, bytes]]:
    name, source = f"Questionnaire-{questionnaire.fhir_id}", questionnaire.source
    rule = content.catalogue.rule_for(questionnaire.canonical)
    yield name, source
    yield f"{name}.calculated", with_calculated_expressions(source, rule)
    yield f"{name}.significance", with_answer_significance(source, rule, content.catalogue.tables())
