"""The kinds of answer that FHIR R4 knows, and what an item may ask of them beyond the kind."""

from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal

from questionnaires.dated import Dated
from questionnaires.pattern import Pattern

Scalar = bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded answer; an empty system or code is one that the Coding does not state."""

    system: str
    code: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured answer.

    Args:
        value: the number, as exact as it was written.
        system, code: the unit; empty where it is not coded.
        unit: the unit in words; it counts only where there is no code.
        comparator: FHIR quantity-comparator, such as `<`; empty for the value itself.
    """

    value: Decimal
    system: str = ""
    code: str = ""
    unit: str = ""
    comparator: str = ""

    @property
    def measure(self) -> tuple[str, str]:
        """What the value is a number of; two quantities compare only where it is the same."""
        return (self.system, self.code) if self.code else ("", self.unit)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached answer; its content stays in the submitted bytes.

    Args:
        content_type: lower case, without parameters; empty if not stated.
        size: in bytes; None if neither content nor size was sent.
        url: where the content is, if not in the answer.
        sha256: hex digest of the content, if it is in the answer.
        data: the content in base64 as it was written; empty if it is not in the answer.
        title: name of the file, if stated.
    """

    content_type: str
    size: int | None
    url: str = field(repr=False, default="")
    sha256: str = ""
    data: str = field(repr=False, compare=False, default="")
    title: str = field(repr=False, compare=False, default="")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as an answer.

    Args:
        reference: literal, such as `Patient/1`; empty for a logical one.
        type: resource type, where it is stated or can be read from a literal reference.
        identifier: (system, value) of a logical reference.
    """

    reference: str = field(repr=False)
    type: str
    identifier: tuple[str, str] = field(repr=False, default=("", ""))


Answer = Scalar | Coded | Dated | time | Quantity | Attachment | Reference
"""One answer value. A coded absence is no answer: see `ResponseAnswers.skipped`."""

Bound = Decimal | Dated | time | Quantity
"""End of a range, which belongs to it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an item allows beyond its type, where FHIR says it by extension; `Item` has what our own forms use.

    Args:
        least, most: ends of the range of a decimal, date, dateTime, time or quantity.
        min_length: fewest characters.
        max_decimal_places: digits after the decimal point, as written.
        pattern: that the whole answer must match, as written.
        min_occurs, max_occurs: answers of a question, or times that a group may stand.
        mime_types: of an attachment, lower case, `image/*` for all images; empty means any.
        max_size: of an attachment, in bytes.
        units: (system, code) that a quantity may be in; empty means any.
        targets: resource types that a reference may point to; empty means any.
    """

    least: Bound | None = None
    most: Bound | None = None
    min_length: int | None = None
    max_decimal_places: int | None = None
    pattern: Pattern | None = None
    min_occurs: int = 0
    max_occurs: int | None = None
    mime_types: tuple[str, ...] = ()
    max_size: int | None = None
    units: tuple[tuple[str, str], ...] = ()
    targets: tuple[str, ...] = ()


NO_LIMITS = Limits()
