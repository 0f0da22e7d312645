"""How large a response may be: more only where its own questionnaire asks for an attachment."""

from base64 import b64encode

import pytest

from kernel.errors import InvalidInputError
from questionnaires.gate import check_bytes, check_resource, check_response
from questionnaires.plan import plan_of
from questionnaires.registry import Registry
from questionnaires.strict_json import MOST_BYTES, MOST_BYTES_ATTACHED, parse_object
from tests.unit.questionnaires.any_form import a, form, q, read, response

TEXT = read(q("t", "text"), url="https://any.example/text", version="1.0.0")
FILE = read(q("f", "attachment"), url="https://any.example/file", version="1.0.0")
BOTH = Registry({one.canonical: one for one in (TEXT, FILE)})


def written(size):
    return response(a("t", ("String", "x" * size)), questionnaire=TEXT.canonical)


def attached(size):
    value = {"contentType": "text/plain", "data": b64encode(b"x" * size).decode()}
    return response(a("f", ("Attachment", value)), questionnaire=FILE.canonical)


def refusal(raw, registry=BOTH):
    with pytest.raises(InvalidInputError) as caught:
        check_response(raw, registry)
    return [one.rule for one in caught.value.issues]


def test_a_response_with_an_attachment_may_be_larger_than_another():
    frame = len(written(0))

    assert check_response(written(MOST_BYTES - frame), BOTH).answers
    assert refusal(written(MOST_BYTES - frame + 1)) == ["too-large"]
    assert check_response(attached(MOST_BYTES), BOTH).answers
    assert refusal(attached(MOST_BYTES_ATTACHED)) == ["too-large"]


def test_without_such_a_questionnaire_nothing_is_larger():
    assert refusal(attached(MOST_BYTES), Registry({TEXT.canonical: TEXT})) == ["too-large"]


def test_a_response_to_one_form_is_held_to_its_size_and_to_its_resource():
    plan = form(q("t", "text"))

    assert check_bytes(written(10), plan).answers == {"t": ("x" * 10,)}
    with pytest.raises(InvalidInputError, match="larger than 256 KiB"):
        check_bytes(written(MOST_BYTES), plan)
    with pytest.raises(InvalidInputError, match="A QuestionnaireResponse is expected"):
        check_bytes(b'{"resourceType": "Patient"}', plan)


@pytest.mark.parametrize("more", [{}, {"language": "da"}], ids=["usual", "unusual"])
def test_every_door_of_the_gate_reads_the_same(more):
    raw = response(a("t", ("String", "x")), questionnaire=TEXT.canonical, **more)
    plan = plan_of(TEXT)

    found = check_response(raw, BOTH)

    assert found.answers == {"t": ("x",)}
    assert check_bytes(raw, plan) == check_resource(parse_object(raw), plan) == found
