"""`svarbro enrol`: bring a population list in; a named clinician orders from it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from cli.choice import desk, telling_faults
from flow.candidate_import import ImportOutcome, Listed

WORDS = {
    Listed.ADDED: "new candidates",
    Listed.WAITING: "waiting already",
    Listed.EXCLUDED: "excluded already",
    Listed.ENROLLED: "enrolled already",
    Listed.LEFT: "dead or moved away",
    Listed.NOT_PROPOSED: "in no profile",
}


@click.group()
def enrol() -> None:
    """Bring patients into care packages."""


@enrol.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def import_candidates(file: Path, clinic: str | None, *, as_json: bool) -> None:
    """Read FILE (`identifier;name;package;diagnosis;own_patient`, UTF-8, or FHIR diagnosis cards) as candidates.

    Without `package`, and on diagnosis cards, the profiles of the packages say whom a diagnosis proposes. Nobody is
    written to: a named clinician orders or excludes each. A file with one faulty line changes nothing, and who is a
    candidate, excluded or enrolled already is told, not doubled.

    Exit codes: 0 done, 1 refused (every faulty line is named), 2 misused.
    """
    with desk(clinic) as at, telling_faults(as_json=as_json), _progress() as told:
        outcome = at.services.use_cases.import_candidates(at.actor, file.read_bytes(), told=told)
    if as_json:
        click.echo(json.dumps(_summary(outcome)))
        return
    click.echo(f"{outcome.read} lines.")
    for came, lines in outcome.lines.items():
        shown = f" (lines {', '.join(map(str, lines))})" if lines and came is not Listed.ADDED else ""
        click.echo(f"  {len(lines)} {WORDS[came]}{shown}")


def _summary(outcome: ImportOutcome) -> dict[str, object]:
    counts = {came.value: len(lines) for came, lines in outcome.lines.items()}
    told = {came.value: list(lines) for came, lines in outcome.lines.items() if lines and came is not Listed.ADDED}
    return {"read": outcome.read, **counts, "lines": told}


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Patients", total=None)
        yield lambda done, every: progress.update(task, completed=done, total=every)
