"""The letter to a patient: plain words and a layout from content files, one code, set as one tagged A4 page."""

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import segno
import typst

from delivery.channels.port import Invitation
from delivery.letter_file import Letter
from delivery.recurrence import danish_date

LONGEST_NAME = 80
"""A longer name is cut: the letter has one page, and its errand stays on it."""


def letter_pdf(letter: Letter, invitation: Invitation) -> bytes:
    """Write the letter as PDF/UA.

    It holds no title of a questionnaire: an envelope is opened by others too. The same invitation gives the same
    bytes at every attempt: its date is the day on which it was due.
    """
    told = letter_words(letter, invitation)
    made_at = invitation.due.astimezone(UTC)
    pdf: bytes = typst.compile(
        letter.layout,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    return pdf


def letter_words(letter: Letter, invitation: Invitation) -> dict[str, Any]:
    """Return every text of the page, by its name in the layout; `qr` is a drawing of the link."""
    words, clinic = letter.words[invitation.language], invitation.clinic
    filled = {
        "clinic": cut(clinic.name),
        "name": cut(invitation.patient.name),
        "phone": clinic.phone,
        "until": day_of(invitation.expires),
    }
    return {
        **{name: text.format(**filled) for name, text in words.texts.items()},
        "steps": words.steps,
        "clinic": filled["clinic"],
        "phoneLine": clinic.phone,
        "name": filled["name"],
        "date": day_of(invitation.due),
        "language": invitation.language,
        "link": invitation.link,
        "qr": code_of(invitation.link),
    }


def code_of(link: str) -> str:
    """Draw a link; a quarter of the code may be soiled and it is still read."""
    drawing = BytesIO()
    segno.make(link, error="q", micro=False).save(drawing, kind="svg", border=4, xmldecl=False, svgns=True)
    return drawing.getvalue().decode("ascii")


def cut(name: str) -> str:
    """Shorten a name that would leave no room for the rest."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def day_of(moment: datetime) -> str:
    """Write a Danish date in figures."""
    return f"{danish_date(moment):%d.%m.%Y}"
