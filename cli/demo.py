"""`svarbro demo`: one patient's way, told in the terminal against real processes."""

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from cli.cast import MORE_STEPS
from cli.prepare import environment_of, free_addresses, prepare
from cli.processes import Processes
from cli.run import start_all
from cli.story import STEPS, Story, StoryError
from kernel.settings import Settings


@click.command()
@click.option("--database-url", default="", help="Tell it on this empty database instead of a temporary SQLite file.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(["simulator", "web", "worker"]),
    help="Leave a process out, to see the story break.",
)
@click.option("--patience", default=30.0, show_default=True, help="Seconds to wait for each thing to happen.")
def demo(database_url: str, without: tuple[str, ...], patience: float) -> None:
    """Enrol, invite, answer by three doors, suggest, decide, report; exit 1 at the first step that fails."""
    console = Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="svarbro-demo-")))
        addresses = free_addresses(0, 0)
        url = database_url or f"sqlite:///{directory / 'demo.sqlite'}"
        environ = {**environment_of(directory, addresses), "SVARBRO_DATABASE_URL": url}
        settings = Settings.from_env({**os.environ, **environ})
        people = prepare(settings, enrol=False)
        processes = stack.enter_context(Processes(environ, Path(os.environ.get("SVARBRO_LOG_DIR", directory / "logs"))))
        start_all(processes, addresses, without=without)
        story = Story(addresses.web, addresses.simulator, people, patience, directory / "clock-offset")
        for number, step in enumerate((*STEPS, *MORE_STEPS), start=1):
            title = (step.__doc__ or "").splitlines()[0].rstrip(".")
            try:
                told = step(story)
            except StoryError as error:
                console.print(f"[bold red]{number:2}. {title}: {error.text}[/]")
                sys.exit(1)
            console.print(f"[bold]{number:2}. {title}[/]  {told}")
    console.print(f"[green]The story ends right, after {time.monotonic() - began:.1f} s.[/]")
