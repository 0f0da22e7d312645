"""`svarbro simulator`: apps, plan service, practice system and inspector in one process; demo only."""

from functools import partial
from pathlib import Path

import click
from flask import Flask

from cli.webserver import WebServer
from delivery.simulator.app import AppAccess, SimulatorSettings, create_simulator
from delivery.simulator.scenario import WELL_BEHAVED, Scenario, read_scenario
from kernel.clock import OffsetClock, SystemClock
from kernel.errors import SettingsError
from kernel.log import configure_logs
from kernel.settings import Settings
from security.keys import read_key_file


def make_simulator(settings: Settings, scenario: Scenario = WELL_BEHAVED) -> Flask:
    """Build the simulator from the same settings and keys as the service that it talks to."""
    configure_logs("simulator")
    secrets = read_key_file(settings.keys_file).webhook_secrets
    return create_simulator(
        SimulatorSettings(
            svarbro_url=settings.public_url,
            apps={
                "webpatient": AppAccess(settings.webpatient_token, secrets["webpatient"][0]),
                "minlaege": AppAccess(settings.minlaege_token, secrets["minlaege"][0]),
            },
            flp_token=settings.flp_token,
            lps_token=settings.lps_token,
            state_file=settings.instance_dir / "simulator.sqlite",
            clock=OffsetClock(settings.clock_file) if settings.clock_file else SystemClock(),
            scenario=scenario,
            print_token=settings.print_token,
        )
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8081, show_default=True, help="Port to listen on.")
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file that tells how the receivers behave; docs/simulator.md.",
)
def simulator(host: str, port: int, scenario_file: Path | None) -> None:
    """Play the other end of every port, for demo and tests."""
    settings = Settings.from_env()
    if not settings.is_demo:
        raise SettingsError("The simulator is for demo installations only.")
    scenario = read_scenario(scenario_file) if scenario_file else WELL_BEHAVED
    WebServer(partial(make_simulator, settings, scenario), f"{host}:{port}").run()
