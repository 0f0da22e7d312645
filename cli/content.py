"""`svarbro content`: check, list, export, approve and lock the clinical content."""

import json
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from app import open_services
from cli.export import export
from cli.in_force import NO_DATABASE, content_here
from delivery.content import Content, load_content
from delivery.content_lock import verify, write
from delivery.recurrence import danish_date
from flow.content_list import ContentLine, line_as_json, list_content
from kernel.settings import Settings
from scoring.cohort import measure, refuse_above_ceiling
from scoring.cohort_file import cohort_of, load_cohorts

SHORT_HASH = 12
WIDE = 240


@click.group()
def content() -> None:
    """Look after questionnaires, rules, tables and programmes."""


content.add_command(export)


@content.command()
def check() -> None:
    """Load and check every file, hold it against content.lock, and count alerts of unchanged patients."""
    loaded = load_content()
    verify()
    _check_alerts(loaded)
    tables = len(loaded.catalogue.tables()) + len(loaded.catalogue.needs_tables())
    click.echo(
        f"Content is sound: {len(loaded.questionnaires.all())} questionnaires, {len(loaded.catalogue.rules())} rules, "
        f"{tables} tables, {len(loaded.programmes.all())} programmes."
    )


def _check_alerts(loaded: Content) -> None:
    """Print how often each table alerts for unchanged patients; stop at one that does too often."""
    cohorts = load_cohorts()
    for table in loaded.catalogue.tables():
        cohort = cohort_of(cohorts, table.version.id)
        rates = measure(cohort, table, patients=cohort.quick)
        click.echo(
            f"{table.version.id} {table.version.version}: of 100 unchanged patients {float(rates.alerted):.1f} yellow "
            f"or red (ceiling {float(table.ceiling.alerted):g}), {float(rates.red):.1f} red "
            f"(ceiling {float(table.ceiling.red):g}); {cohort.quick} synthetic ones"
        )
        refuse_above_ceiling(table, rates)


@content.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Write one object for each file.")
def list_command(*, as_json: bool) -> None:
    """Show every content file: version, hash, approval, licence, and whether it can be sent."""
    here = content_here(Settings.from_env())
    lines = list_content(here.content, danish_date(datetime.now(UTC)))
    if as_json:
        click.echo(json.dumps([line_as_json(line) for line in lines], ensure_ascii=False))
        return
    table = Table("Kind", "Id", "Version", "Hash", "Status", "Approval", "Licence", "Sendable")
    for line in lines:
        table.add_row(line.kind, *_cells(line))
    console = Console()
    # A file or a pipe has no width: there, a line is never broken.
    console = console if console.is_terminal else Console(width=WIDE)
    console.print(table)
    if not here.has_database:
        console.print(NO_DATABASE)


def _cells(line: ContentLine) -> tuple[str, ...]:
    version = line.version
    return (
        version.id,
        version.version,
        version.sha256[:SHORT_HASH],
        line.status,
        _approval(line),
        _licence(line),
        _sendable(line),
    )


def _approval(line: ContentLine) -> str:
    if line.approval is None:
        return ""
    said = f"{len(line.approval.by)} of {line.approval.of}"
    return f"{said}: {', '.join(line.approval.by)}" if line.approval.by else said


def _licence(line: ContentLine) -> str:
    if line.licence is None:
        return ""
    record = line.licence.record
    until = f"until {record.expires_on}" if record and record.expires_on else "no end"
    return f"{line.licence.need}: {record.holder}, {until}" if record else line.licence.need.value


def _sendable(line: ContentLine) -> str:
    if line.licence:
        return line.licence.why_not or "yes"
    return ("yes" if line.approval.may_be_used else "awaiting-approval") if line.approval else ""


@content.command()
@click.argument("name")
@click.option("--by", required=True, help="Name of the person who approves.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
def approve(name: str, by: str, *, as_json: bool) -> None:
    """Approve a table or programme NAME (`alert/kol|2.0.0`) as its file stands now; two different people must.

    Exit codes: 0 recorded, 1 refused (unknown, or the same person again), 2 misused.
    """
    services = open_services()
    try:
        done = services.use_cases.approve(name, by)
    finally:
        services.store.close()
    if as_json:
        told = {"id": done.content.id, "version": done.content.version, "sha256": done.content.sha256}
        click.echo(json.dumps({**told, "by": list(done.by), "mayBeUsed": done.may_be_used}, ensure_ascii=False))
        return
    state = "it may be used" if done.may_be_used else "another person must approve it before it is used"
    click.echo(f"{done.content.id} {done.content.version} ({done.content.sha256[:SHORT_HASH]}): approved by")
    click.echo(f"  {', '.join(done.by)}; {state}.")


@content.command()
def lock() -> None:
    """Write content.lock anew: new versions are added, a changed released file is refused."""
    added = write()
    click.echo(f"content.lock holds {added} new files.")
