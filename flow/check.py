"""VALIDATE: what is wrong with a response, without filing anything."""

from dataclasses import dataclass

from delivery.content import Content
from kernel.errors import InvalidInputError, Issue
from questionnaires.gate import check_response
from questionnaires.statuses import FHIR_STATUSES


@dataclass(frozen=True, slots=True)
class CheckResponse:
    """The use case behind `$validate`."""

    content: Content

    def __call__(self, raw: bytes) -> tuple[Issue, ...]:
        """Return every fault of the response; empty when it is valid, in whatever status it is."""
        try:
            check_response(raw, self.content.questionnaires, statuses=FHIR_STATUSES)
        except InvalidInputError as error:
            return error.issues
        return ()
