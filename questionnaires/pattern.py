"""Regular expressions from a Questionnaire, matched in linear time: no pattern and no answer can make it hang."""

import re
from dataclasses import dataclass, field
from typing import Any

import re2

OPTIONS = re2.Options()
# What is wrong is told to whoever loads the Questionnaire, not to standard error.
OPTIONS.log_errors = False
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
CLASS_IN_CLASS = re.compile(r"\[\^?\]?[^\]\[]*(\[|&&|--|~~)")
ONE_BYTE = "C"


class PatternError(ValueError):
    """The expression cannot be matched here; the message says why."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled expression.

    Args:
        text: as it was written.
    """

    text: str
    compiled: Any = field(repr=False, compare=False)

    def fits(self, text: str) -> bool:
        """Tell whether the whole text matches."""
        return self.compiled.fullmatch(text) is not None


def compile_pattern(text: str) -> Pattern:
    r"""Compile an expression for whole texts, in RE2's syntax and with `\uXXXX` as JSON and XML people write it.

    `\d`, `\w` and `\s` are those of ASCII, as in XML Schema and Java.

    Raises:
        PatternError: it looks around or back, repeats too often, is no expression, or programs disagree on it.
    """
    if ONE_BYTE in ESCAPE.findall(text):
        raise PatternError("it takes a character apart")
    if CLASS_IN_CLASS.search(ESCAPE.sub("", text)):
        raise PatternError("a class holds a class, which programs read in different ways")
    try:
        return Pattern(text, re2.compile(ESCAPE.sub(_escape, text), OPTIONS))
    except re2.error as error:
        raise PatternError(_told(error)) from error


def _escape(found: re.Match[str]) -> str:
    """Write an escaped character as RE2 wants it."""
    escaped = found[1]
    return f"\\x{{{escaped[1:]}}}" if len(escaped) > 1 else found[0]


def _told(error: Exception) -> str:
    """Read RE2's own words, which it gives as bytes."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
