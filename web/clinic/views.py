"""The clinic's pages: each view knows who is signed in, calls one use case, and shows or redirects."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from flow.print_result import PrintResult
from flow.use_cases import UseCases
from kernel.errors import AccessError, ConflictError, InvalidInputError, UnauthenticatedError
from kernel.ids import ActionId, DecisionId, EnrolmentId
from security.actor import Actor
from web.clinic.attachments import AttachmentViews
from web.clinic.attention import AttentionViews
from web.clinic.calls import CallViews
from web.clinic.candidates import CandidateViews
from web.clinic.case import CasePage
from web.clinic.cover import CoverViews
from web.clinic.entered import Entered, faults_of
from web.clinic.launched import LaunchedViews
from web.clinic.oidc import BrokerViews
from web.clinic.orders import OrderViews
from web.clinic.overviews import add_overviews
from web.clinic.papers import PaperViews
from web.clinic.postpone import PostponeViews
from web.clinic.related import RelatedViews
from web.clinic.result_sheet import SheetViews
from web.clinic.sessions import SessionViews
from web.clinic.staff import Staff
from web.clinic.unmatched import TrayViews
from web.clinic.worklist import WorkViews
from web.pages import protect


def blueprint(use_cases: UseCases, staff: Staff, brokers: BrokerViews) -> Blueprint:
    """Make the clinic's pages under `/clinic`."""
    pages = Blueprint("clinic", __name__, url_prefix="/clinic")
    page = CasePage(use_cases.case, staff)
    around = use_cases.around
    waiting = {"calls_waiting": use_cases.calls.waiting, "to_attend": use_cases.attention.waiting}
    about = {"unsent_waiting": around.unsent.waiting, "is_released": around.release.is_released}
    pages.context_processor(lambda: {**waiting, **about, "left": around.leave.left})
    pages.before_request(protect)
    launched = LaunchedViews(use_cases.launch, staff)
    pages.before_request(launched.keep_to_one_patient)
    pages.add_url_rule("/launched", "open_launched", launched.open)
    pages.register_error_handler(UnauthenticatedError, _to_login)
    _add_own(pages, _Views(use_cases, staff, page, brokers))
    pages.add_url_rule("/logout", "sign_out", brokers.sign_out, methods=["POST"])
    sessions = SessionViews(staff)
    pages.add_url_rule("/sessions", "show_sessions", sessions.show)
    pages.add_url_rule("/sessions", "end_sessions", sessions.end, methods=["POST"])
    pages.add_url_rule("/choose", "show_clinics", brokers.show_clinics)
    pages.add_url_rule("/choose", "choose_clinic", brokers.choose_clinic, methods=["POST"])
    pages.add_url_rule("/login/<broker>", "leave", brokers.leave)
    pages.add_url_rule("/login/<broker>/callback", "come_back", brokers.come_back)
    _add_work(pages, use_cases, staff)
    _add_lists(pages, use_cases, staff)
    add_overviews(pages, use_cases, staff)
    papers = PaperViews(around.paper, page, staff)
    pages.add_url_rule("/enrolments/<enrolment_id>/paper", "print_form", papers.show)
    files = AttachmentViews(around.attachment, staff)
    sent = "/enrolments/<enrolment_id>/responses/<response_id>/attachments/<int:number>"
    pages.add_url_rule(sent, "open_attachment", files.show)
    sheets = SheetViews(PrintResult(use_cases.case), staff)
    pages.add_url_rule("/enrolments/<enrolment_id>/result", "print_result", sheets.show)
    orders = OrderViews(use_cases.order, use_cases.form, page, staff)
    pages.add_url_rule("/enrolments/<enrolment_id>/orders", "ask", orders.ask, methods=["POST"])
    related = RelatedViews(use_cases.relate, staff)
    pages.add_url_rule("/enrolments/<enrolment_id>/related", "show_related", related.show)
    pages.add_url_rule("/enrolments/<enrolment_id>/related", "change_related", related.change, methods=["POST"])
    return pages


def _add_own(pages: Blueprint, views: "_Views") -> None:
    pages.add_url_rule("/login", view_func=views.login)
    pages.add_url_rule("/login", view_func=views.sign_in, methods=["POST"])
    pages.add_url_rule("/enrolments/<enrolment_id>", view_func=views.show_case)
    pages.add_url_rule("/enrolments/<enrolment_id>", view_func=views.decide_case, methods=["POST"])
    pages.add_url_rule("/enrolments/<enrolment_id>/actions", view_func=views.move, methods=["POST"])
    pages.add_url_rule("/enrolments/<enrolment_id>/release", view_func=views.release, methods=["POST"])


