"""ANSWERED: a filed response made readable, beside what the patient answered to the same questions before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from delivery.content import Content
from flow.related_persons import answered_by
from kernel.errors import UnknownQuestionnaireError
from kernel.ids import PatientRef
from questionnaires.filed import FiledResponse
from questionnaires.manner import Manner, manner_of
from questionnaires.model import HELP, Answer, Coded, Item, ItemType, Questionnaire, Text
from questionnaires.placed import Placed, read_placed
from questionnaires.turns import Asked, walk
from scoring.result import Score
from security.related import RelatedPerson
from store.transaction import Tx

LOOKED_BACK = 100
"""Responses of a patient that are looked through for the one before: years of them."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score with its words.

    Args:
        band: what the score means, for clinicians; None without a band.
        lowest, highest: ends of the scale as text, None for a category.
    """

    score: Score
    label: Text
    band: Text | None
    lowest: str | None
    highest: str | None


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    """One item that was asked.

    Args:
        answers: empty when unanswered or skipped, and for a notice.
        skipped: left out on purpose.
        turns: of the repeated groups around it, outermost first.
        before: what was answered the time before; empty where nothing was, or where it was not asked.
    """

    item: Item
    answers: tuple[Answer, ...] = field(repr=False)
    skipped: bool
    turns: tuple[int, ...] = ()
    before: tuple[Answer, ...] = field(default=(), repr=False)

    @property
    def is_notice(self) -> bool:
        """Whether it was there to read, not to answer."""
        return self.item.type is ItemType.DISPLAY

    @property
    def is_changed(self) -> bool:
        """Whether another answer was given than the time before, where both times somebody answered."""
        return bool(self.answers and self.before) and self.answers != self.before


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """One response, readable.

    Args:
        related: who answered for the patient; None = nobody else.
        manner: how it came about, where somebody else than the patient wrote it down.
        before: the patient's response to the same questionnaire before this one; None where there is none.
    """

    questionnaire: Questionnaire
    response: FiledResponse
    items: tuple[AnsweredItem, ...]
    scores: tuple[ScoreLine, ...]
    related: RelatedPerson | None = None
    manner: Manner | None = None
    before: FiledResponse | None = None


def answered_forms(
    tx: Tx, content: Content, patient_ref: PatientRef, responses: Iterable[FiledResponse]
) -> tuple[AnsweredForm, ...]:
    """Make a patient's responses readable, each beside the one before it."""
    known = tx.responses.newest_of(patient_ref, LOOKED_BACK)
    return tuple(_form(tx, content, one, _before(known, one)) for one in responses)


def _before(known: Iterable[FiledResponse], response: FiledResponse) -> FiledResponse | None:
    url = response.questionnaire.partition("|")[0]
    same = (one for one in known if one.questionnaire.partition("|")[0] == url)
    return next((one for one in same if one.authored_at < response.authored_at), None)


def _form(tx: Tx, content: Content, response: FiledResponse, before: FiledResponse | None) -> AnsweredForm:
    questionnaire = content.questionnaires.get(response.questionnaire)
    raw = tx.responses.raw(response.id)
    placed = read_placed(raw, content.questionnaires)
    earlier = _placed(tx, content, before)
    items = tuple(_item(one, placed, earlier) for one in _shown(questionnaire, placed))
    scores = tuple(_lines(tx, content, response))
    return AnsweredForm(questionnaire, response, items, scores, answered_by(tx, raw), manner_of(raw), before)


def _shown(questionnaire: Questionnaire, placed: Placed) -> Iterator[Asked]:
    for one in walk(questionnaire, placed.answers, placed.skipped):
        if one.item.type is not ItemType.GROUP and one.item.role != HELP:
            yield one


def _placed(tx: Tx, content: Content, response: FiledResponse | None) -> Mapping[str, tuple[Answer, ...]]:
    """Read the answers of an earlier response; none where its version of the questionnaire is known no more."""
    if response is None:
        return {}
    try:
        return read_placed(tx.responses.raw(response.id), content.questionnaires).answers
    except UnknownQuestionnaireError:
        return {}


def _item(one: Asked, placed: Placed, earlier: Mapping[str, tuple[Answer, ...]]) -> AnsweredItem:
    return AnsweredItem(
        one.item,
        placed.answers.get(one.spot, ()),
        one.spot in placed.skipped,
        one.turns,
        _readable(one.item, earlier.get(one.spot, ())),
    )


def _readable(item: Item, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return earlier answers that this version of an item has words for."""
    known = {option.code for option in item.options}
    return tuple(one for one in answers if not isinstance(one, Coded) or one.code in known)


def _lines(tx: Tx, content: Content, response: FiledResponse) -> Iterator[ScoreLine]:
    rule = content.catalogue.rule_for(response.questionnaire)
    for score in tx.scores.of_response(response.id).scores:
        if not rule.is_shown(score.id):
            continue
        band = rule.band_label(score.id, score.band) if score.band else None
        ends = rule.range(score.id) if score.value is not None else None
        lowest, highest = (str(ends[0]), str(ends[1])) if ends else (None, None)
        yield ScoreLine(score, rule.label(score.id), band.clinician if band else None, lowest, highest)
