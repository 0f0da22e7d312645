"""ANSWER: the patient's own form, one item at a time into a draft, and the whole of it to `receive`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from delivery.content import Content
from delivery.parties import Clinic
from delivery.schedule import Occasion, OccasionState, Request, RequestState
from kernel.clock import Clock
from kernel.errors import ConflictError, NotFoundError, NotOpenError, TokenExpiredError
from kernel.ids import ClinicId, OccasionId, PatientRef, RequestId
from questionnaires.build import ResponseAbout, build_response
from questionnaires.enablement import asked
from questionnaires.gate import check_response
from questionnaires.model import Answer, Item, ItemType, Questionnaire
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.links import token_hash
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

DRAFT_TRIES = 3
"""Two tabs may save at the same moment; each save touches one item, so the loser reads again and repeats."""

Answers = Mapping[str, tuple[Answer, ...]]


class Receive(Protocol):
    """The use case that files a finished response."""

    def __call__(self, actor: Actor, raw: bytes, *, via: str) -> object:
        """File the response."""
        ...


class LinkClosedError(TokenExpiredError):
    """The occasion behind a personal link takes no more answers; says whose it was, so that the page can help."""

    def __init__(self, clinic: Clinic, state: OccasionState) -> None:
        super().__init__("This personal link is closed.")
        self.clinic = clinic
        self.state = state


@dataclass(frozen=True, slots=True)
class Visit:
    """What a personal link opens, kept in the patient's session."""

    clinic_id: ClinicId
    occasion_id: OccasionId
    patient_ref: PatientRef

    @property
    def actor(self) -> Actor:
        """The patient, as use cases know one."""
        return Actor(Role.PATIENT, self.patient_ref, self.clinic_id)


@dataclass(frozen=True, slots=True)
class Form:
    """One questionnaire of the occasion, as far as it is filled in."""

    request: Request
    questionnaire: Questionnaire
    answers: Answers = field(repr=False, default_factory=dict)
    skipped: frozenset[str] = frozenset()

    def answered(self, link_id: str, answers: tuple[Answer, ...], *, skipped: bool = False) -> "Form":
        """Return the form with one item answered, skipped or (with neither) emptied; what is no longer asked goes."""
        kept = {**self.answers, link_id: answers}
        left_out = (self.skipped | {link_id}) if skipped else (self.skipped - {link_id})
        if not answers:
            kept.pop(link_id)
        return _without_unasked(replace(self, answers=MappingProxyType(kept), skipped=left_out))


@dataclass(frozen=True, slots=True)
class Page:
    """One item of the occasion that is asked, with its answer so far.

    Args:
        number: place among all items of the occasion, from 1, the same whatever is answered.
        opens_form: first page of its questionnaire.
    """

    number: int
    form: Form
    item: Item
    opens_form: bool

    @property
    def is_notice(self) -> bool:
        """Whether there is something to read and nothing to answer."""
        return self.item.type is ItemType.DISPLAY

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far."""
        return self.form.answers.get(self.item.link_id, ())

    @property
    def is_skipped(self) -> bool:
        """Whether the patient chose not to answer."""
        return self.item.link_id in self.form.skipped

    @property
    def is_open(self) -> bool:
        """Whether an answer, or the choice to leave it out, is missing."""
        return not (self.is_notice or self.answers or self.is_skipped)


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole occasion, as the patient sees it."""

    clinic: Clinic
    occasion: Occasion
    forms: tuple[Form, ...]
    now: datetime

    @property
    def state(self) -> OccasionState:
        """State of the occasion now; past its deadline it counts as expired."""
        if self.occasion.state is OccasionState.OPEN and self.now >= self.occasion.expires_at:
            return OccasionState.EXPIRED
        return self.occasion.state

    @property
    def all_sent(self) -> bool:
        """Whether no form is left to send."""
        return not any(form.request.state.is_open for form in self.forms)

    @property
    def sent_at(self) -> datetime:
        """When the last form so far was sent; now where the store does not say."""
        return max(
            (form.request.completed_at or self.now for form in self.forms if not form.request.state.is_open),
            default=self.now,
        )

    @property
    def pages(self) -> tuple[Page, ...]:
        """What is asked and not yet sent, in order."""
        return tuple(page for page in _pages(self.forms) if page.form.request.state.is_open)

    @property
    def questions(self) -> tuple[Page, ...]:
        """The pages that want an answer."""
        return tuple(page for page in self.pages if not page.is_notice)

    @property
    def dangers(self) -> tuple[Page, ...]:
        """Danger notices that the answers raise, of sent forms too; each text once."""
        notices = (page for page in _pages(self.forms) if page.is_notice and page.item.role == "danger-notice")
        return tuple({page.item.text: page for page in notices}.values())

    @property
    def first_open(self) -> Page | None:
        """The first question without an answer."""
        return next((page for page in self.questions if page.is_open), None)

    def page(self, number: int) -> Page:
        """Return the page of that number.

        Raises:
            NotFoundError: no item has it, or the item is not asked now.
        """
        for page in self.pages:
            if page.number == number:
                return page
        raise NotFoundError("No such question is asked now.")

    def after(self, number: int) -> Page | None:
        """Return the page that follows, None after the last."""
        return next((page for page in self.pages if page.number > number), None)

    def before(self, number: int) -> Page | None:
        """Return the page that comes before, None for the first."""
        return next((page for page in reversed(self.pages) if page.number < number), None)


