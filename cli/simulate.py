"""`svarbro simulate`: who would change if another alert table were used, before anybody adopts it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Shown

from app import open_services
from delivery.content import Content
from flow.content_simulate import Change, Simulated, SimulateTable
from scoring.cohort import Rates, measure
from scoring.cohort_file import cohort_of, load_cohorts
from scoring.levels import Colour
from scoring.table import Table

NAMED = re.compile(r"(?P<id>.+?)(?:[|-](?P<version>\d+\.\d+\.\d+))?")
ABOVE = 1


@click.command()
@click.argument("table")
@click.option("--instead-of", help="Id of the table whose suggestions are replayed; by default the table's own id.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
def simulate(table: str, instead_of: str | None, *, as_json: bool) -> None:
    """Replay stored answers with TABLE (`alert/kol`, `alert/kol-2.1.0` or a file) and count who would change.

    Nothing is changed, and only counts are told: never a name, a number or an answer. Beside them stand the alerts per
    100 unchanged synthetic patients and the ceiling that the table declares.

    Exit codes: 0 done and below the ceiling, 1 refused or above the ceiling, 2 misused.
    """
    services = open_services()
    try:
        services.use_cases.refresh()
        candidate = _table(services.content, table)
        found = _simulated(SimulateTable(services.store, services.content), candidate, instead_of)
    finally:
        services.store.close()
    rates = _rates(candidate)
    (_tell_json if as_json else _tell)(candidate, found, rates)
    if rates.alerted > candidate.ceiling.alerted or rates.red > candidate.ceiling.red:
        raise SystemExit(ABOVE)


def _table(content: Content, name: str) -> Table:
    path = Path(name)
    if path.is_file():
        return content.released.catalogue.candidate(path.read_bytes(), path.name)
    match = NAMED.fullmatch(name)
    if match is None:
        raise click.UsageError("Name a table or a file.")
    return content.released.catalogue.table(match["id"], match["version"])


def _simulated(use_case: SimulateTable, table: Table, instead_of: str | None) -> Simulated:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Enrolments", total=None)
        return use_case(table, instead_of or table.version.id, lambda done: progress.update(task, completed=done))


def _rates(table: Table) -> Rates:
    cohort = cohort_of(load_cohorts(), table.version.id)
    return measure(cohort, table, patients=cohort.quick)


def _tell(table: Table, found: Simulated, rates: Rates) -> None:
    console = Console()
    console.print(f"{table.version.id} {table.version.version} ({table.version.sha256[:12]})")
    for title, matrix in (("Occasions", found.occasions), ("Enrolments, newest occasion", found.newest)):
        shown = Shown(f"{title}: was", *(f"would be {new}" for new in Colour))
        for old in Colour:
            shown.add_row(old, *(str(matrix.get((old, new), 0)) for new in Colour))
        console.print(shown)
        console.print(f"{_changed(matrix)} of {sum(matrix.values())} would change.")
    ceiling = table.ceiling
    console.print(
        f"Of 100 unchanged synthetic patients {float(rates.alerted):.1f} yellow or red (ceiling "
        f"{float(ceiling.alerted):g}), {float(rates.red):.1f} red (ceiling {float(ceiling.red):g})."
    )


def _tell_json(table: Table, found: Simulated, rates: Rates) -> None:
    ceiling = table.ceiling
    unchanged = {
        "yellowOrRed": round(float(rates.alerted), 2),
        "red": round(float(rates.red), 2),
        "ceiling": {"yellowOrRed": float(ceiling.alerted), "red": float(ceiling.red)},
        "belowCeiling": rates.alerted <= ceiling.alerted and rates.red <= ceiling.red,
    }
    version = {"id": table.version.id, "version": table.version.version, "sha256": table.version.sha256}
    told = {"occasions": _as_json(found.occasions), "enrolments": _as_json(found.newest)}
    click.echo(json.dumps({"table": version, **told, "per100Unchanged": unchanged}))


def _as_json(matrix: Mapping[Change, int]) -> Mapping[str, object]:
    rows = {old: {new: matrix.get((old, new), 0) for new in Colour} for old in Colour}
    return {"compared": sum(matrix.values()), "changed": _changed(matrix), "matrix": rows}


def _changed(matrix: Mapping[Change, int]) -> int:
    return sum(count for (old, new), count in matrix.items() if old is not new)
