"""The operations of the FHIR door: `$validate`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, request

from flow.check import CheckResponse
from kernel.errors import Issue, MalformedInputError
from questionnaires.strict_json import parse_object
from web.fhir.answers import answered
from web.fhir.negotiation import demand_resource
from web.fhir.outcome import outcome
from web.fhir.parameters import given, refused
from web.fhir.systems import RESPONSE_PROFILES

RESPONSE = "QuestionnaireResponse"
View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Operations:
    """What the operations share."""

    check: CheckResponse

    def on_type(self) -> Mapping[tuple[str, str], View]:
        """Return the views by resource type and operation."""
        return {(RESPONSE, "validate"): self.validate}

    def on_one(self) -> Mapping[tuple[str, str], View]:
        """Return the views that take the id of a resource, likewise."""
        return {}

    def validate(self) -> Response:
        """Tell what is wrong with a response, and change nothing; 200 also when it is not valid."""
        demand_resource(request)
        return answered(json.dumps(outcome(self._faults(request.get_data())), ensure_ascii=False))

    def _faults(self, raw: bytes) -> tuple[Issue, ...]:
        try:
            is_wrapped = parse_object(raw).get("resourceType") == "Parameters"
        except MalformedInputError as error:
            return error.issues
        if not is_wrapped:
            return self.check(raw)
        told = given(raw, "resource", ("mode", "profile", "resource"))
        if told.text("profile") not in (None, *RESPONSE_PROFILES):
            text = "A response is checked against FHIR R4 and its questionnaire, and against no other profile."
            raise refused("not-supported", text, "Parameters.parameter", "unknown-profile")
        return self.check(told.resource("resource"))
