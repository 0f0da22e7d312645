"""`svarbro rescore`: stored answers are scored again by the rules of today, and earlier scores are kept."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app import Services, open_services
from flow.rescore import Rescored, RescoreOrder, RescoreResponses
from kernel.errors import UnknownQuestionnaireError
from kernel.ids import Canonical, ClinicId
from questionnaires.registry import Registry
from security.actor import Actor, Role


@click.command()
@click.option("--questionnaire", "named", multiple=True, help="`url|version` or short name; may be given again.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was received from this day on (UTC).")
@click.option("--clinic", "clinics", multiple=True, help="Id of a clinic; all of them without it.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def rescore(named: tuple[str, ...], since: datetime | None, clinics: tuple[str, ...], *, as_json: bool) -> None:
    """Score stored responses that the current rule of their questionnaire has not scored.

    Safe to stop and to run again: it goes on where it was, and does nothing where nothing is left. Earlier scores are
    kept with their rule and the moment at which they were replaced. Suggestions and decisions stay as they were.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    services = open_services()
    order = RescoreOrder(
        tuple(_canonical(services.content.questionnaires, name) for name in named),
        None if since is None else since.replace(tzinfo=UTC),
    )
    try:
        chosen = _chosen(services.store.clinics(), clinics)
        outcomes = [_rescored(services, clinic_id, order) for clinic_id in chosen]
    finally:
        services.store.close()
    _tell(outcomes, as_json=as_json)


def _canonical(registry: Registry, name: str) -> Canonical:
    """A short name means every version of it, and there is one rule to each: the newest is taken."""
    try:
        return registry.get(name).canonical if "|" in name else registry.newest(name).canonical
    except UnknownQuestionnaireError as error:
        raise click.BadParameter(error.text, param_hint="--questionnaire") from error


def _chosen(known: tuple[ClinicId, ...], wanted: tuple[str, ...]) -> tuple[ClinicId, ...]:
    unknown = set(wanted) - set(known)
    if unknown:
        raise click.BadParameter("There is no such clinic.", param_hint="--clinic")
    return tuple(clinic_id for clinic_id in known if not wanted or clinic_id in wanted)


def _rescored(services: Services, clinic_id: ClinicId, order: RescoreOrder) -> Rescored:
    with _progress() as told:
        run = RescoreResponses(services.store, services.content)
        return run(Actor(Role.OPERATOR, "cli", clinic_id), order, told=told)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Responses", total=None)
        yield lambda done, every: progress.update(task, completed=done, total=every)


def _tell(outcomes: list[Rescored], *, as_json: bool) -> None:
    responses: dict[Canonical, int] = {}
    for outcome in outcomes:
        for canonical, count in outcome.responses.items():
            responses[canonical] = responses.get(canonical, 0) + count
    changed = sum(outcome.changed for outcome in outcomes)
    total = sum(responses.values())
    if as_json:
        click.echo(json.dumps({"responses": total, "changed": changed, "questionnaires": responses}))
        return
    click.echo(f"{total} responses scored again, {changed} of them with another result.")
    for canonical, count in sorted(responses.items()):
        click.echo(f"  {count} {canonical}")
