"""Signed webhooks after the Standard Webhooks specification, version 1 (symmetric)."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from kernel.errors import UnauthenticatedError
from security.keys import SECRET_PREFIX

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
VERSION = "v1"
TOLERANCE_S = 300
MAX_ID_LENGTH = 200


class Headers(Protocol):
    """Anything that lists header names with values; names in any case."""

    def items(self) -> Iterable[tuple[str, str]]:
        """List names and values."""
        ...


def sign(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """Sign a webhook.

    Args:
        secret: `whsec_<base64>`.
        webhook_id: value of `webhook-id`, the same at each retry.
        timestamp: value of `webhook-timestamp`, seconds since 1970.

    Returns:
        The value of `webhook-signature`.

    Source: Standard Webhooks specification, "Signature scheme".
    """
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((webhook_id.encode(), str(timestamp).encode("ascii"), body))
    return f"{VERSION},{b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode('ascii')}"


def verify(
    secrets: Sequence[str], headers: Headers, body: bytes, *, now: datetime, tolerance_s: int = TOLERANCE_S
) -> str:
    """Check that a webhook comes from a holder of one of the secrets, and now.

    Args:
        secrets: the channel's active secrets; each may have signed.
        now: aware; a timestamp further away than `tolerance_s` seconds, before or after, is refused.

    Returns:
        Its `webhook-id`, at most 200 printable ASCII characters; the caller lets each id count once.

    Raises:
        UnauthenticatedError: header missing or unreadable, too old, too new, or no signature fits; nothing says which
            signature would have.
    """
    given = {name.lower(): value for name, value in headers.items()}
    webhook_id = given.get(ID_HEADER, "")
    if not (webhook_id.isascii() and webhook_id.isprintable() and 0 < len(webhook_id) <= MAX_ID_LENGTH):
        raise UnauthenticatedError("The webhook has no usable webhook-id.")
    timestamp = _timestamp(given.get(TIMESTAMP_HEADER, ""))
    if abs(now.timestamp() - timestamp) > tolerance_s:
        raise UnauthenticatedError("The webhook is too old or too new.")
    signatures = given.get(SIGNATURE_HEADER, "").encode("utf-8", "surrogatepass").split(b" ")
    wanted = [sign(secret, webhook_id, timestamp, body).encode() for secret in secrets]
    # Every pair is compared, so that the time taken tells nothing.
    fits = [hmac.compare_digest(one, other) for one in wanted for other in signatures]
    if not any(fits):
        raise UnauthenticatedError("The webhook is not signed with a known secret.")
    return webhook_id


def _timestamp(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise UnauthenticatedError("The webhook has no usable webhook-timestamp.")
    return int(text)
