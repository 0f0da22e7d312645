"""The record note: fixed first line and headings, gentle words, never too long, never a CPR number."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from delivery.note import note_text
from delivery.note_file import load_note
from delivery.plans.port import ReportedAction, ReportedDecision, ReportedScore
from kernel.ids import DecisionId, SuggestionId

HEADINGS = ["Status", "Behovsvurdering og niveau", "Mål", "Plan", "Næste kontrol"]
DECISION = ReportedDecision(
    id=DecisionId("decision-1"),
    suggestion_id=SuggestionId("suggestion-1"),
    colour="RED",
    level=2,
    author="Karen Holm",
    decided_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    next_due=date(2027, 2, 20),
    scores=(ReportedScore("rmdq", "RMDQ", "14", "svær påvirkning", None, "ryggen fylder en del"),),
    dimensions=(("Sygdomsbyrde", "RED"), ("Funktion", "YELLOW"), ("Støttebehov", "GREEN"), ("Risiko", "UNKNOWN")),
    actions=(ReportedAction("Fysioterapi", date(2026, 12, 1)), ReportedAction("Opfølgning i klinikken")),
    goal="Gå en tur\nmed hunden.",
)


NOTE = load_note()


def note(package="LRS", **changes):
    return note_text(NOTE, package, replace(DECISION, **changes))


def test_a_note_says_it_all_in_six_lines():
    assert note().splitlines() == [
        "LRS-forløb: svar vurderet 21.11.2026 af Karen Holm.",
        "Status: Der er brug for, at vi taler sammen snart. RMDQ 14 (ryggen fylder en del).",
        (
            "Behovsvurdering og niveau: Sygdomsbyrde: større behov; Funktion: noget behov; Støttebehov: lille behov; "
            "Risiko: ikke afklaret. Niveau 2."
        ),
        "Mål: Gå en tur med hunden.",
        "Plan: Fysioterapi (senest 01.12.2026); Opfølgning i klinikken.",
        "Næste kontrol: 20.02.2027.",
    ]


def test_what_is_not_there_is_said():
    text = note(level=None, scores=(), dimensions=(), actions=(), goal="", next_due=None)

    assert text.splitlines()[1:] == [
        "Status: Der er brug for, at vi taler sammen snart. Svar modtaget og gennemgået.",
        "Behovsvurdering og niveau: Niveau ikke fastsat.",
        "Mål: Aftales ved næste samtale.",
        "Plan: Ingen nye aftaler.",
        "Næste kontrol: Ikke planlagt.",
    ]


@pytest.mark.parametrize("colour", ["GREEN", "UNKNOWN", "YELLOW", "RED"])
def test_the_words_are_gentle_and_name_no_colour(colour):
    text = note(colour=colour).lower()

    assert not {"rød", "gul", "grøn", "red", "yellow", "green", "svær"} & set(text.replace(".", "").split())


@pytest.mark.parametrize(
    ("score", "told"),
    [
        pytest.param(ReportedScore("a", "NRS", "6.5", None), "NRS 6,5", id="number alone"),
        pytest.param(ReportedScore("a", "Faretegn", None, "nej"), "Faretegn (nej)", id="category without gentle words"),
        pytest.param(ReportedScore("a", "NRS", "6", "svær", None), "NRS 6", id="a clinician's band is left out"),
        pytest.param(ReportedScore("a", "NRS", None, None), "Svar modtaget og gennemgået", id="nothing to tell"),
    ],
)
def test_a_score_is_told_by_its_number_and_the_patients_words(score, told):
    assert f"snart. {told}." in note(scores=(score,))


@pytest.mark.parametrize("count", [1, 10, 100])
def test_a_note_is_never_too_long_and_keeps_every_heading(count):
    text = note(
        scores=DECISION.scores * count,
        dimensions=DECISION.dimensions * count,
        actions=DECISION.actions * count,
        goal="mål " * 100 * count,
        author="Karen " * 40 * count,
    )

    assert len(text) <= 600
    assert [line.split(":")[0] for line in text.splitlines()[1:]] == HEADINGS
    assert ("m.m." in text) is (count > 1)


@pytest.mark.parametrize("number", ["2512489996", "251248-9996", "251248 9996"])
def test_a_note_never_holds_a_cpr_number_even_if_somebody_wrote_one(number):
    text = note(goal=f"Ring til {number}", author=f"Karen Holm {number}")

    assert number not in text
    assert text.count("[nummer fjernet]") == 2


def test_a_change_that_the_instrument_judges_is_told_with_its_date():
    score = ReportedScore(
        "cat", "CAT i alt", "24", None, gentle="lungerne fylder", change="+6", since=date(2026, 8, 20)
    )

    assert "snart. CAT i alt 24 (lungerne fylder) +6 siden 20.08.2026." in note(scores=(score,))


def test_a_note_that_is_too_long_keeps_what_stands_first_with_its_change():
    first = ReportedScore("cat", "CAT i alt", "24", None, change="+6", since=date(2026, 8, 20))
    others = tuple(ReportedScore(f"s{place}", f"Endnu et langt navn {place}", "3", None) for place in range(30))

    text = note(scores=(first, *others))

    assert "CAT i alt 24 +6 siden 20.08.2026; Endnu et langt navn 0 3" in text
    assert "Endnu et langt navn 29" not in text
    assert "m.m." in text


def test_each_package_has_its_own_first_line_and_a_new_one_has_one_too():
    assert note("KOL").startswith("KOL-forløb: svar vurderet 21.11.2026 af Karen Holm.")
    assert note("T2D").startswith("T2D-forløb: svar vurderet 21.11.2026 af Karen Holm.")


def test_a_longer_number_is_left_alone():
    assert "12345678901" in note(goal="Kontor 12345678901")
