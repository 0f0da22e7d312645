"""A response as the store keeps it: the very bytes that were submitted, and where they belong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kernel.ids import Canonical, PatientRef, RequestId, ResponseId
from questionnaires.wording import UsedWording

Vector = Mapping[str, int | bool | str | None]
"""linkId -> coded answer: points or code of an option, number, yes/no; None where explicitly skipped. No free text."""


@dataclass(frozen=True, slots=True)
class FiledResponse:
    """One accepted response.

    Args:
        id: also the FHIR id.
        request_id: the request it fulfils.
        patient_ref: pseudonym of the subject.
        questionnaire: `url|version`.
        status: FHIR status.
        authored_at: when the patient finished; the time of receipt where the response did not say.
        received_at: when we stored it.
        via: channel or door it came by: `webpatient`, `fhir`, `form`.
        sha256: hex digest of the submitted bytes; the same answer twice is recognised by it.
        vector: the coded answers, clear under the pseudonym.
        version: 1 for the first, one more for each amendment.
        definition_sha256: of the definition file that it was checked against; None before this was kept.
        wording: imported wordings that were on offer, by language; empty = our own working texts.
    """

    id: ResponseId
    request_id: RequestId
    patient_ref: PatientRef
    questionnaire: Canonical
    status: str
    authored_at: datetime
    received_at: datetime
    via: str
    sha256: str
    vector: Vector = field(repr=False)
    version: int = 1
    definition_sha256: str | None = None
    wording: tuple[UsedWording, ...] = ()
