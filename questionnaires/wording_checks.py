"""Checks imported wording against the definition: it changes texts only, and it is whole."""

import re
from collections.abc import Iterator, Mapping

from kernel.errors import InvalidInputError, Issue
from questionnaires.model import Questionnaire, Text
from questionnaires.wording import OPTION, Place, Texts, places

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
"""A language, or a language of a country: RFC 5646, as far as questionnaires are translated."""
LONGEST = 4_000


def refuse_other_structure(questionnaire: Questionnaire, texts: Texts, *, names_gaps: bool) -> None:
    """Refuse wording that does not fit the definition, place by place.

    Args:
        texts: of one language.
        names_gaps: a place is left out by an empty text only, never by silence.

    Raises:
        InvalidInputError: every item, option or place that is added, dropped or renumbered, and every text that is
            missing; an issue names the place.
    """
    issues = [*_added(questionnaire, texts), *_dropped(questionnaire, texts, names_gaps=names_gaps), *_unfit(texts)]
    if issues:
        raise InvalidInputError("The wording does not fit the questionnaire.", issues=issues)


def refuse_language(language: str) -> None:
    """Refuse what is no language code.

    Raises:
        InvalidInputError: it is not such as `da`, `en` or `de-CH`.
    """
    if not LANGUAGE.fullmatch(language):
        issue = Issue("value", "A language is written such as da, en or de-CH.", "language", rule="language")
        raise InvalidInputError(issue.text, issues=[issue])


def _added(questionnaire: Questionnaire, texts: Texts) -> Iterator[Issue]:
    known = {place for place, _ in places(questionnaire)}
    for place in sorted(set(texts) - known):
        if place.link_id and place.link_id not in questionnaire.by_link_id:
            yield _issue(place, "The questionnaire has no such item: none is added or renumbered.", "added-item")
        elif place.element.startswith(OPTION):
            yield _issue(place, "The item has no such option: none is added or renumbered.", "added-option")
        else:
            yield _issue(place, "There is no such place for a text.", "unknown-element")


def _dropped(questionnaire: Questionnaire, texts: Texts, *, names_gaps: bool) -> Iterator[Issue]:
    for place, ours in places(questionnaire):
        is_needed = _is_needed(place, ours)
        if is_needed and not texts.get(place):
            yield _issue(place, *_missing(place))
        elif names_gaps and place not in texts and ours and ours.da and not is_needed:
            text = "The wording says nothing of this place; leave its text empty where the owner's form has none."
            yield _issue(place, text, "silent")


def _is_needed(place: Place, ours: Text | None) -> bool:
    """Tell whether a place must have a text: titles, items, and options that are more than their number."""
    if place.element.startswith(OPTION):
        return ours is not None and ours.da != place.element.removeprefix(OPTION)
    return place.element in ("title", "text")


def _missing(place: Place) -> tuple[str, str]:
    kinds: Mapping[str, tuple[str, str]] = {
        "title": ("The questionnaire has no title.", "no-title"),
        "text": ("The item has no text: none is dropped or renumbered.", "dropped-item"),
    }
    return kinds.get(place.element, ("The option has no text: none is dropped or renumbered.", "dropped-option"))


def _unfit(texts: Texts) -> Iterator[Issue]:
    for place in sorted(texts):
        if len(texts[place]) > LONGEST:
            yield _issue(place, f"The text is longer than {LONGEST} characters.", "too-long")


def _issue(place: Place, text: str, rule: str) -> Issue:
    return Issue("value", text, str(place), place.link_id or None, rule)
