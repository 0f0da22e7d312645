"""`svarbro wording`: bring the owners' texts in, each with its licence record."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from app import Services, open_services
from cli.choice import telling_faults
from flow.content_file import Grant, read_grant
from flow.content_wording import ImportWording, WordingFile
from questionnaires.wording import DANISH, Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def wording() -> None:
    """Look after the owners' wording of questionnaires."""


@wording.command()
@click.argument("questionnaire")
@click.option("--language", default=DANISH, show_default=True, help="Language of the list.")
def template(questionnaire: str, language: str) -> None:
    """Write the list for QUESTIONNAIRE (`cat`) that the owner's texts are put into."""
    services = open_services()
    click.echo(services.use_cases.import_wording.template(questionnaire, language), nl=False)
    services.store.close()


@wording.command(name="import")
@click.argument("file", type=FILE)
@click.option("--questionnaire", help="`url|version`, or a short name; from the licence file where it is left out.")
@click.option("--language", help="Language of a FHIR file that does not say.")
@click.option("--by", required=True, help="Name of the person who brings it.")
@click.option("--licence", "licence_file", type=FILE, help="JSON file with all that the options below say.")
@click.option("--holder", help="Who granted the licence.")
@click.option("--grant", "number", help="Number or name of the agreement.")
@click.option("--granted-on", type=DAY, help="First day on which it holds.")
@click.option("--expires-on", type=DAY, help="Last day on which it holds; left out: it does not expire.")
@click.option("--terms", help="Conditions, and what the owner wants to be said of the texts.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
def import_command(
    file: Path,
    questionnaire: str | None,
    language: str | None,
    by: str,
    licence_file: Path | None,
    *,
    as_json: bool,
    **told: str | datetime | None,
) -> None:
    """Take the texts of FILE in: a FHIR Questionnaire (.json), or a list `linkId;element;language;text` (UTF-8).

    Only texts change. A file that adds, drops or renumbers an item or option is refused, each by name.

    Exit codes: 0 done, 1 refused (every place is named), 2 misused.
    """
    grant = read_grant(licence_file.read_bytes(), licence_file.name) if licence_file else _grant(told)
    named = questionnaire or grant.instrument
    if not named:
        raise click.UsageError("Name the questionnaire: --questionnaire NAME.")
    texts = WordingFile(file.read_bytes(), file.suffix.lower() == ".json", named, language)
    with telling_faults(as_json=as_json):
        services = open_services()
        done = _imported(services, texts, grant, by)
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in done]))
        return
    for one in done:
        click.echo(f"{one.questionnaire} ({one.language}): {len(one.texts)} texts, hash {one.sha256}")
        click.echo(f"  licence record {one.licence_id}")


def _imported(services: Services, texts: WordingFile, grant: Grant, by: str) -> tuple[Wording, ...]:
    use_case: ImportWording = services.use_cases.import_wording
    try:
        return use_case(texts, grant, by)
    finally:
        services.store.close()


def _grant(told: dict[str, str | datetime | None]) -> Grant:
    granted_on = _day(told["granted_on"])
    holder, number, terms = (str(told[name] or "") for name in ("holder", "number", "terms"))
    if granted_on is None or not (holder and number and terms):
        raise click.UsageError("Give --licence FILE, or --holder, --grant, --granted-on and --terms.")
    return Grant(holder, number, granted_on, _day(told["expires_on"]), terms)


def _day(moment: str | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else None


def _as_json(one: Wording) -> dict[str, object]:
    return {
        "questionnaire": one.questionnaire,
        "language": one.language,
        "texts": len(one.texts),
        "sha256": one.sha256,
        "licence": one.licence_id,
    }
