"""The JSON of `/api/v1`: what goes in becomes an order, and what comes out is listed field by field."""

from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate

from flow.enrol import EnrolmentOrder

LONGEST_TEXT = 2_000


class StrictSchema(Schema):
    """A schema that refuses what it does not know."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE


class EnrolmentOrderSchema(StrictSchema):
    """An order to enrol a patient."""

    identifier = fields.String(required=True, metadata={"description": "CPR number, X-eCPR or D-eCPR"})
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    package = fields.String(required=True, metadata={"description": "Such as KOL; the clinic must run it"})
    start = fields.Date(load_default=None, allow_none=True, metadata={"description": "Danish date; today if absent"})
    programme = fields.String(
        load_default=None, allow_none=True, metadata={"description": "Of this package; the clinic's own if absent"}
    )
    slots = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        metadata={"description": "Questionnaires wanted instead of the programme's defaults, by slot"},
    )

    @post_load
    def ordered(self, data: dict[str, Any], **_options: Any) -> EnrolmentOrder:
        """Build the order."""
        return EnrolmentOrder(**data)


class EnrolledSchema(Schema):
    """What came of an order."""

    id = fields.String(attribute="enrolment_id")
    patient = fields.String(attribute="patient_ref", metadata={"description": "Pseudonym of the patient"})
    first_due_at = fields.AwareDateTime(data_key="firstDueAt")


class EnrolmentSchema(Schema):
    """An enrolment as it stands."""

    id = fields.String()
    patient = fields.String(attribute="patient_ref", metadata={"description": "Pseudonym of the patient"})
    package = fields.String(attribute="enrolment.package")
    programme = fields.String(attribute="enrolment.programme")
    programme_version = fields.String(attribute="enrolment.programme_version", data_key="programmeVersion")
    state = fields.String(attribute="enrolment.state.value")
    enrolled_at = fields.AwareDateTime(attribute="enrolment.enrolled_at", data_key="enrolledAt")
    next_due_at = fields.AwareDateTime(allow_none=True, data_key="nextDueAt")
    awaiting = fields.Boolean(metadata={"description": "The newest answers have not been decided on"})
    suggestion_id = fields.String(attribute="suggestion.id", data_key="suggestionId")
    decision_id = fields.String(attribute="decision.id", data_key="decisionId")


class ProblemErrorSchema(Schema):
    """One thing that is wrong."""

    code = fields.String(metadata={"description": "Name of the rule that was broken"})
    detail = fields.String()
    field = fields.String(metadata={"description": "Dotted path of the field, or FHIRPath in a document"})
    pointer = fields.String(metadata={"description": "JSON pointer of the field"})
    link_id = fields.String(data_key="linkId")


class ProblemSchema(Schema):
    """Problem JSON (RFC 9457), for every error of this door."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    errors = fields.List(fields.Nested(ProblemErrorSchema))
