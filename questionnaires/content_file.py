"""Reads a content file field by field: a field of the wrong kind, missing or unknown is a `ContentError` naming it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from kernel.errors import ContentError, MalformedInputError
from questionnaires.model import Text
from questionnaires.strict_json import parse_object


class Fields:
    """One JSON object of a content file.

    Args:
        raw: the object.
        where: file and place, for messages.
    """

    def __init__(self, raw: Any, where: str) -> None:
        if not isinstance(raw, dict):
            raise ContentError(f"{where}: an object is expected")
        self.raw: dict[str, Any] = raw
        self.where = where

    @classmethod
    def of_bytes(cls, raw: bytes, where: str) -> "Fields":
        """Read a whole file."""
        try:
            return cls(parse_object(raw), where)
        except MalformedInputError as error:
            raise ContentError(f"{where}: {error.text}") from error

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def refuse_others(self, known: Collection[str]) -> None:
        """Refuse fields that this service would silently ignore."""
        unknown = sorted(set(self.raw) - set(known))
        if unknown:
            raise ContentError(f"{self.where}: unknown field {', '.join(unknown)}")

    def fail(self, name: str, expected: str) -> ContentError:
        """Make the error for one field."""
        return ContentError(f"{self.where}.{name}: {expected} is expected")

    def text(self, name: str) -> str:
        """Read a text that is not empty."""
        value = self.raw.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(name, "a text")
        return value

    def integer(self, name: str) -> int:
        """Read a whole number; true is none."""
        value = self.raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(name, "a whole number")
        return value

    def minutes(self, name: str) -> timedelta:
        """Read a length of time in whole minutes above 0."""
        minutes = self.integer(name)
        if minutes < 1:
            raise self.fail(name, "a whole number of minutes above 0")
        return timedelta(minutes=minutes)

    def flag(self, name: str) -> bool:
        """Read true or false; left out means false."""
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            raise self.fail(name, "true or false")
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """Read a word of a closed list."""
        value = self.text(name)
        if value not in allowed:
            raise self.fail(name, f"one of {', '.join(allowed)}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts that is not empty, each once."""
        value = self.raw.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(text, str) and text for text in value):
            raise self.fail(name, "a list of texts")
        if len(set(value)) != len(value):
            raise self.fail(name, "each text once")
        return tuple(value)

    def integers(self, name: str) -> tuple[int, ...]:
        """Read a list of whole numbers that is not empty."""
        value = self.raw.get(name)
        if not isinstance(value, list) or not value or not all(type(number) is int for number in value):
            raise self.fail(name, "a list of whole numbers")
        return tuple(value)

    def part(self, name: str) -> "Fields":
        """Read a nested object."""
        return Fields(self.raw.get(name), f"{self.where}.{name}")

    def parts(self, name: str) -> tuple["Fields", ...]:
        """Read a list of objects; left out means none."""
        value = self.raw.get(name, [])
        if not isinstance(value, list):
            raise self.fail(name, "a list")
        return tuple(Fields(member, f"{self.where}.{name}[{index}]") for index, member in enumerate(value))

    def bilingual(self, name: str) -> Text:
        """Read `{"da": ..., "en": ...}`; both are needed, ours are never half translated."""
        part = self.part(name)
        part.refuse_others(("da", "en"))
        return Text(part.text("da"), part.text("en"))