def _add_work(pages: Blueprint, use_cases: UseCases, staff: Staff) -> None:
    around = use_cases.around_work
    work = WorkViews(use_cases.worklist, around, use_cases.unmatched, use_cases.hours, staff)
    pages.add_url_rule("/", "list_work", work.show)
    pages.add_url_rule("/list", "handle_work", work.handle, methods=["POST"])
    pages.add_url_rule("/list/news", "tell_news", work.news)
    put_off, cover = PostponeViews(around.acts, staff), CoverViews(around.cover, staff)
    pages.add_url_rule("/enrolments/<enrolment_id>/postponement", "show_postponement", put_off.show)
    pages.add_url_rule("/enrolments/<enrolment_id>/postponement", "postpone", put_off.postpone, methods=["POST"])
    pages.add_url_rule("/cover", "show_cover", cover.show)
    pages.add_url_rule("/cover", "change_cover", cover.change, methods=["POST"])


def _add_lists(pages: Blueprint, use_cases: UseCases, staff: Staff) -> None:
    tray, calls = TrayViews(use_cases.unmatched, staff), CallViews(use_cases.calls, use_cases.form, staff)
    candidates = CandidateViews(use_cases.candidates, use_cases.import_candidates, staff)
    pages.add_url_rule("/unmatched", "show_unmatched", tray.show)
    pages.add_url_rule("/unmatched", "sort_unmatched", tray.sort, methods=["POST"])
    pages.add_url_rule("/calls", "list_calls", calls.show)
    pages.add_url_rule("/calls", "take_call", calls.take, methods=["POST"])
    attention = AttentionViews(use_cases.attention, use_cases.around.unsent, staff)
    pages.add_url_rule("/attention", "show_attention", attention.show)
    pages.add_url_rule("/attention", "handle_refused", attention.handle, methods=["POST"])
    pages.add_url_rule("/candidates", "list_candidates", candidates.show)
    pages.add_url_rule("/candidates", "assess_candidates", candidates.assess, methods=["POST"])
    pages.add_url_rule("/candidates/list", "bring_candidates", candidates.bring, methods=["POST"])


@dataclass(frozen=True, slots=True)
class _Views:
    do: UseCases
    staff: Staff
    page: CasePage
    brokers: BrokerViews

    def login(self) -> ResponseReturnValue:
        """Show who may sign in."""
        return render_template("clinic/login.html", people=self.staff.people(), brokers=self.brokers.titles)

    def sign_in(self) -> ResponseReturnValue:
        """Sign one person in."""
        self.staff.sign_in(request.form.get("person", ""))
        return redirect(url_for("clinic.list_work"), 303)

    def show_case(self, enrolment_id: str) -> ResponseReturnValue:
        """Show one enrolment with its suggestion and the decision form."""
        return self.page(self.staff.current(), EnrolmentId(enrolment_id), Entered())

    def decide_case(self, enrolment_id: str) -> ResponseReturnValue:
        """File a decision; where it cannot be filed, show the page again with what was entered."""
        actor = self.staff.acting(request.form.get("on_behalf_of"))
        entered = Entered(request.form)
        try:
            self._file(actor, EnrolmentId(enrolment_id), entered)
        except (InvalidInputError, ConflictError) as error:
            return self.page(actor, EnrolmentId(enrolment_id), entered.refused(faults_of(error))), error.status
        except AccessError as error:
            if actor.on_behalf_of or not self.staff.delegators(actor):
                raise
            refused = entered.refused({"on_behalf_of": "behalf"})
            return self.page(actor, EnrolmentId(enrolment_id), refused), error.status
        return redirect(url_for("clinic.show_case", enrolment_id=enrolment_id, decided="yes"), 303)

    def move(self, enrolment_id: str) -> ResponseReturnValue:
        """Begin, finish or drop what was agreed."""
        actor = self.staff.current()
        self.do.move_action(actor, ActionId(request.form.get("action", "")), request.form.get("state", ""))
        return redirect(url_for("clinic.show_case", enrolment_id=enrolment_id, moved="yes", _anchor="actions"), 303)

    def release(self, enrolment_id: str) -> ResponseReturnValue:
        """Let the patient read of the newest decision."""
        actor = self.staff.acting(request.form.get("on_behalf_of"))
        self.do.around.release(actor, EnrolmentId(enrolment_id), DecisionId(request.form.get("decision", "")))
        return redirect(url_for("clinic.show_case", enrolment_id=enrolment_id, _anchor="decisions"), 303)

    def _file(self, actor: Actor, enrolment_id: EnrolmentId, entered: Entered) -> None:
        if entered.values.get("do") == "confirm":
            self.do.decide.confirm(actor, enrolment_id, entered.suggestion_id)
        else:
            self.do.decide(actor, entered.order(enrolment_id))


def _to_login(_error: UnauthenticatedError) -> Response:
    return redirect(url_for("clinic.login"), 303)
