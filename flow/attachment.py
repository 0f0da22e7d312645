"""LOOK: one file that a patient sent with an answer, for the clinic."""

from base64 import b64decode
from dataclasses import dataclass, field

from delivery.content import Content
from flow.relation import is_treated
from kernel.errors import NotFoundError
from kernel.ids import EnrolmentId, ResponseId
from questionnaires.model import Attachment
from questionnaires.placed import read_placed
from questionnaires.turns import walk
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as the patient sent it.

    Args:
        content_type: what the patient's browser said of it; nobody has looked whether that is so.
    """

    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenAttachment:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, response_id: ResponseId, number: int) -> SentFile:
        """Return one file; that it was opened is on record.

        Args:
            number: place among the files of the response, in the order of its questions, from 1.

        Raises:
            AccessError: the actor reads no answers of the clinic's patients.
            NotFoundError: the enrolment's patient sent no such file with this response, or it lies elsewhere.
        """
        allow(actor, Action.READ_WORKLIST)
        found: SentFile | None = None
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            response = tx.responses.get(response_id)
            if response.patient_ref == patient_ref and is_treated(tx, patient_ref):
                found = self._file(tx, response_id, number)
            if found:
                about = f"QuestionnaireResponse/{response_id}"
                tx.audit.record(AuditEvent("open-attachment", about, (patient_ref,)))
        if found is None:
            raise NotFoundError("There is no such file.")
        return found

    def _file(self, tx: Tx, response_id: ResponseId, number: int) -> SentFile | None:
        placed = read_placed(tx.responses.raw(response_id), self.content.questionnaires)
        questionnaire = self.content.questionnaires.get(tx.responses.get(response_id).questionnaire)
        spots = (one.spot for one in walk(questionnaire, placed.answers, placed.skipped))
        answers = (answer for spot in spots for answer in placed.answers.get(spot, ()))
        files = [one for one in answers if isinstance(one, Attachment)]
        if not 0 < number <= len(files) or not files[number - 1].data:
            return None
        wanted = files[number - 1]
        return SentFile(wanted.content_type, b64decode(wanted.data))
