"""Systems that sign in by themselves: who they are, and the keys that they may sign with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kernel.errors import InvalidInputError, Issue
from kernel.ids import ClinicId
from security.actor import Actor, Role
from security.scopes import Scopes

CLIENT_ROLES = (Role.SYSTEM, Role.OPERATOR)
"""What a client may be; everybody else signs in as a person."""
WITHOUT_PATIENTS = frozenset({"Questionnaire", "PlanDefinition"})
"""Types of resource that say nothing of anybody: all that a test client reaches outside demo."""
MOST_KEYS = 10
SHORTEST_RSA = 2048
RSA_EXPONENTS = ("AQAB",)
CURVE = "P-384"
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType({"RSA": ("n", "e"), "EC": ("crv", "x", "y")})
ALGORITHMS: Mapping[str, str] = MappingProxyType({"RSA": "RS384", "EC": "ES384"})
"""Kind of key -> the one algorithm that it signs with."""
LONGEST_KEY_ID = 100
Jwk = Mapping[str, Any]


class ClientState(StrEnum):
    """Whether a client may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class ClientKind(StrEnum):
    """What a client is for."""

    LIVE = "live"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Client:
    """One registered system of one clinic.

    Args:
        id: what it calls itself, as `iss` and `sub` of its assertions.
        name: shown to the operator.
        role: decides what it may do at all; its scopes narrow that.
        kind: a test client reaches no patient outside demo.
        scopes: the most that a token of it may have.
        jwks_url: where it publishes its keys; None = they are registered here.
        redirect_uri: where a browser goes back to when this system opens a patient's page; None = it may open none.
    """

    id: str
    clinic_id: ClinicId
    name: str
    role: Role
    kind: ClientKind
    scopes: Scopes
    jwks_url: str | None
    state: ClientState
    created_at: datetime
    redirect_uri: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether it may sign in."""
        return self.state is ClientState.ACTIVE

    def actor(self, scopes: Scopes) -> Actor:
        """Return it as an actor that holds a token with these scopes."""
        return Actor(self.role, self.id, self.clinic_id, self.name, scopes=scopes)


@dataclass(frozen=True, slots=True)
class ClientKey:
    """One public key of a client.

    Args:
        kid: names the key among those of its client.
        jwk: as RFC 7517 writes it, public parts only.
        valid_until: from when on it no longer counts; None = until it is replaced.
    """

    kid: str
    jwk: Jwk = field(repr=False)
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client with the keys that count now."""

    client: Client
    keys: tuple[ClientKey, ...]


def public_keys(key_set: Mapping[str, Any]) -> tuple[ClientKey, ...]:
    """Read a JWK Set: RSA keys of 2,048 bits or more, and EC keys on P-384, all public and named.

    Raises:
        InvalidInputError: a key is of another kind, private, nameless or named twice; no key is repeated.
    """
    keys = key_set.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= MOST_KEYS:
        raise _refused([Issue("structure", f"A JWK Set holds 1 to {MOST_KEYS} keys.", "keys", rule="jwks")])
    issues = [_issue(place, why) for place, key in enumerate(keys) if (why := _fault(key))]
    names = [str(key.get("kid")) for key in keys if isinstance(key, dict)]
    if len(set(names)) < len(names):
        issues.append(Issue("duplicate", "Two keys have the same kid.", "keys", rule="jwks"))
    if issues:
        raise _refused(issues)
    return tuple(ClientKey(key["kid"], _public(key)) for key in keys)


def demand_reachable(kind: ClientKind, scopes: Scopes, *, is_demo: bool) -> None:
    """Refuse a test client whose scopes reach patients, unless all patients are made up.

    Raises:
        InvalidInputError: they do.
    """
    reached = {scope.resource for scope in scopes}
    if kind is ClientKind.TEST and not is_demo and not reached <= WITHOUT_PATIENTS:
        known = ", ".join(sorted(WITHOUT_PATIENTS))
        raise _refused([Issue("business-rule", f"A test client may reach {known} alone.", "scope", rule="test-client")])


def _public(key: Jwk) -> dict[str, Any]:
    return {name: key[name] for name in ("kty", "kid", *PARTS[key["kty"]])} | {"alg": ALGORITHMS[key["kty"]]}


def _fault(key: Any) -> str:
    if not isinstance(key, dict) or key.get("kty") not in PARTS:
        return "This is no RSA or EC key."
    if PRIVATE & set(key):
        return "This is a private key: it belongs to the client alone; make a new one."
    kid = key.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KEY_ID:
        return f"A key has a kid of at most {LONGEST_KEY_ID} characters."
    if not all(isinstance(key.get(part), str) for part in PARTS[key["kty"]]):
        return "A part of the key is missing."
    return _weakness(key)


def _weakness(key: Jwk) -> str:
    if key.get("use", "sig") != "sig" or key.get("alg", ALGORITHMS[key["kty"]]) != ALGORITHMS[key["kty"]]:
        return f"The key is for something else than {ALGORITHMS[key['kty']]}."
    if key["kty"] == "EC" and key["crv"] != CURVE:
        return f"An EC key lies on {CURVE}."
    if key["kty"] == "RSA" and (len(key["n"]) * 6 < SHORTEST_RSA or key["e"] not in RSA_EXPONENTS):
        return f"An RSA key has {SHORTEST_RSA} bits or more and the exponent 65537."
    return ""


def _issue(place: int, why: str) -> Issue:
    return Issue("value", why, f"keys[{place}]", rule="jwks")


def _refused(issues: Iterable[Issue]) -> InvalidInputError:
    listed = list(issues)
    return InvalidInputError(listed[0].text, issues=listed)
