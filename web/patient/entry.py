"""From what a browser posts for one item to answers of that item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaires.limits import broken_limit
from questionnaires.model import Answer, Attachment, Coded, Item, ItemType
from web.patient.offers import is_chosen_from, offers_of
from web.patient.readers import READERS, Row, UnusableError

FIELD = "answer"
"""Name of the form field that holds the answer of the one item on the page; its parts have the name of the part too."""
UNIT = "unit"
"""Part that says in which unit a number is."""
OTHER = "-other-"
"""Value of the choice to write something of one's own."""
RULES: Mapping[str, str] = {
    "maxLength": "too-long",
    "minLength": "too-short",
    "regex": "pattern",
    "invalidUrlValue": "url",
    "maxDecimalPlaces": "decimals",
    "mimeType": "file-type",
    "maxAttachmentSize": "file-size",
}
"""Rule of the gate -> key of the text that says so."""
ENDS = ("out-of-range", "minValue", "maxValue")
TIMED = (ItemType.DATE, ItemType.DATE_TIME, ItemType.TIME)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was posted."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """What a browser posted for one item.

    Args:
        fields: name of the field -> its values in order.
    """

    fields: Mapping[str, Sequence[str]]
    uploads: tuple[Upload, ...] = ()

    def values(self, part: str = "") -> list[str]:
        """Return the values of the answer's field, or of one of its parts, without what surrounds them."""
        return [value.strip() for value in self.fields.get(f"{FIELD}-{part}" if part else FIELD, ())]

    def rows(self, parts: Sequence[str]) -> list[Row]:
        """Return the parts of each answer that holds anything; a unit alone is nothing, for a list always has one."""
        columns = [self.values(part) for part in parts]
        count = max(len(column) for column in columns)
        padded = [column + [""] * (count - len(column)) for column in columns]
        telling = [place for place, part in enumerate(parts) if part != UNIT]
        return [row for row in zip(*padded, strict=True) if any(row[place] for place in telling)]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the patient entered.

    Args:
        answers: usable answers; empty when nothing was entered or it is not usable.
        fault: key of the text that says what is wrong, without the `error.` prefix; None when all is well.
    """

    answers: tuple[Answer, ...] = ()
    fault: str | None = None


def read_entry(item: Item, posted: Posted, before: Sequence[Answer] = ()) -> Entry:
    """Read what was posted for one item; nothing entered is the fault `choose`, `write` or `file`.

    Args:
        before: the answers so far: a file that is not sent again stays.
    """
    try:
        answers = _answers(item, posted, before)
    except UnusableError as unusable:
        return Entry(fault=unusable.fault)
    fault = _missing(item) if not answers else _fault(item, answers)
    return Entry(fault=fault) if fault else Entry(answers)


def posted_value(answer: Answer) -> str:
    """Return the form value that stands for an answer that is one value: the opposite of `read_entry`."""
    if isinstance(answer, Coded):
        return answer.code
    if isinstance(answer, bool):
        return "true" if answer else "false"
    return str(answer)


def _answers(item: Item, posted: Posted, before: Sequence[Answer]) -> tuple[Answer, ...]:
    if item.type is ItemType.ATTACHMENT:
        return _attached(posted, before)
    if item.type is ItemType.BOOLEAN:
        return tuple(_yes_or_no(value) for value in posted.values() if value)
    if is_chosen_from(item):
        return _chosen(item, posted)
    parts, read = READERS[item.type]
    return tuple(read(item, row) for row in posted.rows(parts))


def _yes_or_no(value: str) -> bool:
    if value not in ("true", "false"):
        raise UnusableError("invalid")
    return value == "true"


def _chosen(item: Item, posted: Posted) -> tuple[Answer, ...]:
    values = {value for value in posted.values() if value}
    own = [value for value in posted.values("other") if value]
    is_open = item.type is ItemType.OPEN_CHOICE
    found: list[Answer] = [offer.answer for offer in offers_of(item) if offer.value in values]
    if is_open and OTHER in values and not own:
        raise UnusableError("other")
    if len(found) != len(values - {OTHER} if is_open else values):
        raise UnusableError("invalid")
    # Whoever writes something of their own and chooses nothing has chosen that.
    writes = is_open and (OTHER in values or (own and not found))
    return (*found, *own) if writes else tuple(found)


def _attached(posted: Posted, before: Sequence[Answer]) -> tuple[Answer, ...]:
    dropped = set(posted.values("drop"))
    kept = [one for one in before if isinstance(one, Attachment) and one.sha256 not in dropped]
    _, read = READERS[ItemType.ATTACHMENT]
    sent = [read(None, (one.name, one.content_type, one.content)) for one in posted.uploads if one.content]
    return (*kept, *sent)


def _missing(item: Item) -> str:
    if item.type is ItemType.ATTACHMENT:
        return "file"
    return "choose" if is_chosen_from(item) else "write"


def _fault(item: Item, answers: Sequence[Answer]) -> str | None:
    """Name what is wrong with answers of the right kind; None if nothing is."""
    for answer in answers:
        rule = broken_limit(item, answer)
        if rule is not None:
            return _end(item) if rule in ENDS else RULES.get(rule, "invalid")
    if not item.repeats and len(answers) > 1:
        return "one-file" if item.type is ItemType.ATTACHMENT else "invalid"
    if item.exclusive.intersection(answers) and len(answers) > 1:
        return "alone"
    if len(answers) < item.limits.min_occurs:
        return "few"
    most = item.limits.max_occurs
    return "many" if most is not None and len(answers) > most else None


def _end(item: Item) -> str:
    low = item.min_value if item.type is ItemType.INTEGER else item.limits.least
    high = item.max_value if item.type is ItemType.INTEGER else item.limits.most
    if low is None or high is None:
        lowest, highest = ("earliest", "latest") if item.type in TIMED else ("low", "high")
        return lowest if high is None else highest
    return "range" if item.type is ItemType.INTEGER else "between"
