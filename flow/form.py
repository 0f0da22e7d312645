"""ANSWER: the patient's own form, one item at a time into a draft, and the whole of it to `receive`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from delivery.contact_advice import Reach, contact_now
from delivery.content import Content
from delivery.parties import Clinic
from delivery.patient_status import CLINIC_CHANNEL
from delivery.schedule import Occasion, OccasionState, Request, RequestState
from flow.audit_log import REFUSED
from flow.noting import note_wish
from flow.overview import Form, Overview, Page
from flow.reading import reading_now
from flow.related_persons import demand_in_force, in_force, reference_of
from flow.report import enqueue_wish
from flow.unsent import watch_draft
from flow.why_closed import why_closed
from kernel.clock import Clock
from kernel.errors import AccessError, ConflictError, NotFoundError, NotOpenError, TokenExpiredError
from kernel.ids import ClinicId, OccasionId, PatientRef, RelatedPersonId, RequestId
from questionnaires.build import ResponseAbout, build_response
from questionnaires.gate import check_response
from questionnaires.manner import Manner, marked
from questionnaires.model import Answer
from questionnaires.placed import read_placed
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.cpr import Identifier
from security.links import token_hash
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

DRAFT_TRIES = 3
"""Two tabs may save at the same moment; each save touches one item, so the loser reads again and repeats."""


class Receive(Protocol):
    """The use case that files a finished response."""

    def __call__(self, actor: Actor, raw: bytes, *, via: str) -> object:
        """File the response."""
        ...


class LinkClosedError(TokenExpiredError):
    """The occasion behind a personal link takes no more answers; says whose it was, so that the page can help."""

    def __init__(self, clinic: Clinic, state: OccasionState, why: str = "") -> None:
        super().__init__("This personal link is closed.")
        self.clinic = clinic
        self.state = state
        self.why = why or ("answered" if state is OccasionState.COMPLETED else "expired")


class LinkAloneError(AccessError):
    """Whoever holds a personal link is not yet the patient: nobody we trust says who opens it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a personal link or the clinic's own screen opens, kept in the browser's session.

    Args:
        staff: who of the clinic fills the form in together with the patient; None = the patient alone.
        manner: how the clinic's own screen is used; None where nobody of the clinic fills in.
        related: who answers for the patient, as the clinic recorded it; None = the patient does.
    """

    clinic_id: ClinicId
    occasion_id: OccasionId
    patient_ref: PatientRef
    staff: Actor | None = None
    manner: Manner | None = None
    related: RelatedPersonId | None = None

    @property
    def actor(self) -> Actor:
        """Who acts: the one of the staff, who answers for the patient, or the patient as use cases know one."""
        if self.related:
            return Actor(Role.RELATED_PERSON, self.related, self.clinic_id, patient_ref=self.patient_ref)
        return self.staff or Actor(Role.PATIENT, self.patient_ref, self.clinic_id)

    @property
    def via(self) -> str:
        """The door that the answers come by."""
        return CLINIC_CHANNEL if self.staff else "form"


@dataclass(frozen=True, slots=True)
class PatientForm:
    """The form page's use cases: open a link, look, save one item, send."""

    store: Store
    content: Content
    clock: Clock
    receive: Receive

    def open(self, token: str, opened_by: Identifier | None = None) -> Visit:
        """Exchange the token of a personal link for a visit; see `open_hashed`."""
        return self.open_hashed(token_hash(token), opened_by)

    def open_hashed(self, link_hash: str, opened_by: Identifier | None = None) -> Visit:
        """Exchange a personal link for a visit.

        Args:
            opened_by: who opens it, as the channel or a broker says; None = the link is enough, as in demo.

        Raises:
            NotFoundError: nobody gave out this token, or it is somebody else's: an audit row says so.
            LinkClosedError: answered, expired or cancelled.
        """
        found = self.store.find_link(link_hash)
        if found is None:
            raise NotFoundError("No such personal link.")
        clinic_id, occasion_id = found
        if opened_by is not None:
            return self.begin(self._visit_of(clinic_id, occasion_id, opened_by))
        with self.store.write(clinic_id, Actor(Role.PATIENT, occasion_id, clinic_id)) as tx:
            return Visit(clinic_id, occasion_id, _opened(tx, occasion_id).patient_ref)

    def begin(self, visit: Visit) -> Visit:
        """Begin a visit of somebody who is known, and leave a row of who opened what.

        Raises:
            LinkClosedError: answered, expired or cancelled.
        """
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            _opened(tx, visit.occasion_id)
        return visit

    def enter(self, actor: Actor, occasion_id: OccasionId) -> Visit:
        """Open an occasion on the clinic's own screen: the patient says, one of the staff fills in.

        Raises:
            AccessError: the actor fills in no forms.
            NotFoundError: no such occasion in this clinic.
            LinkClosedError: answered, expired or cancelled.
        """
        allow(actor, Action.FILL_FORM)
        # A patient fills in too, but comes by the personal link.
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            return Visit(actor.clinic_id, occasion_id, _opened(tx, occasion_id).patient_ref, actor)

    def overview(self, visit: Visit) -> Overview:
        """Return the whole occasion with the answers so far; also when it is closed."""
        allow(visit.actor, Action.FILL_FORM)
        with self.store.read(visit.clinic_id, visit.actor) as tx:
            demand_in_force(tx, visit.related)
            occasion = tx.occasions.get(visit.occasion_id)
            forms = tuple(self._form(tx, request) for request in tx.requests.of_occasion(visit.occasion_id))
            clinic, now, reading = tx.clinics.get(), self.clock.now(), reading_now(tx, self.content)
            reach = Reach(clinic.phone, clinic.region, closures=tx.window.closed)
            contact = contact_now(self.content.contact, reach, now)
            # Patients know who they are; whoever fills in together with one must see for whom.
            is_other = visit.staff or visit.related
            patient = tx.patients.identity(occasion.patient_ref) if is_other else None
            why = why_closed(tx, occasion)
            return Overview(clinic, occasion, forms, now, contact, reading, patient, why)

    def save(
        self, visit: Visit, request_id: RequestId, spot: str, answers: tuple[Answer, ...], *, skipped: bool = False
    ) -> Overview:
        """Put one item into the draft: its answers, or that it is left out on purpose, or (with neither) nothing.

        Args:
            spot: of the item (`questionnaires.turns`); outside repeated groups its linkId.

        Raises:
            InvalidResponseError: the answer breaks the questionnaire; nothing is saved.
            NotOpenError: the form was sent or has expired meanwhile.
        """
        self._change(visit, request_id, lambda form: form.answered(spot, answers, skipped=skipped))
        return self.overview(visit)

    def keep(self, visit: Visit, request_id: RequestId, spot: str, answers: tuple[Answer, ...]) -> None:
        """Put the answers of one item into the draft while the patient still stands on it.

        Raises:
            InvalidResponseError, NotOpenError: as for `save`.
        """
        self._change(visit, request_id, lambda form: replace(form.answered(spot, answers), begun=spot))

    def take_away(self, visit: Visit, page: Page) -> Overview:
        """Take the last turn of a repeated group out of the draft.

        Args:
            page: the one that asks whether there is one more.
        """
        self._change(visit, page.form.request.id, lambda form: form.without_turn(page.item, page.turns))
        return self.overview(visit)

    def wish_contact(self, visit: Visit, *, wished: bool, alone: bool = False) -> None:
        """Keep until all is sent whether the patient wants contact; `alone` if no answer follows to tell the inbox."""
        allow(visit.actor, Action.FILL_FORM)
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            demand_in_force(tx, visit.related)
            if tx.occasions.wish_contact(visit.occasion_id, self.clock.now() if wished else None):
                note_wish(tx, visit.patient_ref, visit.occasion_id, wished=wished)
                if wished and alone:
                    enqueue_wish(tx, visit.occasion_id)

    def send(self, visit: Visit, only: RequestId | None = None) -> None:
        """Send every form that is still open, or one of them; sending twice is the same as once.

        Raises:
            AccessError: whoever answers for the patient may not any more.
        """
        with self.store.read(visit.clinic_id, visit.actor) as tx:
            demand_in_force(tx, visit.related)
        for form in self.overview(visit).forms:
            if form.request.state.is_open and only in (None, form.request.id):
                self._send_one(visit, form)

    def _visit_of(self, clinic_id: ClinicId, occasion_id: OccasionId, opened_by: Identifier) -> Visit:
        """Refuse anybody but the patient and who answers for that one; keep a row of it, which the patient reads."""
        with self.store.write(clinic_id, Actor(Role.CHANNEL, "personal-link", clinic_id)) as tx:
            patient_ref = tx.occasions.get(occasion_id).patient_ref
            if tx.patients.find(opened_by) == patient_ref:
                return Visit(clinic_id, occasion_id, patient_ref)
            for related in in_force(tx, opened_by):
                if related.patient_ref == patient_ref:
                    return Visit(clinic_id, occasion_id, patient_ref, related=related.id)
            tx.audit.record(AuditEvent(REFUSED, f"Occasion/{occasion_id}", (patient_ref,)))
        raise NotFoundError("No such personal link.")

    def _send_one(self, visit: Visit, form: Form) -> None:
        try:
            raw = self._render(visit, form, "completed")
            self.receive(visit.actor, marked(raw, visit.manner) if visit.manner else raw, via=visit.via)
        except (ConflictError, NotOpenError):
            # A double click or a second tab was faster: what the patient wanted is done.
            with self.store.read(visit.clinic_id, visit.actor) as tx:
                if tx.requests.get(form.request.id).state is not RequestState.COMPLETED:
                    raise

    def _change(self, visit: Visit, request_id: RequestId, change: Callable[[Form], Form]) -> None:
        allow(visit.actor, Action.FILL_FORM)
        tries_left = DRAFT_TRIES
        while True:
            try:
                return self._change_once(visit, request_id, change)
            except ConflictError:
                tries_left -= 1
                if not tries_left:
                    raise

    def _change_once(self, visit: Visit, request_id: RequestId, change: Callable[[Form], Form]) -> None:
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            request = tx.requests.get(request_id)
            if request.occasion_id != visit.occasion_id:
                raise NotFoundError("No such request in this occasion.")
            demand_in_force(tx, visit.related)
            if not request.state.is_open or self.clock.now() >= request.expires_at:
                raise NotOpenError("This form takes no more answers.")
            draft = tx.drafts.get(request_id)
            form = change(replace(self._form(tx, request), begun=None))
            raw = self._render(visit, form, "in-progress")
            check_response(raw, self.content.questionnaires)
            tx.drafts.save(request_id, raw, draft.version if draft else 0, begun=form.begun)
            watch_draft(tx, form, self.content.patient_pages.unsent_danger)
            tx.requests.move(request_id, (RequestState.REQUESTED,), RequestState.IN_PROGRESS, self.clock.now())

    def _render(self, visit: Visit, form: Form, status: str) -> bytes:
        about = ResponseAbout(
            status=status,
            authored=self.clock.now(),
            request=form.request.id,
            subject=f"Patient/{form.request.patient_ref}",
            author=reference_of(visit.related),
        )
        return build_response(form.questionnaire, form.answers, skipped=form.skipped, about=about)

    def _form(self, tx: Tx, request: Request) -> Form:
        questionnaire = self.content.questionnaires.get(request.questionnaire)
        draft = None if request.state is RequestState.COMPLETED else tx.drafts.get(request.id)
        raw = draft.raw if draft else self._filed(tx, request)
        if raw is None:
            return Form(request, questionnaire)
        placed = read_placed(raw, self.content.questionnaires)
        begun, saved_at = (draft.begun, draft.saved_at) if draft else (None, None)
        return Form(request, questionnaire, placed.answers, placed.skipped, begun, saved_at)

    def _filed(self, tx: Tx, request: Request) -> bytes | None:
        filed = tx.responses.of_request(request.id) if request.state is RequestState.COMPLETED else None
        return tx.responses.raw(filed.id) if filed else None


def _opened(tx: Tx, occasion_id: OccasionId) -> Occasion:
    """Return an occasion that takes answers, and write down who opened it."""
    occasion = tx.occasions.get(occasion_id)
    overview = Overview(tx.clinics.get(), occasion, (), tx.now)
    if overview.state is not OccasionState.OPEN:
        raise LinkClosedError(overview.clinic, overview.state, why_closed(tx, occasion))
    tx.audit.record(AuditEvent("open-form", f"Occasion/{occasion_id}", (occasion.patient_ref,)))
    return occasion
