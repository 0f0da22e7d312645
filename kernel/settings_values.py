"""Where settings come from: names that there are, the file, the environment, and what demo needs nobody to say."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from kernel.errors import SettingsError

PREFIX = "SVARBRO_"
NEEDED = (
    "database_url",
    "public_url",
    "keys_file",
    "webpatient_url",
    "webpatient_token",
    "minlaege_url",
    "minlaege_token",
    "flp_url",
    "flp_token",
    "lps_url",
    "lps_token",
)
OPTIONAL = (
    "keys",
    "kms_url",
    "kms_key",
    "kms_token",
    "print_url",
    "print_token",
    "operator_url",
    "operator_secret",
    "alarm_age_s",
    "alarm_stuck",
    "key_set_hosts",
    "hosts",
    "proxies",
    "rates",
    "oidc_file",
    "channel_keys_file",
)
OUTGOING = ("webpatient_url", "minlaege_url", "print_url", "flp_url", "lps_url", "kms_url")
"""Where we call: nothing else is ever called but brokers, the operator and the hosts of key sets."""
KNOWN = frozenset({*NEEDED, *OPTIONAL, "env", "instance_dir", "request_timeout_s", "calls", "lease_s"})


def demo_defaults(instance_dir: Path) -> dict[str, str]:
    """Return what a demo installation on one machine uses unless it is told otherwise."""
    return {
        "database_url": f"sqlite:///{instance_dir / 'svarbro.sqlite'}",
        "public_url": "http://127.0.0.1:8080",
        "keys_file": str(instance_dir / "keys.json"),
        "webpatient_url": "http://127.0.0.1:8081",
        "webpatient_token": "",
        "minlaege_url": "http://127.0.0.1:8081",
        "minlaege_token": "",
        "print_url": "http://127.0.0.1:8081",
        "print_token": "",
        "flp_url": "http://127.0.0.1:8081",
        "flp_token": "",
        "lps_url": "http://127.0.0.1:8081",
        "lps_token": "",
    }


def file_values(path: Path) -> dict[str, str]:
    """Read the settings of a file; none where there is no such file.

    Raises:
        SettingsError: it is not TOML.
    """
    if not path.exists():
        return {}
    try:
        return {key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("instance/settings.toml is not TOML.") from error


def environment_values(environ: Mapping[str, str]) -> dict[str, str]:
    """Pick our settings out of the environment; other variables of our prefix are left to others."""
    named = {key.removeprefix(PREFIX).lower(): value for key, value in environ.items() if key.startswith(PREFIX)}
    return {key: value for key, value in named.items() if key in KNOWN}
