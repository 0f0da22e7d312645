"""The other end of the key management port: the transit interface of Vault and OpenBao, as far as we use it.

Written from openbao.org/api-docs/secret/transit: versions of a named key, associated data, a minimum version, and the
refusals with their statuses. It goes wrong when it is told to.
"""

import secrets
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, Response, jsonify, request

KEY = "svarbro"
TOKEN = "a-token-for-one-key"


@dataclass
class Engine:
    """A transit engine with one key.

    Args:
        versions: of the key, oldest first.
        least: versions below open nothing any more.
        fault: given as the answer to everything, in its place.
        asked: how often each thing was asked.
    """

    versions: list[bytes] = field(default_factory=lambda: [secrets.token_bytes(32)])
    least: int = 1
    fault: Response | None = None
    asked: Counter[str] = field(default_factory=Counter)

    def rotate(self) -> None:
        """Make a new version of the key."""
        self.versions.append(secrets.token_bytes(32))

    def app(self) -> Flask:
        """Serve it."""
        app = Flask("transit")
        app.add_url_rule("/v1/transit/keys/<name>", view_func=self._read)
        app.add_url_rule("/v1/transit/encrypt/<name>", view_func=self._encrypt, methods=["POST"])
        app.add_url_rule("/v1/transit/decrypt/<name>", view_func=self._decrypt, methods=["POST"])
        app.before_request(self._guard)
        return app

    def _guard(self) -> Response | None:
        self.asked[str(request.endpoint)] += 1
        if self.fault is not None:
            return self.fault
        if request.headers.get("X-Vault-Token") != TOKEN or request.path.rpartition("/")[2] != KEY:
            return _refused(403, "permission denied")
        return None

    def _read(self, name: str) -> Response:
        return jsonify(data={"name": name, "type": "aes256-gcm96", "latest_version": len(self.versions)})

    def _encrypt(self, name: str) -> Response:
        version, nonce = len(self.versions), secrets.token_bytes(12)
        sealed = AESGCM(self.versions[-1]).encrypt(nonce, _sent("plaintext"), _sent("associated_data"))
        text = b64encode(nonce + sealed).decode("ascii")
        return jsonify(data={"ciphertext": f"vault:v{version}:{text}", "key_version": version})

    def _decrypt(self, name: str) -> Response:
        text = request.get_json()["ciphertext"]
        prefix, number, _ = text.split(":")
        version = int(number.removeprefix("v"))
        if prefix != "vault":
            return _refused(400, "invalid ciphertext: no prefix")
        if not self.least <= version <= len(self.versions):
            return _refused(400, "ciphertext or signature version is disallowed by policy (too old)")
        try:
            sealed = b64decode(text.split(":")[2], validate=True)
            opened = AESGCM(self.versions[version - 1]).decrypt(sealed[:12], sealed[12:], _sent("associated_data"))
        except (InvalidTag, ValueError):
            return _refused(400, "cipher: message authentication failed")
        return jsonify(data={"plaintext": b64encode(opened).decode("ascii")})


def _sent(name: str) -> bytes:
    return b64decode(request.get_json()[name], validate=True)


def _refused(status: int, why: str) -> Response:
    answer = jsonify(errors=[why])
    answer.status_code = status
    return answer
