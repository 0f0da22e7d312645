"""The `svarbro` command: a group whose commands are loaded when they are called."""

import gc
from importlib import import_module
from types import ModuleType
from typing import cast

import click

from kernel.errors import SvarbroError

COMMANDS = {
    "appointments": "cli.appointments:appointments",
    "audit": "cli.audit:audit",
    "client": "cli.client:client",
    "clinic": "cli.clinic:clinic",
    "config": "cli.config:config",
    "content": "cli.content:content",
    "db": "cli.db:db",
    "demo": "cli.demo:demo",
    "enrol": "cli.enrol:enrol",
    "escalation": "cli.escalation:escalation",
    "keys": "cli.keys:keys",
    "ladder": "cli.ladder:ladder",
    "outbox": "cli.outbox:outbox",
    "patient": "cli.patient:patient",
    "receipts": "cli.receipts:receipts",
    "rescore": "cli.rescore:rescore",
    "research": "cli.research:research",
    "retention": "cli.retention:retention",
    "run": "cli.run:run",
    "sbom": "cli.sbom:sbom",
    "score": "cli.score:score",
    "serve": "cli.serve:serve",
    "simulate": "cli.simulate:simulate",
    "simulator": "cli.simulator:simulator",
    "staff": "cli.staff:staff",
    "status": "cli.status:status",
    "suggest": "cli.suggest:suggest",
    "validate": "cli.validate:validate",
    "wording": "cli.wording:wording",
    "worker": "cli.worker:worker",
}
"""Name of a command -> `module:attribute`. A command that nobody calls costs nothing at start."""


class LazyGroup(click.Group):
    """Imports a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (the signature is click's)
        """Name every command."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (as above)
        """Load one command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        return cast("click.Command", getattr(_imported(module), attribute))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what the service refuses becomes one line and exit code 1."""
        try:
            return super().invoke(ctx)
        except SvarbroError as error:
            raise click.ClickException(error.text) from error


def _imported(name: str) -> ModuleType:
    # An import leaves hardly any garbage; to look for it all the time makes a start an eighth longer.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        if was_enabled:
            gc.enable()


@click.command(cls=LazyGroup)
@click.version_option(package_name="svarbro")
def main() -> None:
    """Ask patients how they are, score the answers, carry the decision to the plan.

    Exit codes: 0 done, 1 refused or failed, 2 misused.
    """
