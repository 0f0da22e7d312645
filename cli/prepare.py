"""What must stand before the processes of a demo installation start: keys, database, clinic."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import open_services, ring_form_of
from cli.db import migrate
from cli.processes import free_port
from cli.seed import Demo, enrol_first, seeded
from kernel.errors import SettingsError
from kernel.settings import Settings
from security.keys import ensure_key_file


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the processes of one installation listen."""

    web_port: int
    simulator_port: int

    @property
    def web(self) -> str:
        """Address of the service."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def simulator(self) -> str:
        """Address of the simulator."""
        return f"http://127.0.0.1:{self.simulator_port}"


def free_addresses(web_port: int, simulator_port: int) -> Addresses:
    """Find free ports at or above the wanted ones."""
    web = free_port(web_port)
    simulator = free_port(simulator_port)
    return Addresses(web, simulator if simulator != web else free_port(web + 1))


def environment_of(instance_dir: Path, addresses: Addresses) -> Mapping[str, str]:
    """Make the settings that web, worker and simulator of one demo installation share."""
    return {
        "SVARBRO_INSTANCE_DIR": str(instance_dir),
        "SVARBRO_PUBLIC_URL": addresses.web,
        "SVARBRO_WEBPATIENT_URL": addresses.simulator,
        "SVARBRO_WEBPATIENT_TOKEN": secrets.token_urlsafe(24),
        "SVARBRO_MINLAEGE_URL": addresses.simulator,
        "SVARBRO_MINLAEGE_TOKEN": secrets.token_urlsafe(24),
        "SVARBRO_PRINT_URL": addresses.simulator,
        "SVARBRO_PRINT_TOKEN": secrets.token_urlsafe(24),
        "SVARBRO_FLP_URL": addresses.simulator,
        "SVARBRO_FLP_TOKEN": secrets.token_urlsafe(24),
        "SVARBRO_LPS_URL": addresses.simulator,
        "SVARBRO_LPS_TOKEN": secrets.token_urlsafe(24),
    }


def prepare(settings: Settings, *, enrol: bool) -> Demo:
    """Make keys, migrate the database and seed the demo clinic; what is there already stays.

    Args:
        settings: of a demo installation.
        enrol: put the first test person into the KOL package, so that a message goes out at once.

    Raises:
        SettingsError: in production.
    """
    if not settings.is_demo:
        raise SettingsError("`svarbro run` and `svarbro demo` are for demo installations only.")
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    ensure_key_file(settings.keys_file, ring_form_of(settings))
    migrate(settings.database_url)
    services = open_services(settings)
    demo = seeded(services)
    if enrol:
        enrol_first(services, demo)
    services.store.close()
    return demo
