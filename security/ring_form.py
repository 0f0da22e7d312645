"""The sealed key file: its keys are sealed with a key of its own, which a key management service wraps."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import SettingsError
from security.kek import KeyEncryption
from security.keys import SEALED, KeyRing
from security.vault import SealBrokenError, WrappedKey, new_data_key, open_sealed, seal

PLACE = "key-file"


@dataclass(frozen=True, slots=True)
class SealedForm:
    """Opens and closes key files by asking a service; a copy of the file opens nothing without it.

    Args:
        service: wraps one key for each writing of the file, and is asked once for each reading.
    """

    service: KeyEncryption

    def text_of(self, ring: KeyRing) -> str:
        """Write a key ring as text; the service has opened it again before anybody relies on it.

        Raises:
            KeyServiceError: the service does not answer; nothing is written.
            SealBrokenError: it does not give back what it was given; nothing is written.
        """
        data_key = new_data_key()
        wrapped = self.service.wrap(data_key, PLACE)
        if self.service.unwrap(wrapped, PLACE) != data_key:
            raise SealBrokenError("The key management service does not give back what it was given.")
        held = {"key_id": wrapped.key_id, "key": _text(wrapped.blob)}
        return json.dumps({SEALED: {**held, "ring": _text(seal(data_key, ring.to_json().encode(), PLACE))}}, indent=2)

    def ring_of(self, text: str) -> KeyRing:
        """Read a key ring from its text.

        Raises:
            KeyServiceError: the service does not answer; try again.
            SettingsError: it is no sealed key file, or not one that this service opens.
        """
        wrapped, sealed = _parts(text)
        try:
            data_key = self.service.unwrap(wrapped, PLACE)
            return KeyRing.from_json(open_sealed(data_key, sealed, PLACE).decode())
        except SealBrokenError:
            raise SettingsError("The key management service does not open this key file.") from None


def _parts(text: str) -> tuple[WrappedKey, bytes]:
    try:
        raw = json.loads(text)
        if SEALED not in raw:
            raise SettingsError("The key file is not sealed; `svarbro keys seal` seals it.")
        held: Mapping[str, Any] = raw[SEALED]
        return WrappedKey(str(held["key_id"]), _bytes(held["key"])), _bytes(held["ring"])
    except (ValueError, KeyError, TypeError):
        # The chain is cut: the error of a parser quotes what it could not read.
        raise SettingsError("The key file cannot be read as keys.") from None


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)


def _text(content: bytes) -> str:
    return b64encode(content).decode("ascii")
