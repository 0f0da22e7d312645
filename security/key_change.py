"""Changes of a key ring: every kind of key gets a new one while the older ones still open what they closed."""

import secrets
from dataclasses import replace

from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import new_id
from security.keys import KEY_BYTES, KeyRing, new_webhook_secret

KEK, SESSION, LINK, WEBHOOK = "kek", "session", "link", "webhook"
KINDS = (KEK, SESSION, LINK, WEBHOOK)


def with_new_key(ring: KeyRing, kind: str, channel: str | None = None) -> KeyRing:
    """Return the ring with a new key of a kind in front; the older ones stay.

    Args:
        kind: one of `KINDS`.
        channel: whose webhook secret; needed for that kind alone.

    Raises:
        InvalidInputError: no such kind or channel.
    """
    fresh = secrets.token_bytes(KEY_BYTES)
    if kind == KEK:
        kek_id = f"kek-{new_id()}"
        return replace(ring, keks={**ring.keks, kek_id: fresh}, current=kek_id)
    if kind == SESSION:
        return replace(ring, session_key=fresh, older_session_keys=(ring.session_key, *ring.older_session_keys))
    if kind == LINK:
        return replace(ring, link_key=fresh, older_link_keys=(ring.link_key, *ring.older_link_keys))
    active = _secrets(ring, kind, channel)
    return replace(ring, webhook_secrets={**ring.webhook_secrets, str(channel): (new_webhook_secret(), *active)})


def without_older_keys(ring: KeyRing, kind: str, channel: str | None = None) -> KeyRing:
    """Return the ring with the newest key of a kind alone.

    Raises:
        InvalidInputError: no such kind or channel.
        ConflictError: there is no older one.
    """
    if kind == KEK:
        changed = replace(ring, keks={ring.current: ring.keks[ring.current]})
    elif kind == SESSION:
        changed = replace(ring, older_session_keys=())
    elif kind == LINK:
        changed = replace(ring, older_link_keys=())
    else:
        newest = _secrets(ring, kind, channel)[:1]
        changed = replace(ring, webhook_secrets={**ring.webhook_secrets, str(channel): newest})
    if changed == ring:
        raise ConflictError("There is no older key of this kind.")
    return changed


def _secrets(ring: KeyRing, kind: str, channel: str | None) -> tuple[str, ...]:
    if kind != WEBHOOK or channel is None or channel not in ring.webhook_secrets:
        raise InvalidInputError("Name a channel that has a webhook secret.")
    return ring.webhook_secrets[channel]
