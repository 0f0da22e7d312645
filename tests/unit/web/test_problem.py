"""Problem JSON of the JSON API and the webhooks."""

from kernel.errors import Issue
from web.api.problem import issues_of_messages, problem


def test_a_problem_names_its_field_twice_as_path_and_as_pointer():
    issue = Issue("value", "Not base64.", "data.document.data", rule="invalid-field")

    body = problem(422, [issue], reference="r-1")

    assert body["status"] == 422
    assert body["title"] == "Unprocessable Entity"
    assert body["type"] == "https://svarbro.example/problems/invalid-field"
    assert body["instance"] == "urn:svarbro:call:r-1"
    assert body["errors"] == [
        {
            "code": "invalid-field",
            "detail": "Not base64.",
            "field": "data.document.data",
            "pointer": "#/data/document/data",
        }
    ]


def test_an_element_of_a_document_has_a_path_but_no_pointer():
    issue = Issue("value", "Out of range.", "QuestionnaireResponse.item[0].answer[0]", link_id="cat-1")

    (error,) = problem(422, [issue], reference="r-1")["errors"]

    assert error["field"] == "QuestionnaireResponse.item[0].answer[0]"
    assert error["linkId"] == "cat-1"
    assert error["code"] == "value"
    assert "pointer" not in error


def test_an_error_without_a_field_names_none():
    assert problem(404, [Issue("not-found", "No such thing.")], reference="r")["errors"] == [
        {"code": "not-found", "detail": "No such thing."}
    ]


def test_only_the_first_hundred_errors_are_listed():
    assert len(problem(422, [Issue("value", "x")] * 101, reference="r")["errors"]) == 100


def test_the_complaints_of_a_schema_become_issues_with_their_paths():
    messages = {
        "json": {
            "name": ["Missing data for required field."],
            "data": {"at": ["Not a valid aware datetime."], "_schema": ["Odd."]},
            "color": ["Unknown field."],
        }
    }

    issues = issues_of_messages(messages)

    assert [(issue.expression, issue.code, issue.rule) for issue in issues] == [
        ("name", "required", "required"),
        ("data.at", "value", "invalid-field"),
        ("data", "value", "invalid-field"),
        ("color", "value", "unknown-field"),
    ]


def test_what_was_sent_as_the_name_of_a_field_is_repeated_only_if_it_looks_like_one():
    (issue,) = issues_of_messages({"json": {"2512489996": ["Unknown field."]}})

    assert issue.expression == "(unprintable)"


def test_a_complaint_about_everything_names_no_field():
    (issue,) = issues_of_messages({"json": {"_schema": ["Invalid input type."]}})

    assert issue.expression is None
