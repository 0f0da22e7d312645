"""`svarbro serve`: the web process."""

import click

from app import create_app
from cli.webserver import WebServer
from kernel.log import configure_logs
from kernel.settings import Settings


def make_app() -> object:
    """Build the application in the serving process."""
    configure_logs("web")
    return create_app(Settings.from_env())


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Web processes; PostgreSQL only above 1.")
def serve(host: str, port: int, processes: int) -> None:
    """Serve FHIR, API, webhooks and pages."""
    if processes > 1 and Settings.from_env().database_url.startswith("sqlite"):
        raise click.UsageError("SQLite allows one web process; use PostgreSQL for more.")
    WebServer(make_app, f"{host}:{port}", processes=processes).run()
