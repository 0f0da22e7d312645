"""SMART scopes of systems, version 2 alone: what a token may do to which type of resource."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kernel.errors import InvalidInputError, Issue

ANY = "*"
LONGEST = 1000
"""Characters of all scopes together."""
SCOPE = re.compile(r"system/(?P<resource>\*|[A-Z][A-Za-z]{1,39})\.(?P<letters>(?=[cruds])c?r?u?d?s?)")
"""The letters stand in this order and none twice; what has a query, or is written as in version 1, is no scope."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope.

    Args:
        resource: FHIR resource type, or `*` for all.
        letters: of create, read, update, delete, search, in this order.

    Source: SMART App Launch 2.2, scopes for requesting FHIR resources.
    """

    resource: str
    letters: str

    def __str__(self) -> str:
        return f"system/{self.resource}.{self.letters}"

    def covers(self, other: "Scope") -> bool:
        """Tell whether whoever has this one has the other one too."""
        return self.resource in (ANY, other.resource) and set(other.letters) <= set(self.letters)


Scopes = tuple[Scope, ...]


def parse_scopes(text: str) -> Scopes:
    """Read scopes that are separated by one space each.

    Raises:
        InvalidInputError: there is none, or one that this service does not know: none is passed over.
    """
    found = [SCOPE.fullmatch(word) for word in text.split(" ")] if len(text) <= LONGEST else [None]
    if None in found:
        issue = Issue("value", "Scopes are system/<Type or *>.<some of cruds, in order>.", "scope", rule="scope")
        raise InvalidInputError(issue.text, issues=[issue])
    return tuple(dict.fromkeys(Scope(match["resource"], match["letters"]) for match in found if match))


def written_scopes(scopes: Iterable[Scope]) -> str:
    """Write scopes as a token request names them."""
    return " ".join(map(str, scopes))


def cover(granted: Scopes, wanted: Scopes) -> bool:
    """Tell whether each wanted scope lies within what was granted; one may be covered by several together."""
    return all(permits(granted, one.resource, letter) for one in wanted for letter in one.letters)


def permits(scopes: Scopes, resource: str, letter: str) -> bool:
    """Tell whether one act on one type of resource is covered."""
    return any(scope.covers(Scope(resource, letter)) for scope in scopes)
