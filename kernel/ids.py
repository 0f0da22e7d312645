"""Identifiers: one type per thing, so that a bare `str` never stands for a patient or a request."""

from typing import NewType

import uuid_utils

ClinicId = NewType("ClinicId", str)
PatientRef = NewType("PatientRef", str)
"""Pseudonym of a patient within one clinic; never a CPR number."""
CandidateId = NewType("CandidateId", str)
EnrolmentId = NewType("EnrolmentId", str)
SeriesId = NewType("SeriesId", str)
SlotId = NewType("SlotId", str)
OccasionId = NewType("OccasionId", str)
RequestId = NewType("RequestId", str)
ResponseId = NewType("ResponseId", str)
ScoreId = NewType("ScoreId", str)
SuggestionId = NewType("SuggestionId", str)
DecisionId = NewType("DecisionId", str)
ActionId = NewType("ActionId", str)
"""An action agreed with a decision."""
MessageId = NewType("MessageId", str)
UnmatchedId = NewType("UnmatchedId", str)
PersonId = NewType("PersonId", str)
RelatedPersonId = NewType("RelatedPersonId", str)
"""Somebody who may answer for a patient."""
EscalationId = NewType("EscalationId", str)
PostponementId = NewType("PostponementId", str)
"""That an enrolment was put off for a while."""
StandInId = NewType("StandInId", str)
AlertId = NewType("AlertId", str)
UnsentId = NewType("UnsentId", str)
LeaveId = NewType("LeaveId", str)
"""A red suggestion that is watched until somebody decides."""
Canonical = NewType("Canonical", str)
"""A FHIR canonical with its version: `url|version`."""


def new_id() -> str:
    """Make a UUIDv7: unique without a database, and in the order of making, which keeps indexes compact."""
    return str(uuid_utils.uuid7())
