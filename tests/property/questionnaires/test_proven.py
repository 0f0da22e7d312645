"""Decoding by proof: what it reads is what the strict way reads, and what that refuses it never reads."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import InvalidInputError, MalformedInputError
from questionnaires.gate import check_response
from questionnaires.strict_json import MOST_BYTES, decode_object, decode_proven
from tests.property.questionnaires.harm import HARM
from tests.property.questionnaires.test_laws import FORMS, JSON, REGISTRY, full

DEEP = st.integers(1, 400).map(lambda depth: b'{"a":' + b"[" * depth + b"]" * depth + b"}")
TWICE = st.lists(st.tuples(st.sampled_from(["a", "b", "æ"]), JSON), max_size=4)
VALUE = st.integers(-2, 25) | st.floats(-2, 25) | st.integers() | st.floats(allow_nan=False)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def with_keys_twice(pairs):
    return b"{" + b",".join(compact(key) + b":" + compact(value) for key, value in pairs) + b"}"


RAW = (
    st.binary(max_size=60)
    | st.dictionaries(st.text(max_size=8), JSON, max_size=4).map(compact)
    | st.text(alphabet='{}[]":,.-+eE019atruefalsn\\u0d8\t ', max_size=30).map(str.encode)
    | TWICE.map(with_keys_twice)
    | DEEP
)


def exactly(value):
    """Write a decoded value with the kind of each part, a float as the decimal that stood there."""
    if isinstance(value, dict):
        return {key: exactly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [exactly(one) for one in value]
    return ("number", Decimal(repr(value))) if isinstance(value, float) else (_kind(value), value)


def _kind(value):
    return "number" if isinstance(value, Decimal) else type(value).__name__


@settings(deadline=None, max_examples=400)
@given(RAW)
def test_what_is_proven_is_what_the_strict_way_reads(raw):
    proven = decode_proven(raw, most_bytes=MOST_BYTES)
    strict = None
    with suppress(MalformedInputError):
        strict = decode_object(raw, most_bytes=MOST_BYTES)

    if proven is not None and strict is not None:
        assert exactly(proven) == exactly(strict)
        assert list(proven) == list(strict)
    elif proven is not None:
        # Only its depth: the strict parser stops before the other one, and the full way tells that.
        assert raw.startswith(b'{"a":[')


def told(raw):
    try:
        return check_response(raw, REGISTRY)
    except InvalidInputError as error:
        return [(one.code, one.rule, one.expression, one.link_id) for one in error.issues]


@FORMS
@pytest.mark.parametrize("harm", [None, *HARM], ids=lambda harm: harm.__name__ if harm else "none")
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_a_response_is_judged_alike_however_it_is_written(form, harm, data):
    resource = full(form, data)
    if harm is not None:
        harm(resource["item"][data.draw(st.integers(0, len(resource["item"]) - 1))])

    assert decode_proven(compact(resource), most_bytes=MOST_BYTES) == resource
    assert told(compact(resource)) == told(json.dumps(resource, indent=2).encode())


@settings(deadline=None, max_examples=200)
@given(VALUE)
def test_a_number_with_a_fraction_is_judged_alike_however_it_is_written(value):
    item = [{"linkId": "adm12", "answer": [{"valueInteger": value}]}]
    head = {"resourceType": "QuestionnaireResponse", "questionnaire": REGISTRY.newest("kol-status").canonical}
    resource = {**head, "status": "in-progress", "item": item}

    assert told(compact(resource)) == told(json.dumps(resource, indent=2).encode())
