"""`svarbro serve`: the web process."""

from functools import partial

import click
from flask import Flask

from app import create_app, services_of
from cli.start import tell_content
from cli.webserver import WebServer
from kernel.log import configure_logs
from kernel.settings import Settings


def make_app(settings: Settings) -> Flask:
    """Build the application in the serving process."""
    configure_logs("web")
    app = create_app(settings)
    tell_content(services_of(app))
    return app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Web processes; PostgreSQL only above 1.")
def serve(host: str, port: int, processes: int) -> None:
    """Serve FHIR, API, webhooks and pages."""
    settings = Settings.from_env()
    if processes > 1 and settings.database_url.startswith("sqlite"):
        raise click.UsageError("SQLite allows one web process; use PostgreSQL for more.")
    WebServer(partial(make_app, settings), f"{host}:{port}", processes=processes).run()
