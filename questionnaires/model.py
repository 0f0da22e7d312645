"""The values of this room: a questionnaire compiled once, and the answers of one response."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from kernel.ids import Canonical
from questionnaires.kinds import NO_LIMITS, Limits
from questionnaires.kinds import Answer as Answer
from questionnaires.kinds import Attachment as Attachment
from questionnaires.kinds import Bound as Bound
from questionnaires.kinds import Coded as Coded
from questionnaires.kinds import Quantity as Quantity
from questionnaires.kinds import Reference as Reference
from questionnaires.kinds import Scalar as Scalar


class ItemType(StrEnum):
    """The item types of FHIR R4; which of them our own forms can show is said in `definition_checks`."""

    GROUP = "group"
    DISPLAY = "display"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DATE_TIME = "dateTime"
    TIME = "time"
    STRING = "string"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    ATTACHMENT = "attachment"
    REFERENCE = "reference"
    QUANTITY = "quantity"


HELP = "help"
"""Role of a display that explains the item around it, and is no notice of its own."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Danish, with its translations.

    Args:
        da: Danish, never empty where the text is shown.
        en: English; falls back to Danish when empty.
        more: pairs of a further language and the text in it, such as `("de", ...)`; pairs, so that texts stay hashable.
    """

    da: str
    en: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> str:
        """Return the text in a language such as `da`, `en` or `de`; Danish where no translation exists."""
        return {**dict(self.more), "en": self.en}.get(language) or self.da


@dataclass(frozen=True, slots=True)
class Option:
    """One answer option of a choice item.

    Args:
        system: code system of the coding.
        code: unique within the item; for graded options the points as text.
        display: what the patient reads.
        points: weight of the option, no unit; None where the option counts as unanswered (`dont-know`).
        version: of the code system, where the option binds one.
    """

    system: str
    code: str
    display: Text
    points: int | None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One `enableWhen` of an item.

    Args:
        question: linkId that is looked at.
        operator: FHIR questionnaire-enable-operator: `exists`, `=`, `!=`, `>`, `<`, `>=`, `<=`.
        answer: what it is compared with.
    """

    question: str
    operator: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Item:
    """One item, compiled.

    Args:
        link_id: unique within the questionnaire.
        type: what kind of answer it takes.
        text: the question or notice.
        recall: the period it asks about, if the item states one of its own.
        low: anchor at the lowest option, if it is a scale.
        high: anchor at the highest option.
        yes: word for true where a yes/no item is answered otherwise, such as "agree"; None = yes.
        no: word for false likewise.
        required: FHIR `required`; our definitions never use it (an explicit skip is an answer of its own).
        repeats: more than one answer is allowed.
        options: of a choice item, in order of presentation.
        min_value: lowest allowed whole number, of an integer item; `limits` has the bounds of other types.
        max_value: highest allowed whole number.
        max_length: longest allowed string, in characters.
        enable_when: conditions under which it is asked; empty means always.
        enable_any: one true condition is enough (`enableBehavior` any).
        role: `danger-notice` or `advice` for notices, `help` for what explains the item around it, else empty.
        contact: whom a notice tells to call: `emergency`, `now` (clinic or out-of-hours line) or `now-else-emergency`;
            empty where it does not say, which for a danger notice means emergency.
        skip: `confirm` or `free`: whether leaving it out is asked about once more.
        items: nested items.
        limits: further limits.
        values: options that are no codings.
        exclusive: options that stand alone.
        open_list: a choice without any list: every coding is an answer.
        initial: answers that it starts with.
        read_only: nobody types here: only an initial answer, or a calculated one, may come.
        calculated: an expression fills it.
        hidden: no person sees it, so nobody is asked for an answer.
        units: that a quantity may be in, as people read them, in order.
    """

    link_id: str
    type: ItemType
    text: Text
    recall: Text | None = None
    low: Text | None = None
    high: Text | None = None
    yes: Text | None = None
    no: Text | None = None
    required: bool = False
    repeats: bool = False
    options: tuple[Option, ...] = ()
    min_value: int | None = None
    max_value: int | None = None
    max_length: int | None = None
    enable_when: tuple[Condition, ...] = ()
    enable_any: bool = False
    role: str = ""
    contact: str = ""
    skip: str = "confirm"
    items: tuple["Item", ...] = ()
    limits: Limits = NO_LIMITS
    values: tuple[Answer, ...] = ()
    exclusive: frozenset[Answer] = frozenset()
    open_list: bool = False
    initial: tuple[Answer, ...] = ()
    read_only: bool = False
    calculated: bool = False
    hidden: bool = False
    units: tuple[Option, ...] = ()

    @property
    def help(self) -> Text | None:
        """What explains it; None where nothing does."""
        return next((inner.text for inner in self.items if inner.role == HELP), None)

    @property
    def must_be_answered(self) -> bool:
        """Whether it cannot be left out, not even on purpose."""
        return self.required or self.limits.min_occurs > 0

    @property
    def names_emergency(self) -> bool:
        """Tell whether a notice sends the patient to 112."""
        return self.role == "danger-notice" and self.contact != "now"


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One questionnaire version, compiled from its definition file.

    Args:
        id: short name, such as `cat`.
        url: canonical without version.
        version: as in the file.
        title: what the patient reads as heading.
        intro: what the patient reads before the first question.
        recall: the period that the whole questionnaire asks about.
        items: top level, in order.
        by_link_id: every item, nested ones too.
        sha256: of the definition file's bytes.
        source: the definition file's bytes, served as they stand.
        safety_screen: its answers can mean danger; an alert table is evaluated only with it.
        status: FHIR publication-status.
    """

    id: str
    url: str
    version: str
    title: Text
    intro: Text
    recall: Text
    items: tuple[Item, ...]
    by_link_id: Mapping[str, Item]
    sha256: str
    source: bytes = field(repr=False)
    safety_screen: bool = False
    status: str = "active"

    @property
    def canonical(self) -> Canonical:
        """`url|version`, as responses name it; without version or empty for a foreign form that does not say."""
        return Canonical(f"{self.url}|{self.version}" if self.url and self.version else self.url)

    @property
    def fhir_id(self) -> str:
        """Logical id of the FHIR resource, such as `cat-2.0.0`."""
        return f"{self.id}-{self.version}"


@dataclass(frozen=True, slots=True)
class ResponseAnswers:
    """A response that passed every check.

    Args:
        questionnaire: `url|version` it answers.
        status: `completed`, `amended` or `in-progress`.
        authored: when the patient finished, aware; None if the response does not say.
        answers: linkId -> answers given, in order; skipped and unasked items are absent.
        skipped: linkIds that were explicitly left out (coded absence).
        request: id of our request that the response says it fulfils, if it does.
        subject: reference such as `Patient/<pseudonym>`, if given.
        subject_identifier: (system, value) of the subject, if given that way; value may be a CPR number.
    """

    questionnaire: Canonical
    status: str
    authored: datetime | None
    answers: Mapping[str, tuple[Answer, ...]] = field(repr=False, default_factory=lambda: MappingProxyType({}))
    skipped: frozenset[str] = frozenset()
    request: str | None = None
    subject: str | None = None
    subject_identifier: tuple[str, str] | None = field(repr=False, default=None)
