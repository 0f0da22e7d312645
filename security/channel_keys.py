"""The public keys of channels that say who opens a personal link: one JSON file of the installation."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kernel.errors import InvalidInputError, SettingsError
from security.client import ClientKey, public_keys

ChannelKeys = Mapping[str, tuple[ClientKey, ...]]


def read_channel_keys(path: Path) -> ChannelKeys:
    """Read the file: the name of a channel, as enrolments hold it, and its JWK Set.

    Raises:
        SettingsError: it cannot be used; what stands in it is not repeated.
    """
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        return MappingProxyType({str(name): public_keys(key_set) for name, key_set in told.items()})
    except OSError:
        raise SettingsError("The file of the channels' keys cannot be opened.") from None
    except (ValueError, AttributeError, TypeError):
        raise SettingsError('The file of the channels\' keys is not {"channel": {"keys": [...]}}.') from None
    except InvalidInputError as error:
        raise SettingsError(f"A key in the file of the channels' keys cannot be used. {error.text}") from None
