"""EXTRACT: what a response says, answer by answer, with its scores; a filed one, or one that is only shown to us."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from delivery.content import Content
from flow.record import ResponseRecord
from flow.records import ID
from kernel.errors import InvalidResponseError, Issue, NotFoundError
from kernel.ids import ResponseId
from questionnaires.filed import FiledResponse
from questionnaires.gate import check_response
from questionnaires.model import Questionnaire
from questionnaires.statuses import CHANGING_STATUSES
from questionnaires.strict_json import parse_object
from scoring.result import Scored
from scoring.scores import score
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.records import Listing, RecordIndex
from store.transaction import Tx

KIND = "QuestionnaireResponse"


@dataclass(frozen=True, slots=True)
class ExtractedResponse:
    """A response that passed the gate, and its scores.

    Args:
        resource: as submitted, decoded.
        filed: None for one that is not filed here.
    """

    questionnaire: Questionnaire
    resource: dict[str, Any] = field(repr=False)
    scored: Scored
    filed: ResponseRecord | None = None


@dataclass(frozen=True, slots=True)
class ExtractResponse:
    """The use case."""

    store: Store
    content: Content

    def one(self, actor: Actor, response_id: str) -> ExtractedResponse:
        """Take apart the current version of a filed response, with the scores that are filed with it.

        One that was withdrawn has no scores of its own: those that it had are told, to be withdrawn with it.

        Raises:
            NotFoundError: there is none in the actor's clinic; another clinic's looks the same.
        """
        allow(actor, Action.READ_RECORDS)
        first_id = ResponseId(response_id)
        with self.store.write(actor.clinic_id, actor) as tx:
            if not ID.fullmatch(response_id) or not RecordIndex(tx).has(Listing.RESPONSES, response_id):
                raise NotFoundError(f"No such {KIND}.")
            versions = tx.responses.versions(tx.responses.get(first_id).request_id)
            current = versions[-1]
            record = ResponseRecord(current, tx.responses.raw(current.id), first_id)
            scored = _scores_of(tx, versions)
            tx.audit.record(AuditEvent("extract", f"{KIND}/{first_id}", (current.patient_ref,)))
        questionnaire = self.content.questionnaires.get(current.questionnaire)
        return ExtractedResponse(questionnaire, self._read(record.raw), scored, record)

    def given(self, actor: Actor, raw: bytes) -> ExtractedResponse:
        """Take apart a response that the caller brings; nothing is filed.

        Raises:
            MalformedInputError, InvalidResponseError, UnknownQuestionnaireError: every fault is named.
        """
        allow(actor, Action.SUBMIT_RESPONSE)
        checked = check_response(raw, self.content.questionnaires, statuses=CHANGING_STATUSES)
        if checked.status == "in-progress":
            text = "Only a response that is finished can be taken apart."
            raise InvalidResponseError(
                text, issues=[Issue("business-rule", text, f"{KIND}.status", rule="not-completed")]
            )
        questionnaire = self.content.questionnaires.get(checked.questionnaire)
        scored = score(self.content.catalogue.rule_for(checked.questionnaire), questionnaire, checked)
        return ExtractedResponse(questionnaire, self._read(raw), scored)

    def _read(self, raw: bytes) -> dict[str, Any]:
        """Decode what passed the gate."""
        return parse_object(raw, most_bytes=self.content.questionnaires.most_bytes)


def _scores_of(tx: Tx, versions: Sequence[FiledResponse]) -> Scored:
    every = (tx.scores.of_response(version.id) for version in reversed(versions))
    return next((scored for scored in every if scored.scores), tx.scores.of_response(versions[-1].id))
