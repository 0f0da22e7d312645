"""The occasion as the patient meets it: forms, their pages in order, and what the answers so far raise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from delivery.parties import Clinic, PatientIdentity
from delivery.reading import Reading
from delivery.schedule import Occasion, OccasionState, Request
from kernel.errors import NotFoundError
from questionnaires.model import HELP, Answer, Item, ItemType, Questionnaire, Text
from questionnaires.turns import MOST_TURNS, Asked, is_repeated_group, most_turns, spot_of, walk

DANGER = "danger-notice"
"""Role of a notice that tells the patient of danger."""
NOBODY = Text("")
"""Nobody to call: where nothing is shown that sends a patient to the phone."""


@dataclass(frozen=True, slots=True)
class Form:
    """One questionnaire of the occasion, as far as it is filled in.

    Args:
        answers: spot (`questionnaires.turns`; the linkId outside repeated groups) -> answers.
        skipped: spots that were left out on purpose.
        begun: spot that was saved while the patient still stood on it; None when the patient went on.
        saved_at: when the draft was last saved; None without one.
    """

    request: Request
    questionnaire: Questionnaire
    answers: Mapping[str, tuple[Answer, ...]] = field(repr=False, default_factory=dict)
    skipped: frozenset[str] = frozenset()
    begun: str | None = None
    saved_at: datetime | None = None

    @property
    def shown(self) -> tuple[Item, ...]:
        """Questions and notices that are asked or shown, given the answers so far."""
        walked = walk(self.questionnaire, self.answers, self.skipped)
        return tuple(one.item for one in walked if one.item.type is not ItemType.GROUP and one.item.role != HELP)

    def answered(self, spot: str, answers: tuple[Answer, ...], *, skipped: bool = False) -> "Form":
        """Return the form with one item answered, skipped or (with neither) emptied; what is no longer asked goes."""
        kept = {**self.answers, spot: answers}
        left_out = (self.skipped | {spot}) if skipped else (self.skipped - {spot})
        if not answers:
            kept.pop(spot)
        return _without_unasked(replace(self, answers=MappingProxyType(kept), skipped=left_out))

    def without_turn(self, group: Item, turns: tuple[int, ...]) -> "Form":
        """Return the form without one turn of a repeated group; it is the last, so no other one moves."""
        inside = {
            one.spot
            for one in walk(self.questionnaire, self.answers, self.skipped)
            if group in one.groups and one.turns[: len(turns)] == turns
        }
        kept = {spot: given for spot, given in self.answers.items() if spot not in inside}
        return _without_unasked(replace(self, answers=MappingProxyType(kept), skipped=self.skipped - inside))


@dataclass(frozen=True, slots=True)
class Page:
    """One item of the occasion that is asked, with its answer so far.

    Args:
        number: place among all items of the occasion, from 1, the same whatever is answered.
        opens_form: first page of its questionnaire.
        turns: of the repeated groups around it, outermost first.
        groups: around it, outermost first.
        order: places of what is around it, and its own: pages follow each other by it.
    """

    number: int
    form: Form
    item: Item
    opens_form: bool
    turns: tuple[int, ...] = ()
    groups: tuple[Item, ...] = ()
    order: tuple[int, ...] = ()

    @property
    def spot(self) -> str:
        """Name of the item and its turns."""
        return spot_of(self.item.link_id, self.turns)

    @property
    def turn(self) -> str:
        """Turns as they stand in an address; empty where all are the first."""
        return "" if all(turn == 1 for turn in self.turns) else ".".join(str(turn) for turn in self.turns)

    @property
    def is_notice(self) -> bool:
        """Whether there is something to read and nothing to answer."""
        return self.item.type is ItemType.DISPLAY

    @property
    def offers_more(self) -> bool:
        """Whether it stands after a repeated group and asks whether there is one more to tell of."""
        return self.item.type is ItemType.GROUP

    @property
    def is_question(self) -> bool:
        """Whether it wants an answer."""
        return not (self.is_notice or self.offers_more)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far."""
        return self.form.answers.get(self.spot, ())

    @property
    def is_skipped(self) -> bool:
        """Whether the patient chose not to answer."""
        return self.spot in self.form.skipped

    @property
    def is_open(self) -> bool:
        """Whether an answer, or the choice to leave it out, is missing."""
        return self.is_question and not (self.answers or self.is_skipped)


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole occasion, as the patient sees it.

    Args:
        contact: whom the patient can call now, by the clinic's region and the hour.
        reading: when the clinic reads what is sent now; None where nothing says so.
        patient: whom it is about, where one of the clinic's staff fills in or somebody answers for the patient; else
            None.
        why_closed: of a cancelled occasion `declined`, `paused`, `stopped`, `moved` or `withdrawn`; else empty.
    """

    clinic: Clinic
    occasion: Occasion
    forms: tuple[Form, ...]
    now: datetime
    contact: Text = NOBODY
    reading: Reading | None = None
    patient: PatientIdentity | None = None
    why_closed: str = ""

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
        return tuple(page for page in self.pages if page.is_question)

    @property
    def dangers(self) -> tuple[Page, ...]:
        """Danger notices that the answers raise, of sent forms too; each text once."""
        notices = (page for page in _pages(self.forms) if page.is_notice and page.item.role == DANGER)
        return tuple({page.item.text: page for page in notices}.values())

    @property
    def may_raise_danger(self) -> bool:
        """Whether some answer to what is not sent yet would raise a danger notice."""
        return any(has_danger(form.questionnaire) for form in self.forms if form.request.state.is_open)

    @property
    def first_open(self) -> Page | None:
        """The first question without an answer."""
        return next((page for page in self.questions if page.is_open), None)

    @property
    def resume(self) -> Page | None:
        """Where to go on after a pause: the question that the patient stood on, else the first without an answer."""
        drafts = [form for form in self.forms if form.saved_at and form.request.state.is_open]
        newest = max(drafts, key=lambda form: form.saved_at or self.now, default=None)
        begun = (page for page in self.questions if page.form is newest and page.spot == page.form.begun)
        return next(begun, None) or self.first_open

    def page(self, number: int, turns: tuple[int, ...] = ()) -> Page:
        """Return the page of that number, in these turns of the groups around it; without any, in the first.

        One turn more than there is can be asked for: it begins when something in it is answered.

        Raises:
            NotFoundError: no item has it, or the item is not asked now.
        """
        pages = self.pages
        for page in pages:
            if page.number == number and (page.turns == turns or (not turns and not page.turn)):
                return page
        for end in pages:
            if end.offers_more and end.turns[-1] < most_turns(end.item):
                for one in _next_turn(end, pages):
                    if (one.number, one.turns) == (number, turns):
                        return one
        raise NotFoundError("No such question is asked now.")

    def after(self, page: Page | int) -> Page | None:
        """Return the page that follows a page or a number, None after the last."""
        order = _order_of(page)
        return next((other for other in self.pages if other.order > order), None)

    def one_more(self, page: Page) -> Page | None:
        """Return the first page of a further turn of the group that a page asks about; None where there is no more."""
        if not page.offers_more or page.turns[-1] >= most_turns(page.item):
            return None
        return min(_next_turn(page, self.pages), key=lambda one: one.order, default=None)

    def before(self, page: Page | int) -> Page | None:
        """Return the page that comes before a page or a number, None for the first."""
        order = _order_of(page)
        return next((other for other in reversed(self.pages) if other.order < order), None)


def has_danger(questionnaire: Questionnaire) -> bool:
    """Tell whether some answer to a questionnaire raises a danger notice."""
    return any(item.role == DANGER for item in questionnaire.by_link_id.values())


def raises_danger(form: Form) -> bool:
    """Tell whether the answers so far raise a danger notice."""
    return any(item.role == DANGER for item in form.shown)


def _order_of(page: Page | int) -> tuple[int, ...]:
    return (page,) if isinstance(page, int) else page.order


def _without_unasked(form: Form) -> Form:
    """Drop what belongs to items that are no longer asked."""
    shown = {one.spot for one in walk(form.questionnaire, form.answers, form.skipped) if not one.ends}
    kept = {spot: given for spot, given in form.answers.items() if spot in shown}
    return replace(form, answers=MappingProxyType(kept), skipped=form.skipped & shown)


def _pages(forms: tuple[Form, ...]) -> Iterator[Page]:
    first = 1
    for form in forms:
        numbers = {link_id: number for number, link_id in enumerate(form.questionnaire.by_link_id, first)}
        first += len(numbers)
        opens_form = True
        for asked in walk(form.questionnaire, form.answers, form.skipped):
            if _is_page(asked):
                yield _page(form, asked, numbers, opens_form=opens_form)
                opens_form = False


def _is_page(asked: Asked) -> bool:
    if asked.ends:
        return asked.turns[-1] < most_turns(asked.item) or asked.turns[-1] > 1
    return asked.item.type is not ItemType.GROUP and asked.item.role != HELP


def _page(form: Form, asked: Asked, numbers: Mapping[str, int], *, opens_form: bool) -> Page:
    number = numbers[asked.item.link_id]
    order: list[int] = []
    repeated = [group for group in asked.groups if is_repeated_group(group)]
    for group, turn in zip(repeated, asked.turns, strict=False):
        order += [numbers[group.link_id], turn]
    order += [number, MOST_TURNS + 1] if asked.ends else [number]
    return Page(number, form, asked.item, opens_form, asked.turns, asked.groups, tuple(order))


def _next_turn(after: Page, pages: tuple[Page, ...]) -> Iterator[Page]:
    """Make the pages of the turn that would follow: those of the first turn, as nobody has answered them."""
    first = (*after.turns[:-1], 1)
    depth = len(first)
    following = (*after.turns[:-1], after.turns[-1] + 1)
    for page in pages:
        if after.item in page.groups and page.turns[:depth] == first and page.form is after.form:
            place = 2 * depth - 1
            order = (*page.order[:place], following[-1], *page.order[place + 1 :])
            yield replace(page, turns=(*following, *page.turns[depth:]), opens_form=False, order=order)
