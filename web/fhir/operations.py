"""The operations of the FHIR door: `$validate` and `$extract`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, request

from delivery.content import Content
from flow.check import CheckResponse
from flow.extract import ExtractedResponse, ExtractResponse
from kernel.errors import Issue, MalformedInputError
from questionnaires.strict_json import parse_object
from web.auth import current_actor
from web.fhir.answers import answered
from web.fhir.extract import extract as written_extract
from web.fhir.negotiation import demand_resource
from web.fhir.outcome import outcome
from web.fhir.parameters import given, refused
from web.fhir.systems import RESPONSE_PROFILES

RESPONSE = "QuestionnaireResponse"
EXTRACTED = "questionnaire-response"
View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Operations:
    """What the operations share."""

    content: Content
    check: CheckResponse
    extract: ExtractResponse

    def on_type(self) -> Mapping[tuple[str, str], View]:
        """Return the views by resource type and operation."""
        return {(RESPONSE, "validate"): self.validate, (RESPONSE, "extract"): self.extract_given}

    def on_one(self) -> Mapping[tuple[str, str], View]:
        """Return the views that take the id of a resource, likewise."""
        return {(RESPONSE, "extract"): self.extract_one}

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

    def extract_given(self) -> Response:
        """Write what a response that the caller brings says, and file nothing."""
        demand_resource(request)
        told = given(request.get_data(), EXTRACTED, (EXTRACTED,))
        return self._extracted(self.extract.given(current_actor(), told.resource(EXTRACTED)))

    def extract_one(self, record_id: str) -> Response:
        """Write what a filed response says."""
        return self._extracted(self.extract.one(current_actor(), record_id))

    def _extracted(self, extracted: ExtractedResponse) -> Response:
        return answered(written_extract(extracted, self.content.catalogue))
