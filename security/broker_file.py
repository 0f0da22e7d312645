"""The brokers by which staff and citizens sign in: one JSON file of the installation, checked when it starts."""

import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from kernel.errors import SettingsError
from security.actor import Role
from security.claims import STAFF_ROLES, Assurance, CitizenRules, ClaimRules
from security.keys import OWNER_ONLY

ALGORITHMS: Mapping[str, str] = MappingProxyType({"RSA": "RS256", "EC": "ES256"})
CURVES: Mapping[str, str] = MappingProxyType({"P-256": "ES256", "P-384": "ES384"})
LOCAL = ("http://127.0.0.1:", "http://localhost:")


Rules = TypeVar("Rules", ClaimRules, CitizenRules)


@dataclass(frozen=True, slots=True)
class Broker(Generic[Rules]):
    """One OpenID provider.

    Args:
        name: in our addresses, such as `mitid-erhverv`.
        title: on the button.
        issuer: exactly as it says of itself.
        client_id: what it calls us.
        scope: what we ask for; `openid` is among it.
        key: our private key there, as a JWK.
        parameters: more that it wants to be asked with, such as `acr_values`.
        hosts: where else it may be spoken to, besides the host of its issuer.
        signs_out: whoever signs out here is sent there to sign out too.
    """

    name: str
    title: str
    issuer: str
    client_id: str
    scope: str
    key: Mapping[str, Any] = field(repr=False)
    rules: Rules
    parameters: Mapping[str, str]
    hosts: frozenset[str] = frozenset()
    signs_out: bool = False

    def is_at(self, address: object) -> bool:
        """Tell whether an address that it names of itself is one of its own: what it says elsewhere is never called."""
        try:
            named, own = urlsplit(str(address)), urlsplit(self.issuer)
        except ValueError:
            return False
        is_plain = "@" not in named.netloc and "\\" not in named.netloc
        return is_plain and named.scheme == own.scheme and named.hostname in {own.hostname, *self.hosts}

    @property
    def algorithm(self) -> str:
        """What our key signs with."""
        return CURVES.get(str(self.key.get("crv")), ALGORITHMS[str(self.key["kty"])])


def read_brokers(path: Path, *, is_demo: bool) -> tuple[Broker[ClaimRules], ...]:
    """Read the brokers of the staff.

    Args:
        is_demo: an issuer on this machine may be asked without TLS.

    Raises:
        SettingsError: the file cannot be used; what stands in it is not repeated.
    """
    brokers = _read(path, lambda told: told["brokers"], _rules, is_demo=is_demo)
    if any(not broker.rules.sor and not broker.rules.provider_number for broker in brokers):
        raise SettingsError("A broker names clinics by sor or provider_number.")
    return brokers


def read_citizen_brokers(path: Path, *, is_demo: bool) -> tuple[Broker[CitizenRules], ...]:
    """Read the brokers by which patients sign in as citizens; none where the file has none.

    Args:
        is_demo: an issuer on this machine may be asked without TLS.

    Raises:
        SettingsError: the file cannot be used; what stands in it is not repeated.
    """
    return _read(path, lambda told: told.get("citizens", ()), _citizen_rules, is_demo=is_demo)


def _read(
    path: Path, listed: Callable[[Any], Any], rules: Callable[[Mapping[str, Any]], Rules], *, is_demo: bool
) -> tuple[Broker[Rules], ...]:
    try:
        told = listed(json.loads(path.read_text(encoding="utf-8")))
        brokers = tuple(_broker(one, path.parent, rules) for one in told)
    except OSError:
        raise SettingsError("The file of brokers, or a key that it names, cannot be opened.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError("The file of brokers lacks something, or is no JSON (docs/signing-in.md).") from None
    for broker in brokers:
        _refuse_unsafe(broker, is_demo=is_demo)
    if len({broker.name for broker in brokers}) < len(brokers):
        raise SettingsError("Two brokers have the same name.")
    return brokers


def _broker(told: Mapping[str, Any], home: Path, rules: Callable[[Mapping[str, Any]], Rules]) -> Broker[Rules]:
    return Broker(
        name=str(told["name"]),
        title=str(told["title"]),
        issuer=str(told["issuer"]),
        client_id=str(told["client_id"]),
        scope=str(told["scope"]),
        key=_key(home / told["key_file"]),
        rules=rules(told["claims"]),
        parameters={str(name): str(value) for name, value in told.get("parameters", {}).items()},
        hosts=frozenset(str(host).lower() for host in told.get("hosts", ())),
        signs_out=told.get("sign_out") is True,
    )


def _citizen_rules(told: Mapping[str, Any]) -> CitizenRules:
    return CitizenRules(str(told["cpr"]), str(told["assurance"]["claim"]), _levels(told))


def _levels(told: Mapping[str, Any]) -> Mapping[str, Assurance]:
    return {str(value): Assurance[level.upper()] for value, level in told["assurance"]["values"].items()}


def _rules(told: Mapping[str, Any]) -> ClaimRules:
    roles = {str(value): Role(role) for value, role in told["role"]["values"].items()}
    if not set(roles.values()) <= set(STAFF_ROLES):
        raise ValueError("role")
    return ClaimRules(
        name=str(told["name"]),
        sor=str(told.get("sor", "")),
        provider_number=str(told.get("provider_number", "")),
        role=str(told["role"]["claim"]),
        roles=roles,
        assurance=str(told["assurance"]["claim"]),
        levels=_levels(told),
    )


def _key(path: Path) -> Mapping[str, Any]:
    if stat.S_IMODE(path.stat().st_mode) & ~OWNER_ONLY:
        raise SettingsError("The key for a broker is open to others; make its file 0600.")
    key: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    if key["kty"] not in ALGORITHMS or "d" not in key or not isinstance(key["kid"], str):
        raise ValueError("key")
    return key


def _refuse_unsafe(broker: Broker[Any], *, is_demo: bool) -> None:
    local = is_demo and broker.issuer.startswith(LOCAL)
    if not broker.issuer.startswith("https://") and not local:
        raise SettingsError("The issuer of a broker begins with https://.")
    if "openid" not in broker.scope.split():
        raise SettingsError("The scope of a broker holds openid.")
    if not broker.name.replace("-", "").isalnum() or not broker.name.isascii():
        raise SettingsError("The name of a broker is of letters, digits and hyphens.")
