"""Resources of the FHIR door that are content: a version never changes, so no database is asked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kernel.errors import NotFoundError
from web.fhir.bundle import Entry, SearchPage
from web.fhir.search import Query

STARTS = ("title", "name")
"""Criteria that match the start of a text; the others match all of it."""


@dataclass(frozen=True)
class Shelved:
    """One resource.

    Args:
        id: FHIR id.
        facts: criterion -> what it is searched for.
        write: makes the JSON text, once.
    """

    id: str
    facts: Mapping[str, str]
    write: Callable[[], str]

    @cached_property
    def text(self) -> str:
        """The resource as JSON text."""
        return self.write()


class Shelf:
    """All resources of one type."""

    def __init__(self, kind: str, resources: Iterable[Shelved]) -> None:
        self._kind = kind
        self._by_id = {one.id: one for one in sorted(resources, key=lambda one: one.id)}

    def read(self, fhir_id: str) -> str:
        """Return a resource.

        Raises:
            NotFoundError: no such id.
        """
        if fhir_id not in self._by_id:
            raise NotFoundError(f"No such {self._kind}.")
        return self._by_id[fhir_id].text

    def search(self, query: Query) -> SearchPage:
        """Return one page of the resources that match."""
        matching = [one for one in self._by_id.values() if _matches(one, query)]
        rest = [one for one in matching if query.after is None or one.id > query.after]
        entries = tuple(Entry(one.id, one.text) for one in rest[: query.count])
        return SearchPage(entries, len(rest) > query.count, len(matching) if query.with_total else None)


def _matches(shelved: Shelved, query: Query) -> bool:
    facts = {**shelved.facts, "id": shelved.id}
    return all(
        any(_fits(facts[name], value, starts=name in STARTS) for value in values)
        for name, values in query.criteria.items()
    )


def _fits(fact: str, value: str, *, starts: bool) -> bool:
    return fact.lower().startswith(value) if starts else fact == value
