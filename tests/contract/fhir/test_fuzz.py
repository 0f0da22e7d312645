"""Whatever is sent to the FHIR door: never a fault of ours, and every refusal an OperationOutcome."""

import copy
import json
from urllib.parse import quote

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.doors import cat, kol_status
from tests.contract.fhir.searches import TYPES

CALLS = 200
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NAMES = (
    *(
        "_id",
        "patient",
        "subject",
        "status",
        "code",
        "url",
        "investigation",
        "derived-from",
        "based-on",
        "questionnaire",
    ),
    *("identifier", "target", "medium", "authored", "_lastUpdated", "_sort"),
    *("_count", "_cursor", "_total", "_format", "patient:identifier", "x"),
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["Patient/a", "a,b", ",", "|", "a|b", "0", "-1", "999999999999", "json", "xml", "2512489996", "\x00"]
    ),
)
PLACES = [*TYPES, "metadata", "$validate", "_search", "_history", "Patient", "1", "%00"]
WORDS = st.one_of(
    st.sampled_from(PLACES),
    st.text(max_size=8),
)
ELEMENTS = (
    *("resourceType", "id", "meta", "item", "answer", "linkId", "valueCoding", "status", "subject", "reference"),
    *("questionnaire", "basedOn", "parameter", "resource", "name", "identifier", "extension", "contained"),
)
PIECES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


@pytest.fixture(scope="module")
def bodies(house):
    asked = house.asked(house.enrol())
    return [cat(asked["cat"].id), kol_status(asked["kol-status"].id)]


def check(answer):
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/fhir+json"
        OperationOutcome.model_validate_json(answer.content)


@settings(max_examples=CALLS, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    words=st.lists(WORDS, max_size=3),
    parameters=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=3),
    strict=st.booleans(),
)
def test_any_address_and_any_parameters(house, method, words, parameters, strict):
    # A client would take "." and ".." out of the path, and then it is no longer ours.
    path = "/".join(quote(word, safe="%$") for word in words if word.strip("."))
    headers = {"Prefer": "handling=strict"} if strict else {}

    check(house.call(method, f"/fhir/{path}", params=parameters, headers=headers, allow_redirects=False))


@settings(max_examples=CALLS, deadline=None)
@given(data=st.data())
def test_any_change_of_a_good_response(house, bodies, data):
    body = copy.deepcopy(data.draw(st.sampled_from(bodies)))
    place = body
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    if data.draw(st.booleans()):
        del place[key]
    else:
        place[key] = data.draw(PIECES)

    check(house.post("/fhir/QuestionnaireResponse", body))
    check(house.post("/fhir/QuestionnaireResponse/$validate", body))


@settings(max_examples=CALLS, deadline=None)
@given(data=st.data())
def test_any_change_of_the_bytes_of_a_good_response(house, bodies, data):
    raw = bytearray(json.dumps(bodies[0]).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    check(house.post("/fhir/QuestionnaireResponse", bytes(raw)))


DOCUMENTS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(ELEMENTS), st.text(max_size=6)), inner, max_size=4),
    ),
    max_leaves=8,
)


@settings(max_examples=CALLS, deadline=None, derandomize=True)
@given(
    method=st.sampled_from(["POST", "PUT", "PATCH"]),
    kind=st.sampled_from(TYPES),
    rest=st.sampled_from(["", "/1", "/$validate", "/$extract", "/$populate", "/_search", "/1/_history/1"]),
    body=DOCUMENTS,
    version=st.sampled_from([None, "1", 'W/"1"', 'W/"-1"', "*", "x"]),
)
def test_any_document_at_any_place(house, method, kind, rest, body, version):
    sent = {"resourceType": kind, **body} if isinstance(body, dict) else body
    headers = {"Content-Type": "application/fhir+json", **({"If-Match": version} if version else {})}

    check(house.call(method, f"/fhir/{kind}{rest}", data=json.dumps(sent).encode(), headers=headers))
