"""A system that signs in, by signatures made without the library that checks them."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from kernel.ids import new_id

AUDIENCE = "http://127.0.0.1:8080/oauth/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EC_HASHES: Mapping[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
RSA_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}


def b64(data: bytes) -> str:
    """Write base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, size: int = 0) -> str:
    """Write a number as JWK does."""
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8))


@dataclass(frozen=True)
class Pair:
    """A private key and the name of its public half."""

    kid: str
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    @property
    def jwk(self) -> dict[str, str]:
        """The public half."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            public = self.private.public_key().public_numbers()
            return {"kty": "RSA", "kid": self.kid, "n": number(public.n), "e": number(public.e)}
        point = self.private.public_key().public_numbers()
        size = (self.private.curve.key_size + 7) // 8
        curve = {256: "P-256", 384: "P-384", 521: "P-521"}[self.private.curve.key_size]
        return {
            "kty": "EC",
            "kid": self.kid,
            "crv": curve,
            "x": number(point.x, size),
            "y": number(point.y, size),
        }

    @property
    def private_jwk(self) -> dict[str, str]:
        """Both halves, for a client of another language."""
        size = (self.private.key_size + 7) // 8
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return {**self.jwk, "d": number(self.private.private_numbers().private_value, size)}
        own = self.private.private_numbers()
        parts = {"d": own.d, "p": own.p, "q": own.q, "dp": own.dmp1, "dq": own.dmq1, "qi": own.iqmp}
        return {**self.jwk, **{name: number(value) for name, value in parts.items()}}

    @property
    def algorithm(self) -> str:
        """What SMART lets it sign with."""
        return "RS384" if isinstance(self.private, rsa.RSAPrivateKey) else "ES384"

    def sign(self, data: bytes, algorithm: str) -> bytes:
        """Sign as RFC 7518 says."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            if algorithm.startswith("PS"):
                chosen = {"PS256": hashes.SHA256(), "PS384": hashes.SHA384()}[algorithm]
                return self.private.sign(data, padding.PSS(padding.MGF1(chosen), chosen.digest_size), chosen)
            return self.private.sign(data, padding.PKCS1v15(), RSA_HASHES.get(algorithm, hashes.SHA384()))
        bits = self.private.curve.key_size
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(EC_HASHES[bits])))
        size = (bits + 7) // 8
        return r.to_bytes(size) + s.to_bytes(size)


def rsa_pair(kid: str = "rsa-1", bits: int = 2048) -> Pair:
    """Make an RSA key."""
    return Pair(kid, rsa.generate_private_key(65537, bits))


def ec_pair(kid: str = "ec-1", curve: ec.EllipticCurve | None = None) -> Pair:
    """Make an EC key, on P-384 unless told otherwise."""
    return Pair(kid, ec.generate_private_key(curve or ec.SECP384R1()))


def compact(header: Any, claims: Any, sign: Any) -> str:
    """Write a token; header and claims may be bytes, to write what is no JSON."""
    parts = [b64(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, claims)]
    text = ".".join(parts)
    return f"{text}.{b64(sign(text.encode()))}"


def claims_of(client_id: str, now: int, **others: Any) -> dict[str, Any]:
    """What an assertion says; a None leaves a claim out."""
    said = {"iss": client_id, "sub": client_id, "aud": AUDIENCE, "exp": now + 240, "iat": now, "jti": new_id()}
    return {name: value for name, value in {**said, **others}.items() if value is not None}


def assertion(pair: Pair, client_id: str, now: int, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
    """Sign an assertion as it should be, but for what is given."""
    head = {"alg": pair.algorithm, "kid": pair.kid, "typ": "JWT", **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    return compact(head, claims_of(client_id, now, **claims), lambda data: pair.sign(data, head.get("alg", "")))


def by_public_key(pair: Pair, client_id: str, now: int) -> str:
    """Sign by HMAC with the public key as secret: the classic confusion."""
    secret = json.dumps(pair.jwk).encode()

    def mac(data: bytes) -> bytes:
        made = hmac.HMAC(secret, hashes.SHA384())
        made.update(data)
        return made.finalize()

    return compact({"alg": "HS384", "kid": pair.kid}, claims_of(client_id, now), mac)


def form(assertion_: str, scope: str | None = "system/Patient.rs", **others: Any) -> dict[str, str]:
    """The body of a token request; a None leaves a parameter out."""
    said = {
        "grant_type": "client_credentials",
        "scope": scope,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion_,
    }
    return {name: value for name, value in {**said, **others}.items() if value is not None}
