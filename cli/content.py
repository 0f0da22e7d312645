"""`svarbro content`: check, list and lock the clinical content."""

import click
from rich.console import Console
from rich.table import Table

from delivery.content import load_content
from delivery.content_lock import verify, write


@click.group()
def content() -> None:
    """Look after questionnaires, rules, tables and programmes."""


@content.command()
def check() -> None:
    """Load every file with all its checks, and hold it against content.lock."""
    loaded = load_content()
    verify()
    click.echo(
        f"Content is sound: {len(loaded.questionnaires.all())} questionnaires, {len(loaded.catalogue.rules())} rules, "
        f"{len(loaded.catalogue.tables())} tables, {len(loaded.programmes.all())} programmes."
    )


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
    for programme in loaded.programmes.all():
        table.add_row("programme", programme.id, programme.version)
    Console().print(table)


@content.command()
def lock() -> None:
    """Write content.lock anew: new versions are added, a changed released file is refused."""
    added = write()
    click.echo(f"content.lock holds {added} new files.")
