"""`svarbro run`: the whole stack on one machine, for a newcomer and for `make run`."""

import os
import signal
import time
from pathlib import Path

import click

from cli.prepare import Addresses, environment_of, free_addresses, prepare
from cli.processes import Processes
from cli.seed import Demo
from kernel.settings import Settings


@click.command()
@click.option("--port", default=8080, show_default=True, help="Wanted port of the service.")
@click.option("--simulator-port", default=8081, show_default=True, help="Wanted port of the simulator.")
def run(port: int, simulator_port: int) -> None:
    """Start web, worker and simulator with a demo clinic; Ctrl-C stops them."""
    instance_dir = Path(os.environ.get("SVARBRO_INSTANCE_DIR", "instance")).absolute()
    addresses = free_addresses(port, simulator_port)
    environ = environment_of(instance_dir, addresses)
    demo = prepare(Settings.from_env({**os.environ, **environ}), enrol=True)
    # Ctrl-C too: a script that begins this in the background hands down that it is ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    with Processes(environ, instance_dir / "logs") as processes:
        try:
            start_all(processes, addresses)
            _tell(addresses, demo)
            while True:
                time.sleep(1)
                processes.check()
        except KeyboardInterrupt:
            click.echo("\nStopping …")
    click.echo("Stopped.")


def start_all(processes: Processes, addresses: Addresses, *, without: tuple[str, ...] = ()) -> None:
    """Start the processes of one installation and wait until they answer.

    Args:
        without: names left out, to show what a missing process does.
    """
    ports = {"simulator": addresses.simulator_port, "web": addresses.web_port}
    commands = {"simulator": "simulator", "web": "serve", "worker": "worker"}
    for name, command in commands.items():
        if name not in without:
            options = ("--port", str(ports[name])) if name in ports else ()
            processes.start(name, command, *options)
    for name, url in (("simulator", f"{addresses.simulator}/"), ("web", f"{addresses.web}/healthz")):
        if name not in without:
            processes.wait_for(name, url)


def _tell(addresses: Addresses, demo: Demo) -> None:
    click.echo(
        f"""
Svarbro is running (demo data only: MedCom's official test persons).

  The patient's phone    {addresses.simulator}/phone
  The clinic             {addresses.web}/clinic/
  The plan               {addresses.simulator}/plan
  The practice system    {addresses.simulator}/lps
  Everything that left   {addresses.simulator}/
  FHIR                   {addresses.web}/fhir/metadata
  JSON API               {addresses.web}/api/v1/openapi.json
  Health                 {addresses.web}/readyz

  Bearer tokens of the demo clinic
    its practice system  {demo.system_token}
    its doctor           {demo.clinician_token}

A message reaches the phone within seconds. Answer it, then look at the clinic and the plan. Ctrl-C stops all."""
    )
