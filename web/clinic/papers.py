"""The paper form: printed from the patient's page, for who does not answer on a screen."""

from dataclasses import dataclass

from flask import make_response
from flask.typing import ResponseReturnValue

from flow.paper import PrintForm
from kernel.errors import ConflictError
from kernel.ids import EnrolmentId
from web.clinic.case import CasePage
from web.clinic.entered import Entered
from web.clinic.staff import Staff


@dataclass(frozen=True, slots=True)
class PaperViews:
    """The view of the button."""

    paper: PrintForm
    page: CasePage
    staff: Staff

    def show(self, enrolment_id: str) -> ResponseReturnValue:
        """Give the PDF; where nothing is asked, say so on the patient's page."""
        actor, enrolment = self.staff.current(), EnrolmentId(enrolment_id)
        try:
            pdf = self.paper(actor, enrolment)
        except ConflictError as error:
            return self.page(actor, enrolment, Entered(), "nothing-open"), error.status
        answer = make_response(pdf)
        answer.headers["Content-Type"] = "application/pdf"
        # The name says nothing of the patient: it lands in a folder of downloads.
        answer.headers["Content-Disposition"] = 'inline; filename="skema.pdf"'
        return answer
