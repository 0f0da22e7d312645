"""Settings: `SVARBRO_*` over `instance/settings.toml` over defaults, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kernel.errors import SettingsError
from kernel.settings_faults import refuse_faults
from kernel.settings_values import PREFIX, demo_defaults, environment_values, file_values


class Environment(StrEnum):
    """What this installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations.

    Args:
        env: demo needs no setting at all; production refuses what only demo may do.
        instance_dir: local files: database, keys, demo state.
        database_url: SQLAlchemy URL; may hold a password.
        public_url: where patients reach us, without a trailing slash.
        keys_file: the key ring, mode 0600.
        keys: the text of a key ring, instead of a file; empty = the file counts.
        kms_url: the service that opens the key file, without a trailing slash; empty = the file is plain.
        kms_key: name of our key there.
        kms_token: our token there.
        webpatient_url: WebPatient's address, without a trailing slash.
        webpatient_token: our bearer token at WebPatient.
        minlaege_url: Min Læge's address, without a trailing slash.
        minlaege_token: our bearer token at Min Læge.
        print_url: the print service's address, without a trailing slash; empty = no patient is written to by letter.
        print_token: our bearer token at the print service.
        flp_url: the plan service's address, without a trailing slash.
        flp_token: our bearer token at the plan service.
        lps_url: the practice systems' address, without a trailing slash.
        lps_token: our bearer token at the practice systems.
        request_timeout_s: longest time that one outside call may take; a lease is several times longer.
        calls: outside calls of one worker under way at once.
        lease_s: how long a worker keeps what it claimed; 0 = the shortest that is safe, and a shorter one is refused.
        operator_url: where alarms for the operator are posted; empty = the log and the metrics tell them.
        operator_secret: `whsec_<base64>`, which signs them.
        alarm_age_s: from this age on the longest waiting message raises an alarm, in seconds.
        alarm_stuck: from so many dead or doubtful messages on there is an alarm.
        key_set_hosts: hosts that systems' key sets may be fetched from; empty = none is fetched.
        hosts: names besides that of `public_url` by which calls may reach us; the machine itself always may.
        proxies: how many proxies stand in front of us: the caller's address is what the outermost of them saw.
        rates: count calls, and refuse whoever makes too many; always in production.
        oidc_file: the brokers by which the staff sign in; None = there is none.
        channel_keys_file: public keys of channels that say who opens a personal link; None = none does.
        clock_file: demo's time travel, see `kernel.clock.OffsetClock`; None in production.
    """

    env: Environment
    instance_dir: Path
    database_url: str = field(repr=False)
    public_url: str
    keys_file: Path
    keys: str = field(repr=False)
    kms_url: str
    kms_key: str
    kms_token: str = field(repr=False)
    webpatient_url: str
    webpatient_token: str = field(repr=False)
    minlaege_url: str
    minlaege_token: str = field(repr=False)
    print_url: str
    print_token: str = field(repr=False)
    flp_url: str
    flp_token: str = field(repr=False)
    lps_url: str
    lps_token: str = field(repr=False)
    request_timeout_s: float
    calls: int
    lease_s: float
    operator_url: str
    operator_secret: str = field(repr=False)
    alarm_age_s: float
    alarm_stuck: int
    key_set_hosts: frozenset[str]
    hosts: frozenset[str]
    proxies: int
    rates: bool
    oidc_file: Path | None
    channel_keys_file: Path | None
    clock_file: Path | None

    @property
    def is_demo(self) -> bool:
        """The installation holds test persons only."""
        return self.env is Environment.DEMO

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings of this process.

        Args:
            environ: stands in for the process environment in tests.

        Raises:
            SettingsError: names every missing or unusable variable.
        """
        environ = os.environ if environ is None else environ
        instance_dir = Path(environ.get(f"{PREFIX}INSTANCE_DIR", "instance")).absolute()
        values = file_values(instance_dir / "settings.toml") | environment_values(environ)
        env = _environment_named(values.get("env", Environment.DEMO))
        values = (demo_defaults(instance_dir) if env is Environment.DEMO else {}) | values
        refuse_faults(values, instance_dir, is_production=env is Environment.PRODUCTION)
        return cls(
            env=env,
            instance_dir=instance_dir,
            database_url=values["database_url"],
            public_url=values["public_url"].rstrip("/"),
            keys_file=Path(values.get("keys_file", "")),
            keys=values.get("keys", ""),
            kms_url=values.get("kms_url", "").rstrip("/"),
            kms_key=values.get("kms_key", "svarbro"),
            kms_token=values.get("kms_token", ""),
            webpatient_url=values["webpatient_url"].rstrip("/"),
            webpatient_token=values["webpatient_token"],
            minlaege_url=values["minlaege_url"].rstrip("/"),
            minlaege_token=values["minlaege_token"],
            print_url=values.get("print_url", "").rstrip("/"),
            print_token=values.get("print_token", ""),
            flp_url=values["flp_url"].rstrip("/"),
            flp_token=values["flp_token"],
            lps_url=values["lps_url"].rstrip("/"),
            lps_token=values["lps_token"],
            request_timeout_s=float(values.get("request_timeout_s", "10")),
            calls=int(values.get("calls", "16")),
            lease_s=float(values.get("lease_s", "0")),
            operator_url=values.get("operator_url", ""),
            operator_secret=values.get("operator_secret", ""),
            alarm_age_s=float(values.get("alarm_age_s", "900")),
            alarm_stuck=int(values.get("alarm_stuck", "1")),
            key_set_hosts=_names(values.get("key_set_hosts", "")),
            hosts=_names(values.get("hosts", "")),
            proxies=int(values.get("proxies", "0" if env is Environment.DEMO else "1")),
            rates=values.get("rates", "off") == "on" or env is Environment.PRODUCTION,
            oidc_file=Path(values["oidc_file"]) if values.get("oidc_file") else None,
            channel_keys_file=Path(values["channel_keys_file"]) if values.get("channel_keys_file") else None,
            clock_file=instance_dir / "clock-offset" if env is Environment.DEMO else None,
        )


def _environment_named(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError as error:
        raise SettingsError("SVARBRO_ENV must be demo or production.") from error


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.lower().replace(",", " ").split())
