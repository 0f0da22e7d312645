"""Settings: `SVARBRO_*` over `instance/settings.toml` over defaults, read once."""

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kernel.errors import SettingsError

PREFIX = "SVARBRO_"
WEBHOOK_SECRET = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
OUTSIDE = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[^\s@]*)?")
PROXIES = re.compile(r"\d")
COUNT = re.compile(r"[1-9]\d{0,6}")
MOST_CALLS = 64
"""Each call has a thread and a connection of its own."""


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
        values = _file_values(instance_dir / "settings.toml") | _environment_values(environ)
        env = _environment_named(values.get("env", Environment.DEMO))
        values = (_demo_defaults(instance_dir) if env is Environment.DEMO else {}) | values
        _refuse_faults(env, values, instance_dir)
        return cls(
            env=env,
            instance_dir=instance_dir,
            database_url=values["database_url"],
            public_url=values["public_url"].rstrip("/"),
            keys_file=Path(values.get("keys_file", "")),
            keys=values.get("keys", ""),
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
OUTGOING = ("webpatient_url", "minlaege_url", "print_url", "flp_url", "lps_url")
"""Where we call: nothing else is ever called but brokers, the operator and the hosts of key sets."""
KNOWN = frozenset({*NEEDED, *OPTIONAL, "env", "instance_dir", "request_timeout_s", "calls", "lease_s"})


def _demo_defaults(instance_dir: Path) -> dict[str, str]:
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


def _file_values(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return {key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("instance/settings.toml is not TOML.") from error


def _environment_values(environ: Mapping[str, str]) -> dict[str, str]:
    named = {key.removeprefix(PREFIX).lower(): value for key, value in environ.items() if key.startswith(PREFIX)}
    return {key: value for key, value in named.items() if key in KNOWN}


def _environment_named(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError as error:
        raise SettingsError("SVARBRO_ENV must be demo or production.") from error


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.lower().replace(",", " ").split())


def _production_faults(values: Mapping[str, str], instance_dir: Path) -> list[str]:
    faults = []
    if not values.get("public_url", "https://").startswith("https://"):
        faults.append("SVARBRO_PUBLIC_URL must begin with https:// in production.")
    if Path(values.get("keys_file", "/")).absolute().is_relative_to(instance_dir):
        faults.append("SVARBRO_KEYS_FILE must lie outside the instance directory in production.")
    # A name or password in an address would reach error texts and logs of foreign libraries.
    loose = (name for name in OUTGOING if values.get(name) and not OUTSIDE.fullmatch(values[name]))
    faults += [f"{PREFIX}{name.upper()} must begin with https:// and hold no user in production." for name in loose]
    if values.get("rates", "on") == "off":
        faults.append("SVARBRO_RATES is always on in production.")
    return faults


def _edge_faults(values: Mapping[str, str]) -> list[str]:
    faults = []
    if values.get("rates", "on") not in ("on", "off"):
        faults.append("SVARBRO_RATES must be on or off.")
    if not PROXIES.fullmatch(values.get("proxies", "0")):
        faults.append("SVARBRO_PROXIES must be a whole number from 0 to 9.")
    return faults


def _seconds_faults(values: Mapping[str, str]) -> list[str]:
    faults = []
    numbers = (("request_timeout_s", "10", False), ("lease_s", "0", True), ("alarm_age_s", "900", False))
    for name, default, may_be_zero in numbers:
        variable = f"{PREFIX}{name.upper()}"
        try:
            seconds = float(values.get(name, default))
        except ValueError:
            faults.append(f"{variable} must be a number of seconds.")
            continue
        if not 0 <= seconds < math.inf or (seconds == 0 and not may_be_zero):
            faults.append(f"{variable} must be {'0 or above' if may_be_zero else 'above 0'} and finite.")
    return faults


def _count_faults(values: Mapping[str, str]) -> list[str]:
    faults, calls = [], values.get("calls", "16")
    if not COUNT.fullmatch(values.get("alarm_stuck", "1")):
        faults.append("SVARBRO_ALARM_STUCK must be a whole number above 0.")
    if not COUNT.fullmatch(calls) or int(calls) > MOST_CALLS:
        faults.append(f"SVARBRO_CALLS must be a whole number from 1 to {MOST_CALLS}.")
    return faults


def _operator_faults(values: Mapping[str, str], env: Environment) -> list[str]:
    faults, url, secret = [], values.get("operator_url", ""), values.get("operator_secret", "")
    if bool(url) != bool(secret):
        faults.append("SVARBRO_OPERATOR_URL and SVARBRO_OPERATOR_SECRET belong together.")
    if secret and not WEBHOOK_SECRET.fullmatch(secret):
        faults.append("SVARBRO_OPERATOR_SECRET must be whsec_ followed by base64.")
    if url and not url.startswith("https://" if env is Environment.PRODUCTION else ("http://", "https://")):
        faults.append("SVARBRO_OPERATOR_URL must begin with https://.")
    return faults


def _stands_in(name: str, values: Mapping[str, str]) -> bool:
    """Tell whether something else is given instead: keys come from a file or from the environment."""
    return name == "keys_file" and bool(values.get("keys"))


def _refuse_faults(env: Environment, values: Mapping[str, str], instance_dir: Path) -> None:
    missing = [name for name in NEEDED if name not in values and not _stands_in(name, values)]
    faults = [f"{PREFIX}{name.upper()} is missing." for name in missing]
    faults += [f"{name} in instance/settings.toml is no setting." for name in sorted(set(values) - KNOWN)]
    if env is Environment.PRODUCTION:
        faults += _production_faults(values, instance_dir)
    faults += [*_edge_faults(values), *_seconds_faults(values), *_count_faults(values), *_operator_faults(values, env)]
    if faults:
        raise SettingsError(" ".join(faults))