@dataclass(frozen=True, slots=True)
class PatientForm:
    """The form page's use cases: open a link, look, save one item, send."""

    store: Store
    content: Content
    clock: Clock
    receive: Receive

    def open(self, token: str) -> Visit:
        """Exchange the token of a personal link for a visit.

        Raises:
            NotFoundError: nobody gave out this token.
            LinkClosedError: answered, expired or cancelled.
        """
        found = self.store.find_link(token_hash(token))
        if found is None:
            raise NotFoundError("No such personal link.")
        clinic_id, occasion_id = found
        with self.store.write(clinic_id, Actor(Role.PATIENT, occasion_id, clinic_id)) as tx:
            occasion = tx.occasions.get(occasion_id)
            overview = Overview(tx.clinics.get(), occasion, (), self.clock.now())
            if overview.state is not OccasionState.OPEN:
                raise LinkClosedError(overview.clinic, overview.state)
            tx.audit.record(AuditEvent("open-form", f"Occasion/{occasion_id}", (occasion.patient_ref,)))
        return Visit(clinic_id, occasion_id, occasion.patient_ref)

    def overview(self, visit: Visit) -> Overview:
        """Return the whole occasion with the answers so far; also when it is closed."""
        allow(visit.actor, Action.FILL_FORM)
        with self.store.read(visit.clinic_id, visit.actor) as tx:
            occasion = tx.occasions.get(visit.occasion_id)
            forms = tuple(self._form(tx, request) for request in tx.requests.of_occasion(visit.occasion_id))
            return Overview(tx.clinics.get(), occasion, forms, self.clock.now())

    def save(
        self, visit: Visit, request_id: RequestId, link_id: str, answers: tuple[Answer, ...], *, skipped: bool = False
    ) -> Overview:
        """Put one item into the draft: its answers, or that it is left out on purpose, or (with neither) nothing.

        Raises:
            InvalidResponseError: the answer breaks the questionnaire; nothing is saved.
            NotOpenError: the form was sent or has expired meanwhile.
        """
        allow(visit.actor, Action.FILL_FORM)
        tries_left = DRAFT_TRIES
        while True:
            try:
                self._save_once(visit, request_id, (link_id, answers, skipped))
                return self.overview(visit)
            except ConflictError:
                tries_left -= 1
                if not tries_left:
                    raise

    def send(self, visit: Visit, only: RequestId | None = None) -> None:
        """Send every form that is still open, or one of them; sending twice is the same as once."""
        for form in self.overview(visit).forms:
            if form.request.state.is_open and only in (None, form.request.id):
                self._send_one(visit, form)

    def _send_one(self, visit: Visit, form: Form) -> None:
        try:
            self.receive(visit.actor, self._render(form, "completed"), via="form")
        except (ConflictError, NotOpenError):
            # A double click or a second tab was faster: what the patient wanted is done.
            with self.store.read(visit.clinic_id, visit.actor) as tx:
                if tx.requests.get(form.request.id).state is not RequestState.COMPLETED:
                    raise

    def _save_once(self, visit: Visit, request_id: RequestId, entry: tuple[str, tuple[Answer, ...], bool]) -> None:
        link_id, answers, skipped = entry
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            request = tx.requests.get(request_id)
            if request.occasion_id != visit.occasion_id:
                raise NotFoundError("No such request in this occasion.")
            if not request.state.is_open or self.clock.now() >= request.expires_at:
                raise NotOpenError("This form takes no more answers.")
            draft = tx.drafts.get(request_id)
            raw = self._render(self._form(tx, request).answered(link_id, answers, skipped=skipped), "in-progress")
            check_response(raw, self.content.questionnaires)
            tx.drafts.save(request_id, raw, draft.version if draft else 0)
            tx.requests.move(request_id, (RequestState.REQUESTED,), RequestState.IN_PROGRESS, self.clock.now())

    def _render(self, form: Form, status: str) -> bytes:
        about = ResponseAbout(
            status=status,
            authored=self.clock.now(),
            request=form.request.id,
            subject=f"Patient/{form.request.patient_ref}",
        )
        return build_response(form.questionnaire, form.answers, skipped=form.skipped, about=about)

    def _form(self, tx: Tx, request: Request) -> Form:
        questionnaire = self.content.questionnaires.get(request.questionnaire)
        raw = self._raw(tx, request)
        if raw is None:
            return Form(request, questionnaire)
        checked = check_response(raw, self.content.questionnaires)
        return Form(request, questionnaire, checked.answers, checked.skipped)

    def _raw(self, tx: Tx, request: Request) -> bytes | None:
        if request.state is RequestState.COMPLETED:
            filed = tx.responses.of_request(request.id)
            return tx.responses.raw(filed.id) if filed else None
        draft = tx.drafts.get(request.id)
        return draft.raw if draft else None


def _without_unasked(form: Form) -> Form:
    """Drop what belongs to items that are no longer asked."""
    shown = {item.link_id for item in asked(form.questionnaire, form.answers)}
    kept = {link_id: given for link_id, given in form.answers.items() if link_id in shown}
    return replace(form, answers=MappingProxyType(kept), skipped=form.skipped & shown)


def _pages(forms: tuple[Form, ...]) -> Iterator[Page]:
    number = 0
    for form in forms:
        shown = {item.link_id for item in asked(form.questionnaire, form.answers)}
        opens_form = True
        for item in form.questionnaire.by_link_id.values():
            number += 1
            if item.link_id in shown and item.type is not ItemType.GROUP:
                yield Page(number, form, item, opens_form)
                opens_form = False
