"""A FHIR search, read: from the parameters of a call to criteria, page and self link."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kernel.errors import Issue, MalformedInputError
from store.records import Criteria, Interval, Order, Times
from web.fhir.dates import intervals

NONE_MATCH: frozenset[str] = frozenset()
DEFAULT_COUNT = 20
MOST_COUNT = 100
PAGING = ("_count", "_cursor", "_total")
UNCHANGED = ("_format", "_pretty")
"""Parameters about the form of the answer; they change nothing in what is found."""
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
NAME = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,63}(:[A-Za-z-]{1,20})?")
LIKE_A_CPR_NUMBER = re.compile(r"(.*\|)?\d{6}-?\d{4}")
REFERENCE = re.compile(r"(?:https?://\S+/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})")

Meaning = Callable[[str], frozenset[str]]
"""Turns one value of a parameter into the values of its criterion that match."""


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One search parameter of one resource type.

    Args:
        name: as in the URL.
        type: FHIR search-param-type.
        criterion: which criterion of `flow.records` it narrows.
        documentation: shown in the CapabilityStatement.
        meaning: of one value.
        sortable: matches can be sorted by it.
        personal: its values tell who somebody is: they come in a body only, and are never repeated.
    """

    name: str
    type: str
    criterion: str
    documentation: str
    meaning: Meaning
    personal: bool = False
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search, understood.

    Args:
        criteria: criterion -> the values it may have; several parameters narrow one another.
        count: most matches on this page; 0 asks for the number of matches only.
        after: id of the last match of the page before.
        with_total: tell how many there are.
        used: parameters that were understood, for the self link.
        times: criterion -> when it may have been.
        order: by what the matches are sorted; None = by id.
    """

    criteria: Mapping[str, frozenset[str]]
    count: int
    after: str | None
    with_total: bool
    used: tuple[tuple[str, str], ...]
    times: Mapping[str, Times] = field(default_factory=lambda: MappingProxyType({}))
    order: Order | None = None

    @property
    def wanted(self) -> Criteria:
        """All that narrows the search."""
        wanted: dict[str, frozenset[str] | Times] = dict(self.criteria)
        wanted.update(self.times)
        return wanted


def understood(
    parameters: Iterable[SearchParameter],
    given: Iterable[tuple[str, str]],
    *,
    strict: bool,
    body: Iterable[tuple[str, str]] = (),
) -> Query:
    """Read the parameters of a search.

    Args:
        given: names and values as in the address; a name may come several times.
        body: those of a form that was posted.
        strict: refuse what is not known; else pass over it, and leave it out of the self link.

    Raises:
        MalformedInputError: a parameter is unknown (strict), has a modifier, or holds what it cannot hold.
    """
    known = {parameter.name: parameter for parameter in parameters}
    criteria: dict[str, frozenset[str]] = {}
    times: dict[str, Times] = {}
    order: Order | None = None
    paging: dict[str, str] = {}
    used: list[tuple[str, str]] = []
    in_address = tuple(given)
    _refuse_personal(known, in_address)
    for name, value in (*in_address, *body):
        if name in PAGING:
            paging[name] = value
        elif name in known:
            parameter = known[name]
            if parameter.type == "date":
                times[parameter.criterion] = (*times.get(parameter.criterion, ()), _times(parameter, value))
            else:
                matching = _matching(parameter, value)
                criteria[parameter.criterion] = criteria.get(parameter.criterion, matching) & matching
            used += [] if parameter.personal else [(name, value)]
        elif name == "_sort" and (sorted_by := _order(known, value)):
            order = sorted_by
            used.append((name, value))
        elif name not in UNCHANGED:
            _unknown(name, known, strict=strict)
    count = _count(paging.get("_count"))
    used += [(name, paging[name]) for name in ("_count", "_total") if name in paging]
    with_total = _total(paging.get("_total")) or count == 0
    return Query(criteria, count, _after(paging.get("_cursor")), with_total, tuple(used), times, order)


def cursor(last_id: str) -> str:
    """Return the opaque cursor of the page after this match."""
    return base64.urlsafe_b64encode(last_id.encode()).decode().rstrip("=")


def anything(value: str) -> frozenset[str]:
    """Match the value as it stands."""
    return frozenset({value})


def token(vocabulary: Mapping[str, frozenset[str]]) -> Meaning:
    """Match a code, with or without its system, through a vocabulary of ours."""

    def meaning(value: str) -> frozenset[str]:
        return vocabulary.get(value.rpartition("|")[2], NONE_MATCH)

    return meaning


def reference(*types: str) -> Meaning:
    """Match `id`, `Type/id` or an absolute address; another type matches nothing."""

    def meaning(value: str) -> frozenset[str]:
        if ID.fullmatch(value):
            return frozenset({value})
        match = REFERENCE.fullmatch(value)
        return frozenset({match[2]}) if match and match[1] in types else NONE_MATCH

    return meaning


def _refuse_personal(known: Mapping[str, SearchParameter], given: Iterable[tuple[str, str]]) -> None:
    for name, _value in given:
        base = name.partition(":")[0]
        if base in known and known[base].personal:
            raise _refused(base, "security", "What tells who somebody is comes in the body of POST _search only.")


def _matching(parameter: SearchParameter, value: str) -> frozenset[str]:
    values = [part for part in value.split(",") if part]
    if not values or not value.isprintable():
        raise _refused(parameter.name, "invalid", "A search parameter needs a value.")
    if not parameter.personal and any(LIKE_A_CPR_NUMBER.fullmatch(part) for part in values):
        raise _refused(parameter.name, "security", "A CPR number never belongs in an address; use the pseudonym.")
    return NONE_MATCH.union(*(parameter.meaning(part) for part in values))


def _times(parameter: SearchParameter, value: str) -> tuple[Interval, ...]:
    try:
        return tuple(interval for part in value.split(",") for interval in intervals(part))
    except ValueError as error:
        text = "A date is written as 2026-11-20 or with time and zone, behind eq, ne, gt, ge, lt, le, sa or eb."
        raise _refused(parameter.name, "value", text) from error


def _order(known: Mapping[str, SearchParameter], value: str) -> Order | None:
    """Read `_sort`; None where the matches cannot be sorted like that."""
    name = value.removeprefix("-")
    if name not in known or not known[name].sortable:
        return None
    return Order(known[name].criterion, newest_first=value.startswith("-"))


def _unknown(name: str, known: Mapping[str, SearchParameter], *, strict: bool) -> None:
    base, _, modifier = name.partition(":")
    if modifier and base in known:
        raise _refused(name, "not-supported", "This modifier is not supported.")
    if strict:
        raise _refused(name, "not-supported", "This search parameter is not supported here.")


def _count(value: str | None) -> int:
    if value is None:
        return DEFAULT_COUNT
    if not value.isascii() or not value.isdigit() or len(value) > len("999999999"):
        raise _refused("_count", "value", "A count is a whole number from 0.")
    return min(int(value), MOST_COUNT)


def _total(value: str | None) -> bool:
    if value not in (None, "none", "estimate", "accurate"):
        raise _refused("_total", "value", "A total is none, estimate or accurate.")
    return value in ("estimate", "accurate")


def _after(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        last_id = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _refused("_cursor", "value", "This cursor is not one of ours.") from error
    if not ID.fullmatch(last_id):
        raise _refused("_cursor", "value", "This cursor is not one of ours.")
    return last_id


def _refused(name: str, code: str, text: str) -> MalformedInputError:
    # What a caller wrote as a name is repeated only where it looks like one.
    shown = f"http.{name}" if NAME.fullmatch(name) else "http"
    return MalformedInputError(text, issues=[Issue(code, text, shown, rule="search-parameter")])
