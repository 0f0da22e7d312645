"""A page of search results as a searchset Bundle, put together from finished resources without reading them again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from web.fhir.model import instant
from web.fhir.search import Query, cursor


@dataclass(frozen=True, slots=True)
class Entry:
    """One match.

    Args:
        id: FHIR id.
        resource: the resource as JSON text; submitted responses appear as they were submitted.
    """

    id: str
    resource: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of matches.

    Args:
        entries: in the order of their ids.
        more: there are matches after the last one.
        total: of all pages, if it was asked for.
    """

    entries: tuple[Entry, ...]
    more: bool
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a resource.

    Args:
        method: by which it came.
        at: when, aware.
        resource: the resource as JSON text.
    """

    method: str
    version: int
    at: datetime
    resource: str


def history(address: str, changes: Sequence[Change]) -> str:
    """Write the Bundle of all versions of one resource.

    Args:
        address: absolute address of the resource.
        changes: newest first.
    """
    head = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(changes),
        "link": [_link("self", f"{address}/_history", ())],
    }
    return f'{json.dumps(head)[:-1]}, "entry": [{", ".join(_version(address, change) for change in changes)}]}}'


def _version(address: str, change: Change) -> str:
    collection, _, resource_id = address.rpartition("/")
    kind = collection.rpartition("/")[2]
    created = change.method == "POST"
    request = {"method": change.method, "url": kind if created else f"{kind}/{resource_id}"}
    response = {
        "status": "201" if created else "200",
        "etag": f'W/"{change.version}"',
        "lastModified": instant(change.at),
    }
    rest = json.dumps({"request": request, "response": response})[1:]
    return f'{{"fullUrl": {json.dumps(address)}, "resource": {change.resource}, {rest}'


def searchset(address: str, query: Query, page: SearchPage) -> str:
    """Write the Bundle.

    Args:
        address: absolute address of the resource type, without parameters.
        query: as it was understood; the self link shows no more than that.
    """
    links = [_link("self", address, (*query.used, *_position(query.after)))]
    if page.more and page.entries:
        links.append(_link("next", address, (*query.used, *_position(page.entries[-1].id))))
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if page.total is not None:
        head["total"] = page.total
    text = json.dumps(head, ensure_ascii=False)
    if not page.entries:
        return text
    return f'{text[:-1]}, "entry": [{", ".join(_entry(address, entry) for entry in page.entries)}]}}'


def _entry(address: str, entry: Entry) -> str:
    full_url = json.dumps(f"{address}/{entry.id}")
    return f'{{"fullUrl": {full_url}, "resource": {entry.resource}, "search": {{"mode": "match"}}}}'


def _position(after: str | None) -> Sequence[tuple[str, str]]:
    return [("_cursor", cursor(after))] if after else []


def _link(relation: str, address: str, parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {"relation": relation, "url": f"{address}?{urlencode(parameters)}" if parameters else address}
