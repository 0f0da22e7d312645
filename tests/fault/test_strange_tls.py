"""A receiver that cannot prove who it is gets nothing: self-signed, expired or issued for another."""

import ssl
from datetime import UTC, datetime, timedelta

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


@pytest.mark.parametrize(
    ("name", "until"),
    [
        pytest.param("localhost", NOW + timedelta(days=1), id="self-signed"),
        pytest.param("localhost", NOW - timedelta(days=1), id="expired"),
        pytest.param("elsewhere.example", NOW + timedelta(days=1), id="another's"),
    ],
)
def test_a_certificate_that_proves_nothing_means_that_nothing_was_sent(tmp_path, name, until):
    taken = []
    app = Flask("stranger")

    @app.post("/orders")
    def take():
        taken.append(1)
        return "{}"

    with served(app, certified(tmp_path, name, until)) as url:
        transport = Transport(
            url.replace("127.0.0.1", "localhost"), "token", timeout_s=2, error=DeliveryError, receiver="it"
        )
        with pytest.raises(DeliveryError, match="cannot be reached") as caught:
            transport.hand_over("/orders", "key", {})

    assert (caught.value.permanent, caught.value.maybe_accepted, taken) == (False, False, [])


def certified(folder, name, until):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(NOW - timedelta(days=2)).not_valid_after(until)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    path = folder / "stranger.pem"
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(kept + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
