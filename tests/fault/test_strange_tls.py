"""A receiver that cannot prove who it is gets nothing: signed by a stranger or itself, expired, or of another."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from delivery.transport import Transport
from kernel.errors import DeliveryError
from tests.serving import served

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def write(self, path: Path) -> Path:
        kept = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(kept + self.certificate.public_bytes(serialization.Encoding.PEM))
        return path


def certified(name, by=None, *, since=NOW - 2 * DAY, until=NOW + DAY):
    """Certify a host by an authority, or let a certificate sign itself, as authorities do."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = by.certificate.subject if by else subject
    built = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(since).not_valid_after(until)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    if by is None:
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Identity(built.sign(by.key if by else key, hashes.SHA256()), key)


class Trusting(Transport):
    """Trusts one authority, as the real one trusts those of the world; all else is the real one's."""

    authority: str

    def _session(self) -> Any:
        session = super()._session()
        session.verify = self.authority
        return session


AUTHORITY, STRANGER = certified("Authority"), certified("Stranger")
PROVEN = certified("localhost", AUTHORITY)
STRANGE = {
    "self-signed": certified("localhost"),
    "signed by a stranger": certified("localhost", STRANGER),
    "expired": certified("localhost", AUTHORITY, until=NOW - DAY),
    "not yet valid": certified("localhost", AUTHORITY, since=NOW + DAY / 2),
    "another's": certified("elsewhere.example", AUTHORITY),
}


def hand_over(folder, receiver):
    """Hand a message to a receiver; tell what it took and the error, if there was one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(receiver.write(folder / "receiver.pem"))
    taken, app = [], Flask("receiver")

    @app.post("/orders")
    def take():
        taken.append(1)
        return {"reference": "r-1"}

    with served(app, context) as url:
        transport = Trusting(
            url.replace("127.0.0.1", "localhost"), "token", timeout_s=5, error=DeliveryError, receiver="it"
        )
        transport.authority = str(AUTHORITY.write(folder / "authority.pem"))
        try:
            transport.hand_over("/orders", "key", {})
        except DeliveryError as error:
            return taken, error
    return taken, None


@pytest.mark.parametrize("receiver", STRANGE.values(), ids=STRANGE)
def test_a_certificate_that_proves_nothing_means_that_nothing_was_sent(tmp_path, receiver):
    taken, error = hand_over(tmp_path, receiver)

    assert (taken, error.text) == ([], "it cannot be reached")
    assert (error.permanent, error.maybe_accepted) == (False, False)


def test_a_certificate_that_proves_who_it_is_is_enough(tmp_path):
    assert hand_over(tmp_path, PROVEN) == ([1], None)
