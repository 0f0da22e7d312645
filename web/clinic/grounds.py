"""Inputs and sources of a suggestion in words, as a clinician reads them; the tables hold codes and short English."""

import re

from scoring.number import Number
from web.pages import language, texts

_NO_WORD = re.compile(r"[^a-z0-9]+")


def input_in_words(value: Number | str) -> str:
    """Write an input so that it can be read and checked: `24`, `22,9 (160/7)`, `Nej`; a code without words as it is."""
    if isinstance(value, str):
        return texts(language()).get(f"clinic.input-value.{value}", value)
    return str(value) if value.denominator == 1 else f"{float(value):.1f} ({value})".replace(".", ",")


def source_in_words(source: str) -> str:
    """Write where a row comes from; a source without words as it is."""
    return texts(language()).get(source_key(source), source)


def source_key(source: str) -> str:
    """Return the key of a source's words, such as `clinic.evidence.gold-group-e`."""
    return f"clinic.evidence.{_NO_WORD.sub('-', source.lower()).strip('-')}"
