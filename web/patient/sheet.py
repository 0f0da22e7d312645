"""What the page of an item shows whatever was answered: made once per questionnaire version and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from questionnaires.model import Item, ItemType, Questionnaire, Text
from web.pages import texts
from web.patient.entry import OTHER
from web.patient.offers import is_chosen_from, offers_of

LONGEST_ROW = 6
"""As many boxes of 44 px as fit beside each other on a 320 px screen."""
WRITTEN: Mapping[ItemType, str] = MappingProxyType(
    {
        ItemType.INTEGER: "number",
        ItemType.DECIMAL: "decimal",
        ItemType.STRING: "line",
        ItemType.TEXT: "lines",
        ItemType.URL: "url",
        ItemType.TIME: "time",
        ItemType.DATE: "date",
        ItemType.DATE_TIME: "moment",
        ItemType.QUANTITY: "quantity",
        ItemType.ATTACHMENT: "file",
    }
)
MOST_KEPT = 200
"""Compiled questionnaires that are remembered; wording that is imported makes new ones."""


@dataclass(frozen=True, slots=True)
class Label:
    """One thing to choose, as it reads.

    Args:
        value: what the browser posts.
        label: what the patient reads.
        lang: language of the label where it is not that of the page; empty where it is.
        end: `low` or `high` where an anchor belongs to it.
    """

    value: str
    label: str
    lang: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One item, ready to be shown.

    Args:
        layout: `row`, `long-row`, `radios`, `checkboxes`, or that of what is written: `number`, `date` and so on.
        lang: language of the questionnaire's texts where it is not that of the page; empty where it is.
        title, intro: of the questionnaire.
        heading, recall, help: of the item; empty where there is none.
        low, high: anchors.
        labels: of what can be chosen.
        units: value and label of each unit.
        groups: headings of the groups around it, outermost first.
    """

    layout: str
    lang: str
    title: str
    intro: str
    heading: str
    recall: str
    help: str
    low: str
    high: str
    labels: tuple[Label, ...]
    units: tuple[tuple[str, str], ...]
    groups: Mapping[str, str]

    @property
    def is_written(self) -> bool:
        """Whether the patient writes instead of choosing."""
        return self.layout not in ("row", "long-row", "radios", "checkboxes")


class Sheets:
    """The sheets of the questionnaires that are in force, made when a page first asks for one."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[Questionnaire, Mapping[str, Sheet]]] = {}

    def of(self, questionnaire: Questionnaire, link_id: str, language: str) -> Sheet:
        """Return the sheet of an item; all of its questionnaire are made at the first call."""
        # A version never changes, but its wording may: then it is another object.
        key = (id(questionnaire), language)
        found = self._kept.get(key)
        if found is None or found[0] is not questionnaire:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = (questionnaire, _sheets(questionnaire, language))
        return found[1][link_id]


def layout(item: Item) -> str:
    """Name the layout of an item."""
    if not is_chosen_from(item):
        return WRITTEN.get(item.type, "radios")
    if item.repeats:
        return "checkboxes"
    if item.type is ItemType.CHOICE and item.low and item.high:
        return "row" if len(item.options) <= LONGEST_ROW else "long-row"
    return "radios"


def _sheets(questionnaire: Questionnaire, language: str) -> Mapping[str, Sheet]:
    made = _Maker(questionnaire, language)
    return MappingProxyType({link_id: made.sheet(item) for link_id, item in questionnaire.by_link_id.items()})


class _Maker:
    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self._questionnaire = questionnaire
        self._language = language
        self._groups = {
            link_id: self._words(item.text)
            for link_id, item in questionnaire.by_link_id.items()
            if item.type is ItemType.GROUP
        }

    def sheet(self, item: Item) -> Sheet:
        """Make the sheet of one item."""
        of = self._questionnaire
        return Sheet(
            layout(item),
            self._lang(item.text),
            self._words(of.title),
            self._words(of.intro),
            self._words(item.text),
            self._words(item.recall or of.recall),
            self._words(item.help),
            self._words(item.low),
            self._words(item.high),
            self._labels(item),
            tuple((one.code, self._words(one.display)) for one in item.units),
            self._groups,
        )

    def _labels(self, item: Item) -> tuple[Label, ...]:
        if item.type is ItemType.BOOLEAN:
            yes, no = (self._yes_or_no(own, key) for own, key in ((item.yes, "common.yes"), (item.no, "common.no")))
            return (Label("true", *yes), Label("false", *no))
        offers = offers_of(item)
        ends = {0: "low", len(offers) - 1: "high"} if item.low and item.high else {}
        labels = tuple(
            Label(one.value, self._words(one.label), self._lang(one.label), ends.get(place, ""))
            for place, one in enumerate(offers)
        )
        if item.type is ItemType.OPEN_CHOICE:
            return (*labels, Label(OTHER, texts(self._language)["question.other"]))
        return labels

    def _yes_or_no(self, own: Text | None, key: str) -> tuple[str, str]:
        return (self._words(own), self._lang(own)) if own else (texts(self._language)[key], "")

    def _words(self, text: Text | None) -> str:
        return text.in_language(self._language) if text else ""

    def _lang(self, text: Text | None) -> str:
        """Name the language of a text that has no translation: then it is shown in Danish, and says so."""
        if not text or not text.da or self._language == "da":
            return ""
        return "" if {**dict(text.more), "en": text.en}.get(self._language) else "da"
