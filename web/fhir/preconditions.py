"""The conditions that a caller ties to a change: the version it was made on, or that nothing is there yet."""

import re
from urllib.parse import parse_qsl

from flask import Request

from kernel.errors import Issue, MalformedInputError, VersionNotNamedError
from web.fhir.search import Query, SearchParameter, understood

VERSION = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


def demanded_version(request: Request) -> int:
    """Read the version that a change was made on from `If-Match`.

    Raises:
        VersionNotNamedError: there is no `If-Match`.
        MalformedInputError: it is not one version of ours; `*` would overwrite what the caller has not seen.
    """
    if "If-Match" not in request.headers:
        text = 'A change names the version that it was made on, such as If-Match: W/"1".'
        raise VersionNotNamedError(text, issues=[Issue("required", text, "http.If-Match", rule="version-not-named")])
    match = VERSION.fullmatch(request.headers["If-Match"].strip())
    if match is None:
        raise _refused("If-Match", 'If-Match names one version, such as W/"1".')
    return int(match[1])


def demanded_absence(request: Request, parameters: tuple[SearchParameter, ...]) -> Query | None:
    """Read from `If-None-Exist` what must not be there yet; None without the header.

    Raises:
        MalformedInputError: it is no search by the parameters that are known.
    """
    if "If-Match" in request.headers:
        raise _refused("If-Match", "Nothing new has a version yet.")
    if "If-None-Exist" not in request.headers:
        return None
    given = parse_qsl(request.headers["If-None-Exist"].lstrip("?"))
    query = understood(parameters, given, strict=True)
    if not query.wanted:
        raise _refused("If-None-Exist", "A condition searches for something.")
    return query


def _refused(header: str, text: str) -> MalformedInputError:
    return MalformedInputError(text, issues=[Issue("value", text, f"http.{header}", rule="conditional")])
