"""Reads the FHIR extensions that our definitions use."""

from typing import Any

from questionnaires.content_file import Fields
from questionnaires.model import Text
from questionnaires.vocabulary import ITEM_CONTROL, TRANSLATION


def find_extension(fields: Fields, *urls: str) -> Fields | None:
    """Find the first extension with one of these URLs."""
    return next((extension for extension in fields.parts("extension") if extension.raw.get("url") in urls), None)


def code_of(fields: Fields, url: str, default: str) -> str:
    """Read a `valueCode` extension."""
    extension = find_extension(fields, url)
    return extension.text("valueCode") if extension else default


def control_of(fields: Fields) -> str:
    """Read the code of an item control, such as `help`; empty where there is none."""
    extension = find_extension(fields, ITEM_CONTROL)
    codings = extension.part("valueCodeableConcept").parts("coding") if extension else ()
    return codings[0].text("code") if codings else ""


def points_of(fields: Fields, *urls: str) -> int | None:
    """Read the weight of an option: a `valueDecimal` that is a whole number."""
    extension = find_extension(fields, *urls)
    return extension.integer("valueDecimal") if extension else None


def flag_of(fields: Fields, url: str) -> bool:
    """Read a `valueBoolean` extension; absent means false."""
    extension = find_extension(fields, url)
    return extension.flag("valueBoolean") if extension else False


def bilingual_of(fields: Fields, url: str) -> Text | None:
    """Read one of our text extensions: nested `da` and `en`, because FHIR allows no translation inside an extension."""
    extension = find_extension(fields, url)
    if extension is None:
        return None
    danish, english = find_extension(extension, "da"), find_extension(extension, "en")
    if danish is None or english is None:
        raise extension.fail("extension", "da and en")
    return Text(danish.text("valueString"), english.text("valueString"))


def translated(fields: Fields, name: str) -> Text:
    """Read a Danish text element with its English translation extension."""
    sibling: Any = fields.raw.get(f"_{name}")
    if sibling is None:
        return Text(fields.text(name))
    translation = find_extension(fields.part(f"_{name}"), TRANSLATION)
    if translation is None:
        return Text(fields.text(name))
    language, content = find_extension(translation, "lang"), find_extension(translation, "content")
    if language is None or content is None or language.raw.get("valueCode") != "en":
        raise fields.fail(f"_{name}", "a translation to en")
    return Text(fields.text(name), content.text("valueString"))
