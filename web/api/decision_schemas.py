"""The JSON of decisions and of the actions agreed with them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from flow.decide import ActionOrder, DecisionOrder
from kernel.ids import DecisionId, EnrolmentId, SuggestionId
from scoring.actions import ActionState
from scoring.levels import DifferentiationLevel
from web.api.schemas import LONGEST_TEXT, StrictSchema

LONGEST_NOTE = 500
MOST_DIMENSIONS = 20
MOST_ACTIONS = 20


class ActionOrderSchema(StrictSchema):
    """An action to agree."""

    code = fields.String(required=True, metadata={"description": "Of the list of actions, such as spirometry"})
    due = fields.Date(load_default=None, allow_none=True, metadata={"description": "Danish date; not in the past"})
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_NOTE))

    @post_load
    def ordered(self, data: dict[str, Any], **_options: Any) -> ActionOrder:
        """Build the order."""
        return ActionOrder(**data)


class ConfirmationOrderSchema(StrictSchema):
    """A clinician's word that nothing has changed."""

    enrolment_id = fields.String(required=True, data_key="enrolmentId")
    suggestion_id = fields.String(
        required=True, data_key="suggestionId", metadata={"description": "The suggestion that the clinician saw"}
    )


class DecisionOrderSchema(ConfirmationOrderSchema):
    """A clinician's decision."""

    colour = fields.String(required=True, metadata={"description": "GREEN, YELLOW or RED"})
    level = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        metadata={"description": "Differentiation level 1, 2 or 3; absent leaves it as it is"},
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "Needed when the colour differs from the suggested one, and to amend a decision"},
    )
    dimensions = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        validate=validate.Length(max=MOST_DIMENSIONS),
        metadata={
            "description": "Dimension of need -> GREEN, YELLOW or RED; absent ones stay as decided before. "
            "`clinician` is the clinician's own part, which the next needs assessment reads"
        },
    )
    actions = fields.List(
        fields.Nested(ActionOrderSchema), load_default=list, validate=validate.Length(max=MOST_ACTIONS)
    )
    next_due = fields.Date(
        load_default=None,
        allow_none=True,
        data_key="nextDue",
        metadata={"description": "Danish date of the next questionnaires; absent: it follows from the level"},
    )
    new_episode = fields.Boolean(
        load_default=False, truthy={True}, falsy={False}, data_key="newEpisode", metadata={"description": "LRS only"}
    )
    amends = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Newest decision that the clinician saw; 409 if there is a newer one"},
    )

    goal = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "The patient's own goal, at most 300 characters; absent leaves it as it was"},
    )
    measurements = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        validate=validate.Length(max=MOST_DIMENSIONS),
        metadata={"description": "Measurement -> number as text, such as `fev1-percent` -> `62`"},
    )

    @post_load
    def ordered(self, data: dict[str, Any], **_options: Any) -> DecisionOrder:
        """Build the order."""
        return DecisionOrder(
            EnrolmentId(data["enrolment_id"]),
            SuggestionId(data["suggestion_id"]),
            data["colour"],
            data["level"],
            data["reason"],
            dimensions=data["dimensions"],
            actions=tuple(data["actions"]),
            next_due=data["next_due"],
            new_episode=data["new_episode"],
            amends=DecisionId(data["amends"]) if data["amends"] else None,
            goal=data["goal"],
            measurements=data["measurements"],
        )


class ActionSchema(Schema):
    """An agreed action as it stands."""

    id = fields.String(metadata={"description": "Also the id of its FHIR Task"})
    enrolment_id = fields.String(data_key="enrolmentId")
    decision_id = fields.String(data_key="decisionId")
    code = fields.String()
    due = fields.Date(allow_none=True)
    note = fields.String()
    state = fields.Enum(ActionState, by_value=True)
    agreed_at = fields.AwareDateTime(data_key="agreedAt")
    changed_at = fields.AwareDateTime(data_key="changedAt")


class ActionMoveSchema(StrictSchema):
    """Where an agreed action is to be moved."""

    state = fields.String(
        required=True, metadata={"description": "in-progress, completed or cancelled; the last two are final"}
    )


class DecisionSchema(Schema):
    """A decision as it was filed."""

    id = fields.String()
    enrolment_id = fields.String(data_key="enrolmentId")
    suggestion_id = fields.String(data_key="suggestionId")
    previous_id = fields.String(allow_none=True, data_key="previousId")
    colour = fields.String(attribute="colour.value")
    level = fields.Enum(DifferentiationLevel, by_value=True, allow_none=True)
    reason = fields.String()
    dimensions = fields.Dict(keys=fields.String(), values=fields.String())
    actions = fields.List(fields.Nested(ActionSchema))
    next_due = fields.Date(allow_none=True, data_key="nextDue")
    new_episode = fields.Boolean(data_key="newEpisode")
    goal = fields.String()
    measurements = fields.Dict(keys=fields.String(), values=fields.String())
    author = fields.String(attribute="author_name")
    on_behalf_of = fields.String(
        allow_none=True, data_key="onBehalfOf", metadata={"description": "Id of the clinician who delegated"}
    )
    decided_at = fields.AwareDateTime(data_key="decidedAt")
    valid_until = fields.AwareDateTime(data_key="validUntil")
