"""What is wrong with settings: everything is named at once, before anything starts."""

import math
import re
from collections.abc import Mapping
from pathlib import Path

from kernel.errors import SettingsError
from kernel.settings_values import KNOWN, NEEDED, OUTGOING, PREFIX

WEBHOOK_SECRET = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
OUTSIDE = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[^\s@]*)?")
PROXIES = re.compile(r"\d")
KMS_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""Short enough for the id of a key to hold it with its version."""
COUNT = re.compile(r"[1-9]\d{0,6}")
MOST_CALLS = 64
"""Each call has a thread and a connection of its own."""


def refuse_faults(values: Mapping[str, str], instance_dir: Path, *, is_production: bool) -> None:
    """Refuse settings that are missing, unknown or unusable.

    Raises:
        SettingsError: names every one of them.
    """
    missing = [name for name in NEEDED if name not in values and not _stands_in(name, values)]
    faults = [f"{PREFIX}{name.upper()} is missing." for name in missing]
    faults += [f"{name} in instance/settings.toml is no setting." for name in sorted(set(values) - KNOWN)]
    if is_production:
        faults += _production_faults(values, instance_dir)
    faults += [*_edge_faults(values), *_seconds_faults(values), *_count_faults(values)]
    faults += _kms_faults(values)
    faults += _operator_faults(values, ("https://",) if is_production else ("http://", "https://"))
    if faults:
        raise SettingsError(" ".join(faults))


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


def _operator_faults(values: Mapping[str, str], schemes: tuple[str, ...]) -> list[str]:
    faults, url, secret = [], values.get("operator_url", ""), values.get("operator_secret", "")
    if bool(url) != bool(secret):
        faults.append("SVARBRO_OPERATOR_URL and SVARBRO_OPERATOR_SECRET belong together.")
    if secret and not WEBHOOK_SECRET.fullmatch(secret):
        faults.append("SVARBRO_OPERATOR_SECRET must be whsec_ followed by base64.")
    if url and not url.startswith(schemes):
        faults.append("SVARBRO_OPERATOR_URL must begin with https://.")
    return faults


def _kms_faults(values: Mapping[str, str]) -> list[str]:
    faults = []
    if bool(values.get("kms_url")) != bool(values.get("kms_token")):
        faults.append("SVARBRO_KMS_URL and SVARBRO_KMS_TOKEN belong together.")
    if values.get("kms_url") and values.get("keys"):
        faults.append("SVARBRO_KMS_URL opens a key file: SVARBRO_KEYS cannot stand beside it.")
    if values.get("kms_url") and not values["kms_url"].startswith(("http://", "https://")):
        faults.append("SVARBRO_KMS_URL must begin with https://.")
    if not KMS_KEY.fullmatch(values.get("kms_key", "svarbro")):
        faults.append("SVARBRO_KMS_KEY must be the name of a key: letters, digits, dots, dashes and underscores.")
    return faults


def _stands_in(name: str, values: Mapping[str, str]) -> bool:
    """Tell whether something else is given instead: keys come from a file or from the environment."""
    return name == "keys_file" and bool(values.get("keys"))
