"""Personal links: made anew from a key whenever they are sent, so that nobody has to store one."""

import hashlib
import hmac
from base64 import urlsafe_b64encode


def link_token(key: bytes, occasion_id: str) -> str:
    """Make the token of an occasion's personal link: the same at each retry, 256 bits, unguessable without the key."""
    digest = hmac.digest(key, f"personal-link\x00{occasion_id}".encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def token_hash(token: str) -> str:
    """Hash a link or bearer token for the database; a stolen database then opens nothing.

    A plain hash is enough: tokens are random, so there is nothing to guess.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
