"""The assertion by which a system proves who it is: every claim of it, and every way in which it can be wrong."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from kernel.errors import MalformedInputError
from questionnaires.strict_json import parse_object
from security.client import ALGORITHMS, Client, ClientKey

LONGEST = 8192
"""Characters of an assertion."""
LONGEST_ID = 255
"""Characters of a `jti`."""
LIFE_S = 300
SKEW_S = 30
"""A client's clock may be ahead by so much; what has run out has run out."""
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
TYPES = (None, "JWT")
HEADERS = frozenset({"alg", "kid", "typ", "jku"})
"""All others are refused: a key or a certificate that an assertion brings along proves nothing."""


class UnprovenError(Exception):
    """The assertion proves nothing; the reason is for our log, never for the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion that was read, and not believed yet.

    Args:
        text: as it came.
        header: of the signature.
        claims: what it says.
    """

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @property
    def kid(self) -> str:
        """The key that it names."""
        return str(self.header["kid"])

    @property
    def client_id(self) -> str:
        """Who it says it is from."""
        return str(self.claims["sub"])

    @property
    def jti(self) -> str:
        """Its own id."""
        return str(self.claims["jti"])

    @property
    def expires_at(self) -> datetime:
        """When it runs out."""
        return datetime.fromtimestamp(self.claims["exp"], UTC)


def read_assertion(text: str, audience: str, now: datetime) -> Assertion:
    """Read an assertion and look at everything that needs no key.

    Args:
        audience: our token address; it must be named alone, as text.

    Raises:
        UnprovenError: it is no assertion for us, now.

    Source: SMART App Launch 2.2, asymmetric client authentication; RFC 7523 section 3.
    """
    header, claims = signed_parts(text)
    _check_claims(claims, audience)
    check_times(claims, int(now.timestamp()))
    return Assertion(text, header, claims)


def signed_parts(text: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and claims of what is signed in compact form; nothing of it is believed yet.

    Raises:
        UnprovenError: it is not compact, or its header asks for what we do not do.
    """
    if len(text) > LONGEST or not COMPACT.fullmatch(text):
        raise UnprovenError("not-compact")
    header, claims = (_part(part) for part in text.split(".")[:2])
    _check_header(header)
    return header, claims


def prove(assertion: Assertion, client: Client, keys: tuple[ClientKey, ...]) -> None:
    """Check the signature by the client's own key of that name.

    Raises:
        UnprovenError: there is no such key, it is of another kind than the algorithm, or the signature is wrong.
    """
    # An address in the header is never fetched: it may only repeat the registered one.
    if "jku" in assertion.header and assertion.header["jku"] != client.jwks_url:
        raise UnprovenError("foreign-jku")
    check_signature(assertion.text, assertion.header, keys)


def check_signature(text: str, header: Mapping[str, Any], keys: tuple[ClientKey, ...]) -> None:
    """Check the signature by the key that the header names.

    Raises:
        UnprovenError: there is no such key, it is of another kind than the algorithm, or the signature is wrong.
    """
    key = next((key for key in keys if key.kid == header["kid"]), None)
    if key is None:
        raise UnprovenError("unknown-key")
    algorithm = ALGORITHMS[key.jwk["kty"]]
    if header["alg"] != algorithm:
        raise UnprovenError("other-algorithm")
    try:
        jws.deserialize_compact(text, import_key(dict(key.jwk)), algorithms=[algorithm])
    except (JoseError, ValueError) as error:
        raise UnprovenError("wrong-signature") from error


def _part(text: str) -> Mapping[str, Any]:
    try:
        return parse_object(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, MalformedInputError) as error:
        raise UnprovenError("not-json") from error


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") not in ALGORITHMS.values():
        raise UnprovenError("algorithm")
    if header.get("typ") not in TYPES or not set(header) <= HEADERS:
        raise UnprovenError("header")
    if not isinstance(header.get("kid"), str):
        raise UnprovenError("no-kid")


def _check_claims(claims: Mapping[str, Any], audience: str) -> None:
    subject, jti = claims.get("sub"), claims.get("jti")
    if not isinstance(subject, str) or claims.get("iss") != subject:
        raise UnprovenError("issuer")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_ID:
        raise UnprovenError("no-jti")
    if claims.get("aud") != audience:
        raise UnprovenError("audience")


def check_times(claims: Mapping[str, Any], now: int) -> None:
    """Check that what is signed counts now, and for minutes alone.

    Raises:
        UnprovenError: it does not.
    """
    expires, issued, begins = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if not _is_second(expires):
        raise UnprovenError("no-exp")
    if not now < expires <= now + LIFE_S + SKEW_S:
        raise UnprovenError("exp")
    if issued is not None and not (_is_second(issued) and expires - LIFE_S <= issued <= now + SKEW_S):
        raise UnprovenError("iat")
    if begins is not None and not (_is_second(begins) and begins <= now + SKEW_S):
        raise UnprovenError("nbf")


def _is_second(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
