"""The patient's pages: each view looks at the visit, calls one use case, and shows or redirects."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from delivery.schedule import OccasionState
from flow.form import LinkAloneError, LinkClosedError, PatientForm, Visit
from flow.overview import Overview, Page
from kernel.errors import NotFoundError, UnauthenticatedError
from kernel.ids import RequestId
from security.actor import Actor
from security.cpr import masked
from web.pages import protect
from web.patient import show
from web.patient.entry import FIELD, Entry, read_entry
from web.patient.login import keep_link
from web.patient.proof import Proofs
from web.visit import KEY, keep_visit, kept_visit, way_back

LINK = "/i/<token>"
PROOF = "assertion"
"""Field of the form by which a channel hands a person over."""
QUESTIONS_PER_MINUTE = 4
"""How many short questions a patient answers in a minute: only used to say how long it takes."""


def blueprint(
    form: PatientForm,
    staff: Callable[[], Actor],
    *,
    bare_links: bool,
    proofs: Proofs | None = None,
    has_citizens: bool = False,
) -> Blueprint:
    """Make the patient's pages under `/p`.

    Args:
        staff: finds who of the clinic is signed in, for forms that are filled in on the clinic's screen.
        bare_links: a personal link opens the form by itself, as in demo; else it opens nothing, because whoever holds
            a forwarded link is not yet the patient.
        proofs: reads what a channel says of who opens a link; None = no channel may.
        has_citizens: patients may sign in as citizens, also to open a link.
    """
    pages = Blueprint("patient", __name__, url_prefix="/p")
    views = _Views(form, staff, bare_links, proofs, has_citizens)
    pages.before_request(_guard)
    pages.context_processor(lambda: {"way_back": way_back(), "masked": masked})
    pages.add_url_rule(LINK, view_func=views.open_link)
    if proofs:
        pages.add_url_rule(LINK, "open_proven", views.open_proven, methods=["POST"])
    pages.add_url_rule("/start", view_func=views.start)
    pages.add_url_rule("/q/<int:number>", view_func=views.question)
    pages.add_url_rule("/q/<int:number>", view_func=views.answer, methods=["POST"])
    pages.add_url_rule("/review", view_func=views.review)
    pages.add_url_rule("/send", view_func=views.send, methods=["POST"])
    pages.add_url_rule("/receipt", view_func=views.receipt)
    return pages


@dataclass(frozen=True, slots=True)
class _Views:
    form: PatientForm
    staff: Callable[[], Actor]
    bare_links: bool
    proofs: Proofs | None
    has_citizens: bool

    def open_link(self, token: str) -> ResponseReturnValue:
        """Exchange the personal link for a session, so that the token leaves the address line at once."""
        if not self.bare_links and self.has_citizens:
            keep_link(token)
            return redirect(url_for("citizen.login"), 303)
        if not self.bare_links:
            raise LinkAloneError("A personal link alone opens nothing here.")
        keep_visit(self.form.open(token))
        return redirect(url_for("patient.start"), 303)

    def open_proven(self, token: str) -> ResponseReturnValue:
        """Let in whom a channel hands over with a link, if it is the one whom the link is for."""
        if self.proofs is None:
            raise LinkAloneError("A personal link alone opens nothing here.")
        keep_visit(self.form.open(token, self.proofs(request.form.get(PROOF, ""))))
        return redirect(url_for("patient.start"), 303)

    def start(self) -> ResponseReturnValue:
        """Say who asks, how much, and until when."""
        overview = self._overview()
        if overview.all_sent:
            return redirect(url_for("patient.receipt"), 303)
        count = len(overview.questions)
        return render_template(
            "patient/start.html",
            overview=overview,
            counts=_counts(overview),
            minutes=ceil(count / QUESTIONS_PER_MINUTE),
        )

    def question(self, number: int) -> ResponseReturnValue:
        """Show one item, or ask whether it shall be skipped."""
        overview = self._overview()
        page = _page(overview, number)
        if page is None:
            return redirect(url_for(_home(overview)), 303)
        if request.args.get("confirm") == "skip" and not page.is_notice:
            return render_template("patient/skip.html", overview=overview, page=page, back_to=_back_to())
        return _show(overview, page, Entry(page.answers))

    def answer(self, number: int) -> ResponseReturnValue:
        """Save the answer of one item and go on; say what is wrong with it where it cannot be used."""
        overview = self._overview()
        page = _page(overview, number)
        if page is None:
            return redirect(url_for(_home(overview)), 303)
        if page.is_notice:
            return redirect(_next(overview, overview, number), 303)
        return self._answered(overview, page)

    def review(self) -> ResponseReturnValue:
        """Show every answer before anything is sent."""
        overview = self._overview()
        if overview.all_sent:
            return redirect(url_for("patient.receipt"), 303)
        missing = [page for page in overview.questions if page.is_open] if request.args.get("missing") else []
        return render_template("patient/review.html", overview=overview, in_words=show.in_words, missing=missing)

    def send(self) -> ResponseReturnValue:
        """Send everything, or with `only` the one form whose danger notice was shown."""
        visit, overview = self._visit(), self._overview()
        only = request.form.get("only")
        if overview.first_open and not only:
            return redirect(url_for("patient.review", missing="yes"), 303)
        self.form.send(visit, RequestId(only) if only else None)
        return redirect(url_for("patient.receipt"), 303)

    def receipt(self) -> ResponseReturnValue:
        """Thank, and say what happens next."""
        overview = self._overview()
        if not any(not form.request.state.is_open for form in overview.forms):
            return redirect(url_for("patient.start"), 303)
        return render_template("patient/receipt.html", overview=overview)

    def _visit(self) -> Visit:
        return kept_visit(self.staff)

    def _overview(self) -> Overview:
        overview = self.form.overview(self._visit())
        g.clinic = overview.clinic
        if overview.state not in (OccasionState.OPEN, OccasionState.COMPLETED):
            raise LinkClosedError(overview.clinic, overview.state)
        return overview

    def _answered(self, overview: Overview, page: Page) -> ResponseReturnValue:
        wish = request.form.get("do", "next")
        entry = read_entry(page.item, request.form.getlist(FIELD))
        if wish == "skip" and page.item.skip == "confirm":
            here = url_for("patient.question", number=page.number, confirm="skip", back=_back_to() or None)
            return redirect(here, 303)
        if wish in ("skip", "skip-confirmed"):
            return redirect(_next(overview, self._save(page, Entry(), skipped=True), page.number), 303)
        if wish == "back":
            after = overview if entry.fault else self._save(page, entry)
            return redirect(_previous(after, page.number), 303)
        if entry.fault:
            return _show(overview, page, entry), 422
        return redirect(_next(overview, self._save(page, entry), page.number), 303)

    def _save(self, page: Page, entry: Entry, *, skipped: bool = False) -> Overview:
        return self.form.save(self._visit(), page.form.request.id, page.item.link_id, entry.answers, skipped=skipped)


def _guard() -> None:
    """Refuse a post without a visit before its token is looked at: the patient must open the link again."""
    if request.endpoint == "patient.open_proven":
        # It comes from the channel's page, and its own signature is what counts.
        return
    if request.method == "POST" and KEY not in session:
        raise UnauthenticatedError("No personal link was opened in this browser.")
    protect()


def _show(overview: Overview, page: Page, entry: Entry) -> str:
    posted = request.form.getlist(FIELD) if entry.fault else show.entered(page)
    questions = overview.questions
    place = next((n for n, other in enumerate(questions, 1) if other.number == page.number), None)
    return render_template(
        "patient/notice.html" if page.is_notice else "patient/question.html",
        overview=overview,
        page=page,
        place=place,
        layout=show.layout(page.item),
        choices=show.choices(page.item, posted),
        posted=posted,
        fault=entry.fault,
        field=FIELD,
        back_to=_back_to(),
        previous=overview.before(page.number),
    )


def _page(overview: Overview, number: int) -> Page | None:
    """Return the page of that number; None where it is sent already or no longer asked."""
    try:
        return overview.page(number)
    except NotFoundError:
        return None


def _home(overview: Overview) -> str:
    return "patient.receipt" if overview.all_sent else "patient.start"


def _counts(overview: Overview) -> tuple[tuple[Page, int], ...]:
    """Return the first page of each form with the number of its questions."""
    firsts = [page for page in overview.pages if page.opens_form]
    return tuple((first, sum(page.form is first.form for page in overview.questions)) for first in firsts)


def _back_to() -> str:
    """Whether the patient came from the review page to change one answer."""
    return "review" if request.values.get("back") == "review" else ""


def _next(before: Overview, after: Overview, number: int) -> str:
    """Return the address of the page that follows an answer.

    From the review page one answer is changed: what the change newly raises is shown, then the review again.
    """
    following = after.after(number)
    if _back_to():
        shown = {page.number for page in before.pages}
        raised = (page for page in after.pages if page.number not in shown)
        following = next(raised, None) or after.first_open
    if following is None:
        return url_for("patient.review")
    return url_for("patient.question", number=following.number, back=_back_to() or None)


def _previous(overview: Overview, number: int) -> str:
    if _back_to():
        return url_for("patient.review")
    before = overview.before(number)
    return url_for("patient.question", number=before.number) if before else url_for("patient.start")
