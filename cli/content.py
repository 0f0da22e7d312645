"""`svarbro content`: check, list and lock the clinical content."""

import click
from rich.console import Console
from rich.table import Table

from delivery.content import Content, load_content
from delivery.content_lock import verify, write
from scoring.cohort import measure, refuse_above_ceiling
from scoring.cohort_file import cohort_of, load_cohorts


@click.group()
def content() -> None:
    """Look after questionnaires, rules, tables and programmes."""


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
def list_content() -> None:
    """Show what is loaded, with versions."""
    loaded = load_content()
    table = Table("Kind", "Id", "Version")
    for questionnaire in loaded.questionnaires.all():
        table.add_row("questionnaire", questionnaire.id, questionnaire.version)
    for rule in loaded.catalogue.rules():
        table.add_row("rule", rule.version.id, rule.version.version)
    for decision_table in loaded.catalogue.tables():
        table.add_row("table", decision_table.version.id, decision_table.version.version)
    for needs_table in loaded.catalogue.needs_tables():
        table.add_row("table", needs_table.version.id, needs_table.version.version)
    for programme in loaded.programmes.all():
        table.add_row("programme", programme.id, programme.version)
    Console().print(table)


@content.command()
def lock() -> None:
    """Write content.lock anew: new versions are added, a changed released file is refused."""
    added = write()
    click.echo(f"content.lock holds {added} new files.")
