"""The adapter to a key management service that speaks the transit interface of HashiCorp Vault and OpenBao."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from delivery.transport import Transport
from kernel.errors import HandoverError
from security.kek import KeyServiceError
from security.keys import KEY_BYTES
from security.vault import SealBrokenError, WrappedKey

REFUSED = 400
"""The service's answer to a ciphertext that it does not open, and to one for another place."""
CIPHERTEXT = re.compile(r"[a-z]+:(v\d+):[A-Za-z0-9+/=]+")
"""Begins with the name of the service and the version of its key."""


class TransitService:
    """Wraps data keys with a named key that never leaves the service.

    Source: openbao.org/api-docs/secret/transit (encrypt, decrypt, read key); the key is of a type with associated data,
    such as `aes256-gcm96`.
    """

    def __init__(self, engine_url: str, key: str, token: str, *, timeout_s: float) -> None:
        """Bind to a service.

        Args:
            engine_url: of the mounted engine, such as `https://kms.example/v1/transit`.
            key: name of the key there.
            token: that may read the key, and encrypt and decrypt with it.
        """
        name = "The key management service"
        self._transport = Transport(engine_url, None, timeout_s=timeout_s, error=HandoverError, receiver=name)
        self._key = key
        self._headers = {"X-Vault-Token": token, "Content-Type": "application/json"}

    @property
    def current(self) -> str:
        """Id of the key that wraps now."""
        version = self._asked("GET", f"/keys/{self._key}").get("latest_version")
        if not isinstance(version, int):
            raise KeyServiceError("The key management service named no version of its key.")
        return f"{self._key}:v{version}"

    def wrap(self, data_key: bytes, context: str) -> WrappedKey:
        """Wrap a data key for its place."""
        said = self._asked("POST", f"/encrypt/{self._key}", {"plaintext": _text(data_key), **_place(context)})
        sealed = said.get("ciphertext")
        form = CIPHERTEXT.fullmatch(sealed) if isinstance(sealed, str) else None
        if form is None:
            raise KeyServiceError("The key management service gave no ciphertext.")
        return WrappedKey(f"{self._key}:{form[1]}", form[0].encode("ascii"))

    def unwrap(self, wrapped: WrappedKey, context: str) -> bytes:
        """Open a wrapped data key."""
        sealed = wrapped.blob.decode("ascii", "replace")
        if wrapped.key_id.rpartition(":")[0] != self._key or not CIPHERTEXT.fullmatch(sealed):
            raise SealBrokenError("This was not wrapped by our key of the key management service.")
        body = {"ciphertext": sealed, **_place(context)}
        said = self._asked("POST", f"/decrypt/{self._key}", body, expected=frozenset({REFUSED}))
        try:
            data_key = b64decode(said["plaintext"], validate=True)
        except (ValueError, KeyError, TypeError):
            raise KeyServiceError("The key management service gave no key.") from None
        if len(data_key) != KEY_BYTES:
            raise SealBrokenError("What the key management service opened is no data key.")
        return data_key

    def _asked(
        self, method: str, path: str, body: Mapping[str, str] | None = None, *, expected: frozenset[int] = frozenset()
    ) -> Mapping[str, Any]:
        """Ask, and return the data of the answer.

        Raises:
            SealBrokenError: the service answers with an expected refusal.
            KeyServiceError: it does not answer, or not us.
        """
        raw = json.dumps(body).encode() if body else None
        try:
            answer = self._transport.exchange(method, path, body=raw, headers=self._headers, expected=expected)
        except HandoverError as error:
            raise KeyServiceError(error.text) from error
        if answer.status in expected:
            raise SealBrokenError("The key management service does not open this.")
        try:
            data = json.loads(answer.raw)["data"]
        except (ValueError, KeyError, TypeError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise KeyServiceError("The key management service answered with no data.")
        return data


def _place(context: str) -> Mapping[str, str]:
    return {"associated_data": _text(context.encode())}


def _text(content: bytes) -> str:
    return b64encode(content).decode("ascii")
