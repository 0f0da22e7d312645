"""Personal links: made anew from a key whenever they are sent, so that nobody has to store one."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from security.keys import Keys
from security.vault import SealBrokenError


def link_token(key: bytes, occasion_id: str) -> str:
    """Make the token of an occasion's personal link: the same at each retry, 256 bits, unguessable without the key."""
    digest = hmac.digest(key, f"personal-link\x00{occasion_id}".encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def fitting_token(keys: Keys, occasion_id: str, link_hash: str) -> str:
    """Make the token again that was given out for an occasion, whichever of our keys made it.

    Args:
        link_hash: of the token that was given out.

    Raises:
        SealBrokenError: the key that made it is lost, so that nobody can make it again.
    """
    ring = keys.ring
    for key in (ring.link_key, *ring.older_link_keys):
        token = link_token(key, occasion_id)
        if token_hash(token) == link_hash:
            return token
    raise SealBrokenError("The key that made this link is not in the key file.")


def token_hash(token: str) -> str:
    """Hash a link or bearer token for the database; a stolen database then opens nothing.

    A plain hash is enough: tokens are random, so there is nothing to guess.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
