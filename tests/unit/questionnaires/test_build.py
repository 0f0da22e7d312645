import json
from datetime import UTC, datetime, timedelta, timezone

from questionnaires.build import ResponseAbout, build_response
from questionnaires.gate import check_response
from questionnaires.model import Answer, Coded
from tests.unit.questionnaires.forms import DECLINED, SYSTEM, choice, integer, item, registry, when

ABOUT = ResponseAbout("completed", datetime(2026, 11, 20, 12, 0, 0, 123456, UTC), "r1", "Patient/p1")
FORM = registry(
    item("a", "boolean"),
    integer("n", enableWhen=[when("a")]),
    choice("c", 0, 1, repeats=True),
    item("d", "display"),
    item("g", "group", item=[item("t", "text"), item("x", "display")]),
    item("q", "boolean", item=[integer("qn")]),
)
(SMALL,) = FORM.all()


def test_what_is_built_passes_the_gate_and_comes_back_the_same():
    answers: dict[str, tuple[Answer, ...]] = {
        "a": (True,),
        "n": (0,),
        "c": (Coded(SYSTEM, "0"), Coded(SYSTEM, "1")),
        "t": ("Det går fint",),
        "q": (False,),
        "qn": (3,),
    }

    checked = check_response(build_response(SMALL, answers, about=ABOUT), FORM)

    assert checked.answers == answers
    assert (checked.request, checked.subject, checked.status) == ("r1", "Patient/p1", "completed")
    assert checked.authored == datetime(2026, 11, 20, 12, 0, 0, 123000, UTC)


def test_a_skip_is_written_as_a_coded_absence():
    raw = build_response(SMALL, {"a": (False,)}, skipped={"a", "c", "t"}, about=ABOUT)

    assert [(one["linkId"], one.get("answer")) for one in json.loads(raw)["item"]] == [
        ("a", [{"valueBoolean": False}]),
        ("c", [DECLINED]),
        ("g", None),
    ]
    assert check_response(raw, FORM).skipped == {"c", "t"}


def test_answers_and_skips_of_what_is_no_longer_asked_are_left_out():
    raw = build_response(SMALL, {"a": (False,), "n": (3,), "qn": (1,)}, skipped={"n"}, about=ABOUT)

    assert check_response(raw, FORM).answers == {"a": (False,)}
    assert [one["linkId"] for one in json.loads(raw)["item"]] == ["a"]


def test_what_is_nested_in_a_skipped_question_has_no_place():
    raw = build_response(SMALL, {"qn": (1,)}, skipped={"q"}, about=ABOUT)

    assert check_response(raw, FORM).skipped == {"q"}


def test_an_empty_draft_is_a_response_without_items():
    about = ResponseAbout("in-progress", datetime(2026, 11, 20, 13, 0, tzinfo=timezone(timedelta(hours=1))))

    resource = json.loads(build_response(SMALL, {}, about=about))

    assert resource == {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://svarbro.example/fhir/Questionnaire/small|1.0.0",
        "status": "in-progress",
        "authored": "2026-11-20T13:00:00.000+01:00",
    }


def test_the_danish_words_that_were_shown_are_written():
    raw = build_response(SMALL, {"c": (Coded(SYSTEM, "1"),)}, about=ABOUT)

    (entry,) = json.loads(raw)["item"]
    assert entry["text"] == "Om c"
    assert entry["answer"] == [{"valueCoding": {"system": SYSTEM, "code": "1", "display": "Svar 1"}}]
    assert b": " not in raw
    assert "går".encode() in build_response(SMALL, {"t": ("går",)}, about=ABOUT)
