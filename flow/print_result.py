"""PRINT: the result of one enrolment with all that a sheet of paper needs; that it was printed is on record."""

from dataclasses import dataclass
from datetime import datetime

from delivery.parties import Clinic
from delivery.result_sheet_file import ResultSheet
from flow.case import Case, ShowCase
from kernel.ids import EnrolmentId
from security.actor import Actor


@dataclass(frozen=True, slots=True)
class PrintedResult:
    """What is to be set.

    Args:
        at: aware UTC.
        sheet: words and layout.
    """

    case: Case
    clinic: Clinic
    at: datetime
    sheet: ResultSheet


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The use case."""

    show: ShowCase

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId) -> PrintedResult:
        """Gather one enrolment for its sheet.

        Raises:
            AccessError: the actor sees no patients of the clinic.
            NotFoundError: no such enrolment in this clinic.
        """
        case = self.show(actor, enrolment_id, act="print-result")
        with self.show.store.read(actor.clinic_id, actor) as tx:
            return PrintedResult(case, tx.clinics.get(), tx.now, self.show.content.result_sheet)
