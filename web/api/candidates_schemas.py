"""The JSON of candidates."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from delivery.candidate import CandidateState
from delivery.profile import Misfit
from flow.candidates import LONGEST_REASON, MOST_ROWS
from web.api.schemas import StrictSchema

MOST_AT_ONCE = 1_000


class CandidateQuerySchema(StrictSchema):
    """Which candidates are wanted."""

    state = fields.Enum(
        CandidateState,
        by_value=True,
        load_default=CandidateState.WAITING,
        metadata={"description": "waiting lists exclusions too whose review is due"},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST_ROWS))
    after = fields.String(load_default=None, metadata={"description": "`next` of the page before"})


class CandidateSchema(Schema):
    """A candidate."""

    id = fields.String(attribute="candidate.id")
    patient = fields.String(attribute="candidate.patient_ref", metadata={"description": "Pseudonym of the patient"})
    name = fields.String()
    identifier = fields.String(metadata={"description": "Date of birth; the rest is masked"})
    package = fields.String(attribute="candidate.package")
    diagnosis = fields.String(attribute="candidate.diagnosis")
    own_patient = fields.Boolean(attribute="candidate.own_patient", data_key="ownPatient")
    state = fields.String(attribute="candidate.state.value")
    imported_at = fields.AwareDateTime(attribute="candidate.imported_at", data_key="importedAt")
    reason = fields.String(attribute="candidate.reason", allow_none=True)
    review_on = fields.Date(attribute="candidate.review_on", data_key="reviewOn", allow_none=True)
    is_for_review = fields.Boolean(data_key="isForReview")
    misfits = fields.List(
        fields.Enum(Misfit, by_value=True), metadata={"description": "What the profile of the package says against it"}
    )
    assessed_by = fields.String(attribute="candidate.assessed_name", data_key="assessedBy", allow_none=True)
    enrolment_id = fields.String(attribute="candidate.enrolment_id", data_key="enrolmentId", allow_none=True)


class CandidatePageSchema(Schema):
    """A page of candidates."""

    candidates = fields.List(fields.Nested(CandidateSchema))
    next = fields.String(allow_none=True, metadata={"description": "Give it as `after`; null on the last page"})


class ListedPatientSchema(StrictSchema):
    """A patient of a population list."""

    identifier = fields.String(required=True, metadata={"description": "CPR number, X-eCPR or D-eCPR"})
    name = fields.String(required=True)
    diagnosis = fields.String(required=True, metadata={"description": "ICPC-2 or SKS code, such as R95"})
    own_patient = fields.Boolean(required=True, truthy={True}, falsy={False}, data_key="ownPatient")
    package = fields.String(
        load_default="", metadata={"description": "Those whose profile has the diagnosis if absent"}
    )


class PopulationListSchema(StrictSchema):
    """A population list; it comes in whole or not at all."""

    candidates = fields.List(
        fields.Nested(ListedPatientSchema), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE)
    )

    @post_load
    def told(self, data: dict[str, Any], **_options: Any) -> list[dict[str, str]]:
        """Build the entries, as a list in a file has them."""
        return [{**one, "own_patient": str(one["own_patient"])} for one in data["candidates"]]


class BroughtSchema(Schema):
    """What came of a list: places of its patients, from 0, by what came of each."""

    added = fields.List(fields.Integer(), attribute="lines.added")
    waiting = fields.List(fields.Integer(), attribute="lines.waiting")
    excluded = fields.List(fields.Integer(), attribute="lines.excluded")
    enrolled = fields.List(fields.Integer(), attribute="lines.enrolled")
    gone = fields.List(fields.Integer(), attribute="lines.left", data_key="left")
    not_proposed = fields.List(fields.Integer(), attribute="lines.not-proposed", data_key="notProposed")


class CandidateOrderSchema(StrictSchema):
    """An order to enrol a candidate."""

    start = fields.Date(load_default=None, allow_none=True, metadata={"description": "Danish date; today if absent"})
    despite_exclusion = fields.Boolean(load_default=False, truthy={True}, falsy={False}, data_key="despiteExclusion")


class CandidatesOrderSchema(CandidateOrderSchema):
    """An order to enrol many candidates."""

    candidates = fields.List(fields.String(), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE))


class OrderedCandidateSchema(Schema):
    """What came of ordering a candidate."""

    candidate_id = fields.String(data_key="id")
    outcome = fields.String(attribute="outcome.value", metadata={"description": "ordered, already, excluded or left"})
    enrolment_id = fields.String(data_key="enrolmentId", allow_none=True)
    first_due_at = fields.AwareDateTime(data_key="firstDueAt", allow_none=True)


class OrderedCandidatesSchema(Schema):
    """What came of ordering many."""

    candidates = fields.List(fields.Nested(OrderedCandidateSchema))


class ExclusionOrderSchema(StrictSchema):
    """An order to leave a candidate out for now."""

    reason = fields.String(required=True, validate=validate.Length(max=LONGEST_REASON))
    review_on = fields.Date(required=True, data_key="reviewOn", metadata={"description": "A later Danish date"})


class ExcludedCandidateSchema(Schema):
    """A candidate who was left out."""

    id = fields.String()
    state = fields.String(attribute="state.value")
    reason = fields.String()
    review_on = fields.Date(data_key="reviewOn")
    assessed_by = fields.String(attribute="assessed_name", data_key="assessedBy")
