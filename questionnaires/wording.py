"""Imported wording: the owner's texts by their places, laid over a definition that stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from json import dumps
from types import MappingProxyType

from kernel.ids import Canonical
from questionnaires.model import Item, Option, Questionnaire, Text

DANISH, ENGLISH = "da", "en"
OPTION = "option:"
"""How an option's text is named: `option:3` is that of the option with code 3."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a text stands.

    Args:
        link_id: of the item; empty for the questionnaire itself.
        element: `title`, `intro`, `recall` of the questionnaire; `text`, `recall`, `low`, `high`, `yes`, `no` or
            `option:<code>` of an item.
    """

    link_id: str
    element: str

    def __str__(self) -> str:
        """Write it as messages name it."""
        return f"{self.link_id or 'questionnaire'}, {self.element}"


Texts = Mapping[Place, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """All texts of one questionnaire version in one language.

    Args:
        id: ours.
        licence_id: of the record under which it was imported.
        questionnaire: `url|version` that it words.
        language: such as `da`.
        texts: place -> text; an empty one means that the owner's form has nothing there.
    """

    id: str
    licence_id: str
    questionnaire: Canonical
    language: str
    texts: Texts = field(repr=False)

    @property
    def sha256(self) -> str:
        """Hash of the texts with their places, whatever file they came in."""
        return hash_of(self.texts)


@dataclass(frozen=True, slots=True)
class UsedWording:
    """Which wording was on offer when a response was given.

    Args:
        sha256: of its texts.
        licence_id: of the record under which it was imported.
    """

    language: str
    sha256: str
    licence_id: str


def hash_of(texts: Texts) -> str:
    """Hash texts with their places, in one order."""
    rows = [[place.link_id, place.element, texts[place]] for place in sorted(texts)]
    return sha256(dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def places(questionnaire: Questionnaire) -> Iterator[tuple[Place, Text | None]]:
    """List every place of a questionnaire where a text may stand, with what our definition has there."""
    yield Place("", "title"), questionnaire.title
    yield Place("", "intro"), questionnaire.intro
    yield Place("", "recall"), questionnaire.recall
    for item in questionnaire.by_link_id.values():
        own = (("text", item.text), ("recall", item.recall), ("low", item.low), ("high", item.high))
        for element, text in (*own, ("yes", item.yes), ("no", item.no)):
            yield Place(item.link_id, element), text
        for option in item.options:
            yield Place(item.link_id, OPTION + option.code), option.display


def worded(questionnaire: Questionnaire, wordings: Mapping[str, Wording]) -> Questionnaire:
    """Lay wordings over a questionnaire; only texts change.

    Where Danish is the owner's, our own words are shown in no other language either: what has no translation falls back
    to the owner's Danish.

    Args:
        wordings: language -> wording of this questionnaire version; none leaves it as it is.
    """
    if not wordings:
        return questionnaire
    over = _Overlay(MappingProxyType(dict(wordings)))
    items = tuple(over.item(item) for item in questionnaire.items)
    return replace(
        questionnaire,
        title=over.text(Place("", "title"), questionnaire.title),
        intro=over.text(Place("", "intro"), questionnaire.intro),
        recall=over.text(Place("", "recall"), questionnaire.recall),
        items=items,
        by_link_id=MappingProxyType({item.link_id: item for item in _flat(items)}),
    )


@dataclass(frozen=True, slots=True)
class _Overlay:
    wordings: Mapping[str, Wording]

    def text(self, place: Place, ours: Text) -> Text:
        """Put the owners' words in the place of ours."""
        found = {language: wording.texts.get(place, "") for language, wording in self.wordings.items()}
        danish = found.pop(DANISH, ours.da)
        english = found.pop(ENGLISH, "" if DANISH in self.wordings else ours.en)
        kept = () if DANISH in self.wordings else tuple(pair for pair in ours.more if pair[0] not in found)
        return Text(danish, english, (*kept, *((name, words) for name, words in sorted(found.items()) if words)))

    def item(self, item: Item) -> Item:
        """Put the owners' words on an item, its options, and what is nested in it."""
        return replace(
            item,
            text=self.text(Place(item.link_id, "text"), item.text),
            recall=self._optional(item, "recall", item.recall),
            low=self._optional(item, "low", item.low),
            high=self._optional(item, "high", item.high),
            yes=self._optional(item, "yes", item.yes),
            no=self._optional(item, "no", item.no),
            options=tuple(self._option(item, option) for option in item.options),
            items=tuple(self.item(nested) for nested in item.items),
        )

    def _optional(self, item: Item, element: str, ours: Text | None) -> Text | None:
        text = self.text(Place(item.link_id, element), ours or Text(""))
        return text if text.da or text.en or text.more else None

    def _option(self, item: Item, option: Option) -> Option:
        return replace(option, display=self.text(Place(item.link_id, OPTION + option.code), option.display))


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)
