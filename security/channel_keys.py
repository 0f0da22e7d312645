"""The public keys of channels that say who opens a personal link: one JSON file of the installation."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kernel.errors import InvalidInputError, SettingsError
from security.client import ClientKey, public_keys

ChannelKeys = Mapping[str, tuple[ClientKey, ...]]
ADDRESS = re.compile(r"(?!http:)[a-z][a-z0-9+.-]*://[A-Za-z0-9.:-]+/[!-~]*")
"""An address with a host and a path; plain HTTP is none, an app's own scheme is one."""


def read_channel_keys(path: Path) -> ChannelKeys:
    """Read the keys: the name of a channel, as enrolments hold it, and its JWK Set.

    Raises:
        SettingsError: it cannot be used; what stands in it is not repeated.
    """
    try:
        return MappingProxyType({name: public_keys(told) for name, told in _channels(path).items()})
    except InvalidInputError as error:
        raise SettingsError(f"A key in the file of the channels' keys cannot be used. {error.text}") from None


def read_return_addresses(path: Path) -> tuple[str, ...]:
    """Read where a channel's patients may be sent back to: beside `keys`, the list `returns` of any channel.

    Raises:
        SettingsError: the file cannot be used, or an address is none; what stands in it is not repeated.
    """
    listed = [address for told in _channels(path).values() for address in told.get("returns", ())]
    if not all(isinstance(address, str) and ADDRESS.fullmatch(address) for address in listed):
        raise SettingsError("An address under `returns` is not `scheme://host/path`.")
    return tuple(listed)


def _channels(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        return {str(name): {**channel} for name, channel in told.items()}
    except OSError:
        raise SettingsError("The file of the channels' keys cannot be opened.") from None
    except (ValueError, AttributeError, TypeError):
        raise SettingsError('The file of the channels\' keys is not {"channel": {"keys": [...]}}.') from None
