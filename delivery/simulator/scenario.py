"""A scenario: how each receiver behaves, read from a JSON file; the same seed misbehaves in the same way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from delivery.simulator.behaviours import TARGETS, Behaviour, Fault, is_possible
from kernel.errors import SettingsError

WELL = "ok"
"""In `first`: this transmission goes well."""


@dataclass(frozen=True, slots=True)
class Part:
    """How one receiver behaves.

    Args:
        down: it takes nothing until somebody starts it again.
        first: what happens to its first transmissions, one after another; None = it goes well.
        shares: of all later ones, how many in one go wrong in this way; together at most 1.
    """

    down: bool = False
    first: tuple[Fault | None, ...] = ()
    shares: tuple[tuple[Fault, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """How everybody behaves.

    Args:
        seed: another one lets other transmissions go wrong.
        parts: by receiver; who is not named behaves well.
    """

    seed: int = 0
    parts: Mapping[str, Part] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, target: str) -> Part:
        """Return how a receiver behaves."""
        return self.parts.get(target, Part())

    def drawn(self, target: str, key: str, attempt: int) -> Fault | None:
        """Return what happens to one transmission after the first ones.

        Drawn from seed, receiver, key and attempt, not from the order of arrival: threads do not change it.
        """
        digest = sha256(f"{self.seed}/{target}/{key}/{attempt}".encode()).digest()
        left = int.from_bytes(digest[:8]) / 2**64
        for fault, share in self.of(target).shares:
            if left < share:
                return fault
            left -= share
        return None


WELL_BEHAVED = Scenario()


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; docs/simulator.md shows one.

    Raises:
        SettingsError: names what cannot be understood.
    """
    try:
        return scenario_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise SettingsError(f"The scenario {path.name} cannot be read: {error}") from error


def scenario_of(told: Any) -> Scenario:
    """Build a scenario from its JSON.

    Raises:
        ValueError, TypeError, AttributeError: what cannot be understood.
    """
    receivers = _object(_object(told, "seed", "receivers").get("receivers", {}), *TARGETS)
    parts = {target: _part(target, part) for target, part in receivers.items()}
    return Scenario(int(told.get("seed", 0)), MappingProxyType(parts))


def _part(target: str, told: Any) -> Part:
    _object(told, "down", "first", "shares", "seconds")
    seconds = {name: float(value) for name, value in told.get("seconds", {}).items()}
    first = tuple(None if name == WELL else _fault(target, name, seconds) for name in told.get("first", []))
    shares = tuple((_fault(target, name, seconds), float(share)) for name, share in told.get("shares", {}).items())
    if any(share < 0 for _, share in shares) or sum(share for _, share in shares) > 1:
        raise ValueError(f"the shares of {target} are no parts of one whole")
    return Part(told.get("down") is True, first, shares)


def _fault(target: str, name: str, seconds: Mapping[str, float]) -> Fault:
    if name not in list(Behaviour) or not is_possible(target, Behaviour(name)):
        raise ValueError(f"{target} has no behaviour {name}")
    return Fault(Behaviour(name), seconds.get(name))


def _object(told: Any, *known: str) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise TypeError("an object is expected")
    unknown = set(told) - set(known)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return told
