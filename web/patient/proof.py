"""The channel's word on who opens a personal link: signed, for this service alone, for minutes, and once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flow.form import LinkAloneError
from kernel.clock import Clock
from kernel.errors import InvalidInputError
from kernel.log import logger
from kernel.settings import Settings
from security.channel_keys import ChannelKeys, read_channel_keys, read_return_addresses
from security.cpr import Identifier, parse_identifier
from web.oauth.assertion import LONGEST_ID, SKEW_S, UnprovenError, check_signature, check_times, signed_parts

log = logger(__name__)
ASSURED = frozenset({"substantial", "high"})
"""Levels of NSIS at which a person may see health data."""
AUDIENCE = "/p/i"


@dataclass(frozen=True, slots=True)
class Proofs:
    """Reads what a channel says of who opens a link.

    Args:
        keys: of each channel that may say so.
        audience: our address of personal links, without a link; it must be named alone, as text.
        once: uses a name until a moment; False when it was used before.
    """

    keys: ChannelKeys
    audience: str
    clock: Clock
    once: Callable[[str, datetime], bool]

    def __call__(self, text: str) -> Identifier:
        """Return who opens the link.

        Raises:
            LinkAloneError: it is not proven who does; the reason is for our log.
        """
        try:
            return self._proven(text)
        except UnprovenError as error:
            log.info("link-refused", outcome=error.reason)
            raise LinkAloneError("It is not proven who opens this link.") from error

    def _proven(self, text: str) -> Identifier:
        header, claims = signed_parts(text)
        if "jku" in header:
            # Keys are where the installation says; an address that a token brings along is never fetched.
            raise UnprovenError("foreign-jku")
        channel, name = claims.get("iss"), claims.get("jti")
        if not isinstance(channel, str) or channel not in self.keys:
            raise UnprovenError("unknown-channel")
        if claims.get("aud") != self.audience:
            raise UnprovenError("audience")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
            raise UnprovenError("no-jti")
        check_times(claims, int(self.clock.now().timestamp()))
        check_signature(text, header, self.keys[channel])
        person = _person(claims)
        # A little longer than it counts: the moment here and that of the row are not the same.
        until = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=SKEW_S)
        if not self.once(f"link\x00{channel}\x00{name}", until):
            raise UnprovenError("replayed")
        return person


def proofs_of(settings: Settings, clock: Clock, once: Callable[[str, datetime], bool]) -> Proofs | None:
    """Read the keys of the channels; None where the installation has none."""
    if settings.channel_keys_file is None:
        return None
    return Proofs(read_channel_keys(settings.channel_keys_file), settings.public_url + AUDIENCE, clock, once)


def return_addresses(settings: Settings) -> tuple[str, ...]:
    """List where a patient may be sent back to: what the file of the channels says, and in demo the simulated apps."""
    apps = (settings.webpatient_url, settings.minlaege_url) if settings.is_demo else ()
    listed = read_return_addresses(settings.channel_keys_file) if settings.channel_keys_file else ()
    return (*listed, *(f"{address.rstrip('/')}/" for address in apps if address))


def _person(claims: Mapping[str, Any]) -> Identifier:
    if claims.get("acr") not in ASSURED:
        raise UnprovenError("assurance")
    try:
        return parse_identifier(str(claims.get("sub", "")))
    except InvalidInputError as error:
        raise UnprovenError("subject") from error
