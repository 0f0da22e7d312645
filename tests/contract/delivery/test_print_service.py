"""The simulator's print service: what it takes, refuses and shows."""

import base64

import pytest
import requests

from tests.contract.delivery.simulated import page
from tests.pdf_text import text_of_pdf

PDF = base64.b64encode(b"%PDF-1.7 a page").decode()


def posted(simulator, body, *, bearer="print-token"):
    headers = {"Authorization": f"Bearer {bearer}", "Idempotency-Key": "k"}
    return requests.post(f"{simulator.url}/print/v1/letters", json=body, headers=headers, timeout=5)


def letter(**changes):
    body = {
        "letterId": "k",
        "recipient": {"identifier": {"kind": "cpr", "value": "2512489996"}, "name": "Nancy Berggren"},
        "document": {"contentType": "application/pdf", "data": PDF},
    }
    return body | changes


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([], id="no object"),
        pytest.param({}, id="nothing"),
        pytest.param(letter(letterId="other"), id="another key"),
        pytest.param(letter(recipient={"identifier": {"value": ""}, "name": "x"}), id="no recipient"),
        pytest.param(letter(document={"data": "***"}), id="no base64"),
        pytest.param(letter(document={"data": base64.b64encode(b"<html>").decode()}), id="no PDF"),
    ],
)
def test_what_is_no_letter_is_refused_for_good(simulator, body):
    answer = posted(simulator, body)

    assert answer.status_code == 422
    assert "2512489996" not in answer.text
    assert simulator.get("/api/letters") == {"letters": []}


def test_only_the_bearer_of_its_token_prints(simulator):
    assert posted(simulator, letter(), bearer="wp-token").status_code == 401


def test_letters_are_shown_as_they_will_be_printed_without_the_patients_number(simulator, an_invitation):
    assert "Ingen breve endnu" in page(simulator, "/letters")
    simulator.letter.send(an_invitation("letter-1"))
    simulator.letter.send(an_invitation("letter-2"))
    simulator.letter.withdraw("letter-2")
    simulator.letter.withdraw("letter-3")

    shown = page(simulator, "/letters")
    pdf = requests.get(f"{simulator.url}/letters/1.pdf", timeout=5)

    assert "Brev til Nancy Berggren" in shown
    assert shown.count("Trukket tilbage") == 2
    assert "251248" not in shown
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert "Kære Nancy Berggren" in text_of_pdf(pdf.content)
    assert requests.get(f"{simulator.url}/letters/9.pdf", timeout=5).status_code == 404
    listed = simulator.get("/api/letters")["letters"]
    assert [(one["key"], one["withdrawn"]) for one in listed] == [
        ("letter-3", True),
        ("letter-2", True),
        ("letter-1", False),
    ]
    assert "251248" not in str(listed)


def test_a_fault_of_receipts_is_refused_for_who_tells_nothing(simulator):
    answer = requests.post(
        f"{simulator.url}/api/faults", json={"target": "letter", "behaviour": "receipts-twice"}, timeout=5
    )

    assert answer.status_code == 400
    assert "receipts" in answer.json()["error"]
