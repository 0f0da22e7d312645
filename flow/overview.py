"""The occasion as the patient meets it: forms, their pages in order, and what the answers so far raise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from delivery.parties import Clinic, PatientIdentity
from delivery.schedule import Occasion, OccasionState, Request
from kernel.errors import NotFoundError
from questionnaires.enablement import asked
from questionnaires.model import Answer, Item, ItemType, Questionnaire, Text

NOBODY = Text("")
"""Nobody to call: where nothing is shown that sends a patient to the phone."""


@dataclass(frozen=True, slots=True)
class Form:
    """One questionnaire of the occasion, as far as it is filled in."""

    request: Request
    questionnaire: Questionnaire
    answers: Mapping[str, tuple[Answer, ...]] = field(repr=False, default_factory=dict)
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
    """The whole occasion, as the patient sees it.

    Args:
        contact: whom the patient can call now, by the clinic's region and the hour.
        patient: whom it is about, where one of the clinic's staff fills in or somebody answers for the patient; else
            None.
    """

    clinic: Clinic
    occasion: Occasion
    forms: tuple[Form, ...]
    now: datetime
    contact: Text = NOBODY
    patient: PatientIdentity | None = None

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
