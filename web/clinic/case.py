"""The page of one enrolment, as several views show it."""

from dataclasses import dataclass

from flask import render_template

from delivery.letter_text import day_of
from flow.case import ShowCase
from flow.decision_order import LONGEST_GOAL
from flow.order import OrderResult
from kernel.ids import EnrolmentId
from scoring.decision import DECIDABLE
from scoring.levels import DifferentiationLevel
from security.actor import Actor
from security.cpr import masked
from web.clinic.course import shown_courses
from web.clinic.entered import Entered
from web.clinic.grounds import input_in_words, source_in_words
from web.clinic.headline import headline_of
from web.clinic.staff import Staff
from web.patient.words import answer_in_words


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page, with what was entered into its forms and why that was refused."""

    case: ShowCase
    staff: Staff

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, entered: Entered, refused: str = "") -> str:
        """Show one enrolment with its suggestion and the decision form.

        Args:
            refused: key of the text that says why nothing could be ordered; empty where nothing was tried.
        """
        case = self.case(actor, enrolment_id)
        return render_template(
            "clinic/case.html",
            actor=actor,
            case=case,
            headline=headline_of(case),
            courses=shown_courses(case.courses),
            day_of=day_of,
            longest_goal=LONGEST_GOAL,
            identifier=masked(case.patient.identifier),
            colours=tuple(reversed(DECIDABLE)),
            levels=list(DifferentiationLevel),
            delegators=self.staff.delegators(actor),
            entered=entered.values,
            errors=entered.faults,
            refused=refused,
            order_results=[result.value for result in OrderResult],
            answer_in_words=answer_in_words,
            input_in_words=input_in_words,
            source_in_words=source_in_words,
        )
