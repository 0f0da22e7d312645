"""The operations of the FHIR door: check, take apart, begin and export."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, request

from delivery.content import Content
from flow.check import CheckResponse
from flow.extract import ExtractedResponse, ExtractResponse
from flow.populate import PopulateResponse
from kernel.errors import Issue, MalformedInputError, NotFoundError, UnknownQuestionnaireError
from kernel.ids import PatientRef
from questionnaires.model import ItemType, Questionnaire
from questionnaires.strict_json import parse_object
from scoring.export import with_calculated_expressions
from scoring.significance import with_answer_significance
from security.cpr import Identifier
from web.auth import current_actor
from web.fhir.answers import answered, cacheable
from web.fhir.extract import extract as written_extract
from web.fhir.negotiation import demand_resource
from web.fhir.outcome import outcome
from web.fhir.parameters import given, refused
from web.fhir.populate import KNOWN, SUBJECT, populated_parameters, questionnaire_of, subject_in_address, subject_of
from web.fhir.systems import RESPONSE_PROFILES

QUESTIONNAIRE = "Questionnaire"
RESPONSE = "QuestionnaireResponse"
EXTRACTED = "questionnaire-response"
SILENT = (ItemType.DISPLAY, ItemType.GROUP)
"""Items that take no answer."""
View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Operations:
    """What the operations share."""

    content: Content
    check: CheckResponse
    extract: ExtractResponse
    populate: PopulateResponse

    def on_type(self) -> Mapping[tuple[str, str], View]:
        """Return the views by resource type and operation."""
        return {
            (RESPONSE, "validate"): self.validate,
            (RESPONSE, "extract"): self.extract_given,
            (QUESTIONNAIRE, "populate"): self.populate_named,
        }

    def on_one(self) -> Mapping[tuple[str, str], View]:
        """Return the views that take the id of a resource, likewise."""
        return {
            (RESPONSE, "extract"): self.extract_one,
            (QUESTIONNAIRE, "populate"): self.populate_one,
            (QUESTIONNAIRE, "calculated-expressions"): self.calculated_expressions,
            (QUESTIONNAIRE, "answer-significance"): self.answer_significance,
        }

    def validate(self) -> Response:
        """Tell what is wrong with a response, and change nothing; 200 also when it is not valid."""
        return answered(json.dumps(outcome(self._faults(self._body())), ensure_ascii=False))

    def _body(self) -> bytes:
        """Return a body that may hold a response, with what may be attached to one."""
        demand_resource(request, most_bytes=self.content.questionnaires.most_bytes)
        return request.get_data()

    def _faults(self, raw: bytes) -> tuple[Issue, ...]:
        most_bytes = self.content.questionnaires.most_bytes
        try:
            is_wrapped = parse_object(raw, most_bytes=most_bytes).get("resourceType") == "Parameters"
        except MalformedInputError as error:
            return error.issues
        if not is_wrapped:
            return self.check(raw)
        told = given(raw, "resource", ("mode", "profile", "resource"), most_bytes=most_bytes)
        if told.text("profile") not in (None, *RESPONSE_PROFILES):
            text = "A response is checked against FHIR R4 and its questionnaire, and against no other profile."
            raise refused("not-supported", text, "Parameters.parameter", "unknown-profile")
        return self.check(told.resource("resource"))

    def extract_given(self) -> Response:
        """Write what a response that the caller brings says, and file nothing."""
        told = given(self._body(), EXTRACTED, (EXTRACTED,), most_bytes=self.content.questionnaires.most_bytes)
        return self._extracted(self.extract.given(current_actor(), told.resource(EXTRACTED)))

    def extract_one(self, record_id: str) -> Response:
        """Write what a filed response says."""
        return self._extracted(self.extract.one(current_actor(), record_id))

    def _extracted(self, extracted: ExtractedResponse) -> Response:
        return answered(written_extract(extracted, self.content.catalogue))

    def populate_named(self) -> Response:
        """Begin a response to the questionnaire of a canonical."""
        demand_resource(request)
        told = given(request.get_data(), "", KNOWN)
        return self._populated(questionnaire_of(told, self.content.questionnaires), subject_of(told))

    def populate_one(self, record_id: str) -> Response:
        """Begin a response to one questionnaire; in an address the subject is a pseudonym."""
        questionnaire = self._questionnaire(record_id)
        if request.method == "GET":
            return self._populated(questionnaire, subject_in_address(request.args.get(SUBJECT)))
        demand_resource(request)
        return self._populated(questionnaire, subject_of(given(request.get_data(), "", KNOWN)))

    def calculated_expressions(self, record_id: str) -> Response:
        """Show a questionnaire in which SDC renderers compute the scores themselves."""
        questionnaire = self._questionnaire(record_id)
        rule = self.content.catalogue.rule_for(questionnaire.canonical)
        return cacheable(with_calculated_expressions(questionnaire.source, rule).decode())

    def answer_significance(self, record_id: str) -> Response:
        """Show a questionnaire that says which single answers decide an alert."""
        questionnaire, catalogue = self._questionnaire(record_id), self.content.catalogue
        rule = catalogue.rule_for(questionnaire.canonical)
        return cacheable(with_answer_significance(questionnaire.source, rule, catalogue.tables()).decode())

    def _questionnaire(self, fhir_id: str) -> Questionnaire:
        try:
            return self.content.questionnaires.by_fhir_id(fhir_id)
        except UnknownQuestionnaireError:
            raise NotFoundError("No such Questionnaire.") from None

    def _populated(self, questionnaire: Questionnaire, subject: PatientRef | Identifier) -> Response:
        populated = self.populate(current_actor(), questionnaire, subject)
        asked = sum(item.type not in SILENT for item in questionnaire.by_link_id.values())
        return answered(populated_parameters(populated, asked))
