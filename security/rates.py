"""How often a door may be knocked at: what counts, in which time, and by whom, without keeping who it was."""

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address

from security.vault import blind_index

NETWORK_BITS = 64
"""Of an IPv6 address: whoever has one address has its whole network."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls of one caller are let through in one window of time.

    Args:
        name: keeps the counts of two rates apart.
        most: the next one is refused.
        window_s: length of a window in seconds; windows begin at multiples of it.
    """

    name: str
    most: int
    window_s: int = 60

    def ends_at(self, now: datetime) -> datetime:
        """Return when the window of a moment ends."""
        return datetime.fromtimestamp((int(now.timestamp()) // self.window_s + 1) * self.window_s, UTC)


ONCE = Rate("once", 1)
"""What counts a single time; its window ends when it does."""


def bucket_of(key: bytes, rate: Rate, caller: str) -> str:
    """Name what is counted: a keyed hash, so that the database says neither who called nor from where."""
    return blind_index(key, "", f"rate\x00{rate.name}", caller)


def source_of(address: str | None) -> str:
    """Return whom calls from a network address count for: the address, of IPv6 its network."""
    try:
        read = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(read, IPv6Address):
        read = read.ipv4_mapped or IPv6Address(int(read) >> NETWORK_BITS << NETWORK_BITS)
    return str(read)
