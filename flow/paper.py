"""PAPER: what a patient is asked now, printed for who does not answer on a screen; the clinic writes the answers in."""

from dataclasses import dataclass

from delivery.content import Content
from delivery.paper_form import PaperForm, paper_pdf
from flow.order import link_of
from kernel.errors import ConflictError, Issue
from kernel.ids import EnrolmentId
from security.actor import Actor
from security.audit import AuditEvent
from security.keys import Keys
from security.policy import Action, allow
from store.database import Store


@dataclass(frozen=True, slots=True)
class PrintForm:
    """The use case.

    Args:
        public_url: where personal links begin.
    """

    store: Store
    content: Content
    keys: Keys
    public_url: str

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId) -> bytes:
        """Return the PDF of what is still to be answered; that it was printed is on record.

        Raises:
            AccessError: the actor fills in no forms of patients.
            NotFoundError: no such enrolment in this clinic.
            ConflictError: nothing is asked now.
        """
        allow(actor, Action.READ_WORKLIST)
        allow(actor, Action.FILL_FORM)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            occasion = tx.occasions.open_of(patient_ref)
            requests = tx.requests.of_occasion(occasion.id) if occasion else ()
            asked = [one for one in requests if one.state.is_open]
            if occasion is None or not asked:
                text = "Nothing is asked now."
                raise ConflictError(text, issues=[Issue("conflict", text, "enrolment", rule="not-asked")])
            tx.audit.record(AuditEvent("print-form", f"Occasion/{occasion.id}", (patient_ref,)))
            form = PaperForm(
                clinic=tx.clinics.get(),
                patient=tx.patients.identity(patient_ref),
                forms=tuple(self.content.questionnaires.get(one.questionnaire) for one in asked),
                until=occasion.expires_at,
                link=link_of(tx, self.keys, self.public_url, occasion.id),
                contact=self.content.contact.static,
                made_at=tx.now,
            )
        # Setting pages takes a while: no transaction is open meanwhile.
        return paper_pdf(self.content.paper, form)
