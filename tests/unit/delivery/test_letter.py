"""The letter: one page, plain words, no disease, and a code that is the link."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import segno
import typst

from delivery.channels.port import AskedForm, Invitation
from delivery.letter_file import load_letter
from delivery.letter_text import letter_pdf, letter_words
from delivery.parties import Clinic, PatientIdentity
from kernel.ids import Canonical, ClinicId, MessageId, OccasionId, PatientRef, RequestId
from tests.pdf_text import text_of_pdf

CLINIC = Clinic(ClinicId("clinic-1"), "111111111111111", "012345", "Lægerne ved Åen", "86 12 34 56", "midtjylland")
LINK = "https://svarbro.example/p/i/" + "Ab3-_" * 9
LETTER = Invitation(
    key=MessageId("letter-1"),
    occasion_id=OccasionId("occasion-1"),
    clinic=CLINIC,
    patient=PatientIdentity(PatientRef("patient-1"), "2512489996", "cpr", "Nancy Berggren"),
    forms=(AskedForm(RequestId("r"), Canonical("u|1"), "Hverdag med lungesygdom"),),
    due=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    expires=datetime(2026, 12, 11, 9, tzinfo=UTC),
    link=LINK,
    text="Lægerne ved Åen har spørgsmål til dig.",
)
LANGUAGES = ("da", "en")
CONTENT = load_letter()


def everything(letter):
    return text_of_pdf(letter_pdf(CONTENT, letter))


def pages(letter):
    told = json.dumps(letter_words(CONTENT, letter))
    drawn = typst.compile(CONTENT.layout, sys_inputs={"told": told}, ignore_system_fonts=True, format="png", ppi=20)
    return 1 if isinstance(drawn, bytes) else len(drawn)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_one_tagged_page_for_any_name(language):
    letter = replace(LETTER, language=language)
    longest = replace(
        letter,
        clinic=replace(CLINIC, name="Lægehuset " * 20, phone="+45 86 12 34 56"),
        patient=replace(LETTER.patient, name="Anne-Margrethe " * 8),
        link="https://" + "a" * 60 + ".example/p/i/" + "x" * 43,
    )

    assert letter_pdf(CONTENT, letter).startswith(b"%PDF-")
    assert b"pdfuaid" in letter_pdf(CONTENT, letter)
    assert (pages(letter), pages(longest)) == (1, 1)


def test_the_same_letter_has_the_same_bytes_at_every_attempt():
    assert letter_pdf(CONTENT, LETTER) == letter_pdf(CONTENT, LETTER)
    assert letter_pdf(CONTENT, LETTER) != letter_pdf(CONTENT, replace(LETTER, link=LINK + "x"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_sender_recipient_day_and_whom_to_call(language):
    told = everything(replace(LETTER, language=language))

    for needed in ("Lægerne ved Åen", "86 12 34 56", "Nancy Berggren", LINK, "21.11.2026", "11.12.2026", "112"):
        assert needed in told
    assert "{" not in "".join(str(one) for one in letter_words(CONTENT, LETTER).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_tells_of_no_disease_and_holds_no_number_of_the_patient(language):
    told = everything(replace(LETTER, language=language))

    assert not re.search(r"lunge|KOL|COPD|ryg|2512489996|251248-9996", told, re.IGNORECASE)


def test_the_code_is_the_link_and_survives_a_stain():
    code = segno.make(LINK, error="q", micro=False)

    drawn = letter_words(CONTENT, LETTER)["qr"]

    assert drawn == letter_words(CONTENT, replace(LETTER, text="another"))["qr"]
    assert code.error == "Q"
    assert f'viewBox="0 0 {code.symbol_size()[0]} {code.symbol_size()[1]}"' in drawn or 'width="' in drawn
    assert drawn.count("h") >= code.symbol_size()[0] / 2


def test_what_somebody_is_called_is_never_a_command():
    odd = replace(LETTER, patient=replace(LETTER.patient, name='#panic() $x$ *a* _b_ "\\'))

    assert '#panic() $x$ *a* _b_ "\\' in everything(odd)


def test_every_language_has_every_text():
    assert letter_words(CONTENT, LETTER).keys() == letter_words(CONTENT, replace(LETTER, language="en")).keys()
