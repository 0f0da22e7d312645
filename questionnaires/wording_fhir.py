"""Wording as a FHIR Questionnaire: read from an owner's resource, and written into the one that we serve."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kernel.errors import ContentError, InvalidInputError, Issue
from questionnaires.model import Questionnaire, Text
from questionnaires.strict_json import parse_object
from questionnaires.value_sets import written_out
from questionnaires.vocabulary import ANCHOR_HIGH, ANCHOR_LOW, INTRO, NO, RECALL, TRANSLATION, WORDING, YES
from questionnaires.wording import DANISH, ENGLISH, OPTION, Place

LICENSED = "licensed"
OF_ITEM: Mapping[str, str] = {"recall": RECALL, "low": ANCHOR_LOW, "high": ANCHOR_HIGH, "yes": YES, "no": NO}
"""Element of an item -> our extension that holds it."""
OF_WHOLE: Mapping[str, str] = {"intro": INTRO, "recall": RECALL}
ByLanguage = dict[str, dict[Place, str]]
Json = dict[str, Any]


def read_wording(raw: bytes, questionnaire: Questionnaire, language: str | None = None) -> ByLanguage:
    """Read the texts of an owner's Questionnaire resource, with its translations.

    Args:
        questionnaire: ours, which it is to word; the resource has its items in the same order and of the same types.
        language: of the texts themselves, where the resource does not say.

    Returns:
        Language -> texts by their places.

    Raises:
        InvalidInputError: another resource or questionnaire, no language, items or options in another order or of
            another type; each is named. What is added or dropped is told by `refuse_other_structure`.
    """
    body = _written_out(parse_object(raw))
    issues = [*_about(body, questionnaire, language)]
    items = list(_items(body))
    issues += _renumbered(items, questionnaire)
    if issues:
        raise InvalidInputError("The file is no wording of this questionnaire.", issues=issues)
    found: ByLanguage = {}
    for place, words in _texts(body, items, str(body.get("language", language))):
        for name, text in words.items():
            found.setdefault(name, {})[place] = text
    return found


def _written_out(body: Json) -> Json:
    if not any("answerValueSet" in item for item in _items(body)):
        return body
    try:
        return written_out(body, "wording")
    except ContentError as error:
        issue = Issue("value", str(error), "item", rule="value-set")
        raise InvalidInputError("The file is no wording of this questionnaire.", issues=[issue]) from error


def _about(body: Json, questionnaire: Questionnaire, language: str | None) -> Iterator[Issue]:
    if body.get("resourceType") != "Questionnaire":
        yield Issue("structure", "A Questionnaire is expected.", "resourceType", rule="not-a-questionnaire")
    for name, ours in (("url", questionnaire.url), ("version", questionnaire.version)):
        if body.get(name, ours) != ours:
            yield Issue("value", "The file is of another questionnaire or version.", name, rule=f"another-{name}")
    if body.get("language", language) is None or (language and body.get("language", language) != language):
        yield Issue("value", "The language must be stated once.", "language", rule="language")


def _items(body: Json) -> Iterator[Json]:
    for item in _parts(body, "item"):
        yield item
        yield from _items(item)


def _renumbered(items: list[Json], questionnaire: Questionnaire) -> Iterator[Issue]:
    """Name items and options that stand in another order, and items of another type."""
    theirs = [item.get("linkId") for item in items]
    known = [link_id for link_id in questionnaire.by_link_id if link_id in theirs]
    if [link_id for link_id in theirs if link_id in questionnaire.by_link_id] != known:
        yield Issue("value", "The items stand in another order, or one stands twice.", "item", rule="renumbered-item")
    for item in items:
        ours = questionnaire.by_link_id.get(str(item.get("linkId")))
        if ours is None:
            continue
        codes = [option.code for option in ours.options if option.code in (given := _codes(item))]
        if [code for code in given if code in codes] != codes if ours.options else False:
            text = "The options stand in another order, or one stands twice."
            yield Issue("value", text, ours.link_id, ours.link_id, "renumbered-option")
        if item.get("type", ours.type) != ours.type:
            yield Issue("value", "The item has another type.", ours.link_id, ours.link_id, "another-type")


def _codes(item: Json) -> list[str]:
    return [str(coding.get("code")) for coding in _codings(item)]


def _codings(item: Json) -> list[Json]:
    codings = (option.get("valueCoding") for option in _parts(item, "answerOption"))
    return [coding for coding in codings if isinstance(coding, dict)]


def _parts(of: Json, name: str) -> list[Json]:
    """Return the objects of a list; whatever else stands there is none of our business."""
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _texts(body: Json, items: list[Json], language: str) -> Iterator[tuple[Place, dict[str, str]]]:
    yield Place("", "title"), _translated(body, "title", language)
    for element, url in OF_WHOLE.items():
        yield Place("", element), _nested(body, url, language)
    for item in items:
        link_id = str(item.get("linkId"))
        yield Place(link_id, "text"), _translated(item, "text", language)
        for element, url in OF_ITEM.items():
            yield Place(link_id, element), _nested(item, url, language)
        for coding in _codings(item):
            yield Place(link_id, f"{OPTION}{coding.get('code')}"), _translated(coding, "display", language)


def _translated(of: Json, name: str, language: str) -> dict[str, str]:
    """Read a text element with the translations beside it."""
    found = {language: of[name]} if isinstance(of.get(name), str) else {}
    beside = of.get(f"_{name}")
    for extension in _parts(beside, "extension") if isinstance(beside, dict) else ():
        parts = {part.get("url"): part for part in _parts(extension, "extension")}
        if extension.get("url") == TRANSLATION and {"lang", "content"} <= set(parts):
            found[str(parts["lang"].get("valueCode"))] = _words(parts["content"])
    return found


def _nested(of: Json, url: str, language: str) -> dict[str, str]:
    """Read one of our text extensions: a plain text, or one text for each language."""
    for extension in _parts(of, "extension"):
        if extension.get("url") == url:
            inner = {str(part.get("url")): _words(part) for part in _parts(extension, "extension")}
            return inner or {language: _words(extension)}
    return {}


def _words(of: Json) -> str:
    found = of.get("valueString", of.get("valueMarkdown"))
    return found if isinstance(found, str) else ""


def worded_source(questionnaire: Questionnaire, copyright_text: str) -> bytes:
    """Write the texts of a worded questionnaire into its FHIR resource, and say that they are the owner's.

    Args:
        questionnaire: worded; its `source` is still that of our definition.
        copyright_text: what the owner wants to be said of the texts.
    """
    # Two items may share a value set and not a word of it: each gets options of its own.
    body: Json = _unshared(written_out(json.loads(questionnaire.source), questionnaire.id))
    _write(body, "title", questionnaire.title)
    for url, text in ((INTRO, questionnaire.intro), (RECALL, questionnaire.recall)):
        _write_extension(body, url, text)
    others = [one for one in body.get("extension", ()) if one.get("url") != WORDING]
    body["extension"] = [*others, {"url": WORDING, "valueCode": LICENSED}]
    body["copyright"] = copyright_text
    for item in _items(body):
        ours = questionnaire.by_link_id[item["linkId"]]
        _write(item, "text", ours.text)
        for url, own in ((RECALL, ours.recall), (ANCHOR_LOW, ours.low), (ANCHOR_HIGH, ours.high)):
            _write_extension(item, url, own)
        for url, own in ((YES, ours.yes), (NO, ours.no)):
            _write_extension(item, url, own)
        displays = {option.code: option.display for option in ours.options}
        for coding in _codings(item):
            _write(coding, "display", displays[coding["code"]])
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _unshared(body: Json) -> Json:
    """Take away the value sets that no item names any more: what is contained must be referred to (FHIR R4 dom-3)."""
    named = json.dumps(body.get("item"))
    kept = [
        one
        for one in _parts(body, "contained")
        if one.get("resourceType") != "ValueSet" or f'"#{one.get("id")}"' in named
    ]
    without = {name: value for name, value in body.items() if name != "contained"}
    return without | ({"contained": kept} if kept else {})


def _in_languages(text: Text) -> dict[str, str]:
    pairs = {DANISH: text.da, ENGLISH: text.en, **dict(text.more)}
    return {language: words for language, words in pairs.items() if words}


def _write(of: Json, name: str, text: Text) -> None:
    """Replace a text element and its translations."""
    of.pop(f"_{name}", None)
    of[name] = text.da
    others = [(language, words) for language, words in _in_languages(text).items() if language != DANISH]
    if others:
        of[f"_{name}"] = {"extension": [_translation(language, words) for language, words in others]}


def _translation(language: str, words: str) -> Json:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": words}]
    return {"url": TRANSLATION, "extension": parts}


def _write_extension(of: Json, url: str, text: Text | None) -> None:
    """Replace one of our text extensions where it stood, or add it; no text takes it away."""
    words = _in_languages(text) if text else {}
    parts = [{"url": language, "valueString": said} for language, said in words.items()]
    others = [one for one in of.get("extension", ()) if one.get("url") != url]
    kept = [{"url": url, "extension": parts}] if parts else []
    if others or kept:
        of["extension"] = [*kept, *others]
    else:
        of.pop("extension", None)
