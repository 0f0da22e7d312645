"""Sealing: data keys wrapped by the deployment's key, contents sealed by data keys, each bound to its place."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.errors import SvarbroError
from security.keys import KEY_BYTES, Keys

NONCE_BYTES = 12
FORMAT = b"\x01"
"""First byte of everything sealed: AES-256-GCM with a random nonce; a later format takes another byte."""


class SealBrokenError(SvarbroError):
    """Something sealed cannot be opened: changed, moved to another place, or sealed with a lost key."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key that only the deployment's key opens.

    Args:
        key_id: which key-encryption key wrapped it.
        blob: the sealed data key.
    """

    key_id: str
    blob: bytes = field(repr=False)


def new_data_key() -> bytes:
    """Make a data key of 256 bits."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(keys: Keys, data_key: bytes, context: str) -> WrappedKey:
    """Wrap a data key with the current key-encryption key."""
    # Looked at once: a new key in between would be named beside what an older one wrapped, and nobody could open it.
    ring = keys.ring
    return WrappedKey(ring.current, seal(ring.keks[ring.current], data_key, context))


def unwrap(keys: Keys, wrapped: WrappedKey, context: str) -> bytes:
    """Open a wrapped data key.

    Raises:
        SealBrokenError: its key-encryption key is not in the ring, or it was wrapped for another place.
    """
    kek = keys.keks.get(wrapped.key_id)
    if kek is None:
        raise SealBrokenError("The key that wrapped this data key is not in the key file.")
    return open_sealed(kek, wrapped.blob, context)


def seal(data_key: bytes, plaintext: bytes, context: str) -> bytes:
    """Seal bytes with AES-256-GCM.

    Args:
        context: where the bytes will stand, such as `patient.name/<clinic>/<id>`; they open nowhere else.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(data_key).encrypt(nonce, plaintext, context.encode())


def open_sealed(data_key: bytes, sealed: bytes, context: str) -> bytes:
    """Open what `seal` made with the same key for the same place.

    Raises:
        SealBrokenError: another key, another place, or a changed byte.
    """
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != FORMAT or len(nonce) < NONCE_BYTES:
        raise SealBrokenError("This was not sealed by us.")
    try:
        return AESGCM(data_key).decrypt(nonce, ciphertext, context.encode())
    except InvalidTag as error:
        raise SealBrokenError("The seal is broken.") from error


def blind_index(key: bytes, clinic: str, kind: str, value: str) -> str:
    """Make the index by which a personal identifier is found without being stored in clear.

    Keyed, because all CPR numbers can be tried against a plain hash in minutes; different in every clinic, so that
    two clinics' rows cannot be compared.

    Returns:
        64 hex digits.
    """
    text = "\x00".join(("blind-index", clinic, kind, value))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
