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
from questionnaires.strict_json import MOST_BYTES_ATTACHED
from security.actor import Actor
from security.cpr import masked
from web.pages import keep_language, protect
from web.patient.entry import Entry, read_entry
from web.patient.login import keep_link
from web.patient.proof import Proofs
from web.patient.sheet import Sheets
from web.patient.show import address, in_words, posted, shown
from web.patient.way_home import keep_way_home
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
    views = _Views(form, staff, bare_links, proofs, has_citizens, Sheets())
    pages.before_request(_guard)
    pages.context_processor(lambda: {"way_back": way_back(), "masked": masked, "address": address})
    pages.add_url_rule(LINK, view_func=views.open_link)
    if proofs:
        pages.add_url_rule(LINK, "open_proven", views.open_proven, methods=["POST"])
    pages.add_url_rule("/start", view_func=views.start)
    pages.add_url_rule("/q/<int:number>", view_func=views.question)
    pages.add_url_rule("/q/<int:number>", view_func=views.answer, methods=["POST"])
    pages.add_url_rule("/review", view_func=views.review)
    pages.add_url_rule("/stay", view_func=views.stay, methods=["POST"])
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
    sheets: Sheets

    def open_link(self, token: str) -> ResponseReturnValue:
        """Exchange the personal link for a session, so that the token leaves the address line at once."""
        if not self.bare_links and self.has_citizens:
            keep_link(token)
            return redirect(url_for("citizen.login"), 303)
        if not self.bare_links:
            raise LinkAloneError("A personal link alone opens nothing here.")
        keep_visit(self.form.open(token))
        keep_way_home()
        return redirect(url_for("patient.start"), 303)

    def open_proven(self, token: str) -> ResponseReturnValue:
        """Let in whom a channel hands over with a link, if it is the one whom the link is for."""
        if self.proofs is None:
            raise LinkAloneError("A personal link alone opens nothing here.")
        keep_visit(self.form.open(token, self.proofs(request.form.get(PROOF, ""))))
        keep_language()
        keep_way_home()
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
        if request.args.get("confirm") == "skip" and page.is_question and not page.item.must_be_answered:
            here, again = address(page), _address(page)
            return render_template(
                "patient/skip.html", overview=overview, page=page, back_to=_back_to(), here=here, here_again=again
            )
        return shown(self.sheets, overview, page)

    def answer(self, number: int) -> ResponseReturnValue:
        """Save the answer of one item and go on; say what is wrong with it where it cannot be used."""
        overview = self._overview()
        page = _page(overview, number)
        if request.form.get("do") == "keep":
            return self._kept(page)
        if page is None:
            return redirect(url_for(_home(overview)), 303)
        if page.is_notice:
            return redirect(_next(overview, overview, page), 303)
        return self._one_more(overview, page) if page.offers_more else self._answered(overview, page)

    def stay(self) -> ResponseReturnValue:
        """Keep the visit open: the patient is still there."""
        self._visit()
        return "", 204

    def review(self) -> ResponseReturnValue:
        """Show every answer before anything is sent."""
        overview = self._overview()
        if overview.all_sent:
            return redirect(url_for("patient.receipt"), 303)
        missing = [page for page in overview.questions if page.is_open] if request.args.get("missing") else []
        return render_template("patient/review.html", overview=overview, in_words=in_words, missing=missing)

    def send(self) -> ResponseReturnValue:
        """Send everything, or with `only` the one form whose danger notice was shown."""
        visit, overview = self._visit(), self._overview()
        only = request.form.get("only")
        if not only:
            self.form.wish_contact(visit, wished=request.form.get("contact") == "yes", alone=bool(overview.first_open))
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
            raise LinkClosedError(overview.clinic, overview.state, overview.why_closed)
        return overview

    def _answered(self, overview: Overview, page: Page) -> ResponseReturnValue:
        wish = request.form.get("do", "next")
        if wish.startswith("skip") and not page.item.must_be_answered:
            if wish == "skip" and page.item.skip == "confirm":
                return redirect(_address(page, confirm="skip"), 303)
            return redirect(_next(overview, self._save(page, Entry(), skipped=True), page), 303)
        entry = read_entry(page.item, posted(), page.answers)
        if wish == "back":
            after = overview if entry.fault else self._save(page, entry)
            return redirect(_previous(after, page), 303)
        if entry.fault:
            return shown(self.sheets, overview, page, entry.fault), 422
        after = self._save(page, entry)
        # One more line of the same question: the page comes again, with an empty one.
        return redirect(_address(page) if wish == "line" else _next(overview, after, page), 303)

    def _kept(self, page: Page | None) -> ResponseReturnValue:
        """Save what stands on the page while the patient is still on it, and say nothing but whether that went well."""
        if page is None or not page.is_question:
            return "", 409
        entry = read_entry(page.item, posted(), page.answers)
        if entry.fault:
            return "", 422
        self.form.keep(self._visit(), page.form.request.id, page.spot, entry.answers)
        return "", 204

    def _one_more(self, overview: Overview, page: Page) -> ResponseReturnValue:
        """Begin a further turn of a repeated group, take the last one away, or go on."""
        wish = request.form.get("do", "next")
        following = overview.one_more(page) if wish == "more" else None
        if wish == "remove" and page.turns[-1] > 1:
            self.form.take_away(self._visit(), page)
            return redirect(url_for("patient.question", number=page.number, back=_back_to() or None), 303)
        if wish == "back":
            return redirect(_previous(overview, page), 303)
        return redirect(_address(following) if following else _next(overview, overview, page), 303)

    def _save(self, page: Page, entry: Entry, *, skipped: bool = False) -> Overview:
        return self.form.save(self._visit(), page.form.request.id, page.spot, entry.answers, skipped=skipped)


def _guard() -> None:
    """Refuse a post without a visit before its token is looked at: the patient must open the link again."""
    if request.endpoint == "patient.open_proven":
        # It comes from the channel's page, and its own signature is what counts.
        return
    if request.endpoint == "patient.answer" and request.mimetype == "multipart/form-data" and KEY in session:
        # The page of an item that asks for a file; only whoever was let in may send one.
        request.max_content_length = MOST_BYTES_ATTACHED
    if request.method == "POST" and KEY not in session:
        raise UnauthenticatedError("No personal link was opened in this browser.")
    protect()


def _page(overview: Overview, number: int) -> Page | None:
    """Return the page of that number and turn; None where it is sent already or no longer asked."""
    turns = request.args.get("turn", "")
    try:
        return overview.page(number, tuple(int(turn) for turn in turns.split(".")) if turns else ())
    except (NotFoundError, ValueError):
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


def _address(page: Page, **more: str) -> str:
    return address(page, back=_back_to(), **more)


def _next(before: Overview, after: Overview, page: Page) -> str:
    """Return the address of the page that follows an answer.

    From the review page one answer is changed: what the change newly raises is shown, then the review again.
    """
    following = after.after(page)
    if _back_to():
        known = {other.order for other in before.pages}
        raised = (other for other in after.pages if other.order not in known)
        following = next(raised, None) or after.first_open
    return _address(following) if following else url_for("patient.review")


def _previous(overview: Overview, page: Page) -> str:
    if _back_to():
        return url_for("patient.review")
    before = overview.before(page)
    return address(before) if before else url_for("patient.start")
