"""`svarbro research`: a project's key, and a clinic's data under the project's pseudonyms."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cli.choice import desk
from flow.research import ExportForResearch
from security.pseudonym import new_project, read_project

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def research() -> None:
    """Give coded data to research under pseudonyms; whether a project may have them is decided outside."""


@research.command(name="new-key")
@click.argument("file", type=FILE)
def new_key(file: Path) -> None:
    """Make the key of a new project in FILE; its pseudonyms are made with it and with nothing else.

    Exit codes: 0 made, 1 the file exists, 2 misused.
    """
    new_project(file)
    click.echo("Keep it apart from the data; destroy it when nobody must be found again.")


@research.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--project", required=True, help="Name of the project, for the audit.")
@click.option("--key", "key_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
def export(directory: Path, project: str, key_file: Path, clinic: str | None) -> None:
    """Write coded answers, scores and decisions as CSV, and tables of counts as JSON, into DIRECTORY.

    Pseudonyms are the project's, days are moved patient by patient, there is no free text, counts below 5 are not told.

    Exit codes: 0 written, 1 refused, 2 misused.
    """
    with desk(clinic) as at:
        found = ExportForResearch(at.services.store)(at.actor, read_project(key_file), project)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, rows in found.files.items():
        _write(directory / f"{name}.csv", rows)
    tables = {name: list(rows) for name, rows in found.tables.items()}
    (directory / "tables.json").write_text(json.dumps(tables, ensure_ascii=False, indent=1), encoding="utf-8")
    click.echo(", ".join(f"{name}: {len(rows)} rows" for name, rows in found.files.items()))


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["patient", "day"])
        writer.writeheader()
        writer.writerows(rows)
