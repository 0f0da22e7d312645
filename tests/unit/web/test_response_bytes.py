"""Our id goes into submitted bytes, and nothing else is touched."""

import json

import pytest

from web.fhir.response import with_identity

META = {"versionId": "1"}


def test_the_members_stay_as_they_were_written():
    raw = b'{ "resourceType" : "QuestionnaireResponse",\n "a": 1.50, "b" :[ 2e1 , "\\u00e6,}" ], "c":{"d" : "\\"}"} }'

    text = with_identity(raw, "r-1", META)

    assert text == (
        '{"resourceType": "QuestionnaireResponse", "id": "r-1", "meta": {"versionId": "1"}, '
        '"a": 1.50, "b": [ 2e1 , "\\u00e6,}" ], "c": {"d" : "\\"}"}}'
    )


def test_a_submitted_id_gives_way_and_a_submitted_meta_keeps_its_profile():
    raw = b'{"id":"theirs","meta":{"profile":["p"],"versionId":"9"},"resourceType":"QuestionnaireResponse"}'

    assert json.loads(with_identity(raw, "ours", META)) == {
        "resourceType": "QuestionnaireResponse",
        "id": "ours",
        "meta": {"profile": ["p"], "versionId": "1"},
    }


@pytest.mark.parametrize(
    "raw", [b'{"resourceType":"QuestionnaireResponse"}', b'\n{\t"resourceType"\r: "QuestionnaireResponse"\n}\n']
)
def test_the_smallest_object_will_do(raw):
    assert json.loads(with_identity(raw, "r", META)).keys() == {"resourceType", "id", "meta"}


@pytest.mark.parametrize("name", ['"', "\\", "\u2028", "æ"], ids=["quote", "backslash", "separator", "letter"])
def test_a_member_may_have_any_name(name):
    raw = json.dumps({"resourceType": "QuestionnaireResponse", name: 1}).encode()

    assert json.loads(with_identity(raw, "r", META))[name] == 1
