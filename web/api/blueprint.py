"""What the JSON door's blueprints have in common: bodies are read strictly, and every answer is described."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

from questionnaires.strict_json import parse_object
from web.media import demand_readable

PREFIX = "/api/v1"
PROBLEM_JSON = "application/problem+json"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
"""By name: flask-smorest copies what it is given once for every refusal of every view, which makes a start slow."""
View = TypeVar("View", bound=Callable[..., Any])
Refusals = Mapping[int, str]
"""HTTP status -> when it is given, for the OpenAPI document."""
ANY_CALL: Refusals = {
    401: "No known bearer token",
    403: "The caller may not do this",
    429: "Too many calls without a known bearer token; `Retry-After` says when to try again",
}
ANY_ORDER: Refusals = {
    400: "The body is not a JSON object that can be read",
    415: "The body is not JSON",
    422: "A field is missing, unknown or unusable; each is named",
}


class StrictParser(FlaskParser):
    """Reads JSON bodies through the same gate as responses."""

    def _raw_load_json(self, req: Request) -> Any:
        demand_readable(req, "application/json")
        return parse_object(req.get_data())


class JsonBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A blueprint of the JSON door."""

    # `None` leaves what is unknown to the schema, which refuses it, in the address too.
    ARGUMENTS_PARSER = StrictParser(unknown=None)

    def taking(
        self, path: str, order: type[Schema], gives: type[Schema], refusals: Refusals, *, status: int = 201
    ) -> Callable[[View], View]:
        """Register a view that takes an order by POST.

        Args:
            status: 201 for an order that makes something.
        """

        def register(view: View) -> View:
            described = self._described(view, status, gives, {**ANY_ORDER, **refusals})
            self.post(path)(self.arguments(order)(described))
            return view

        return register

    def setting(
        self, path: str, order: type[Schema], gives: type[Schema], refusals: Refusals
    ) -> Callable[[View], View]:
        """Register a view that takes an order by PUT: the same order twice is one."""

        def register(view: View) -> View:
            described = self._described(view, 200, gives, {**ANY_ORDER, **refusals})
            self.put(path)(self.arguments(order)(described))
            return view

        return register

    def giving(
        self, path: str, gives: type[Schema], refusals: Refusals, *, query: type[Schema] | None = None
    ) -> Callable[[View], View]:
        """Register a view that shows something.

        Args:
            query: parameters of the address, which the view is given as its first argument.
        """

        def register(view: View) -> View:
            described = self._described(view, 200, gives, refusals)
            self.get(path)(self.arguments(query, location="query")(described) if query else described)
            return view

        return register

    def _described(
        self, view: Callable[..., Any], status: int, gives: type[Schema], refusals: Refusals
    ) -> Callable[..., Any]:
        """Describe what a view gives, and before that its refusals: each copies what was described until then."""
        for refused, when in {**ANY_CALL, **refusals}.items():
            view = self.alt_response(refused, schema=PROBLEM, content_type=PROBLEM_JSON, description=when)(view)
        described: Callable[..., Any] = self.response(status, gives)(view)
        return described
