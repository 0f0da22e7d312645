from decimal import Decimal

import pytest

from kernel.errors import MalformedInputError
from questionnaires.strict_json import DEEPEST, MOST_BYTES, decode_proven, parse_object


def refusal(raw: bytes) -> str | None:
    with pytest.raises(MalformedInputError) as caught:
        parse_object(raw)
    (issue,) = caught.value.issues
    return issue.rule


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        pytest.param(b"", "not-json", id="nothing"),
        pytest.param(b"{", "not-json", id="cut off"),
        pytest.param(b"{} {}", "not-json", id="two objects"),
        pytest.param(b'{"a":1,}', "not-json", id="trailing comma"),
        pytest.param(b'{"a":01}', "not-json", id="leading zero"),
        pytest.param(b"\xef\xbb\xbf{}", "not-json", id="byte order mark"),
        pytest.param(b'{"a":"\xff"}', "not-json", id="not UTF-8"),
        pytest.param('{"a":"æ"}'.encode("latin-1"), "not-json", id="Latin-1"),
        pytest.param('{"a":1}'.encode("utf-16"), "not-json", id="UTF-16"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', "not-json", id="surrogate in UTF-8"),
        pytest.param(b'{"a":"\\ud800"}', "not-json", id="lone surrogate"),
        pytest.param(b'{"a":NaN}', "not-json", id="NaN"),
        pytest.param(b'{"a":Infinity}', "not-json", id="infinity"),
        pytest.param(b'{"a":-Infinity}', "not-json", id="minus infinity"),
        pytest.param(b'{"a":"\x00"}', "not-json", id="raw NUL"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", "not-json", id="number of 5000 digits"),
        pytest.param(b'{"a":1,"a":1}', "duplicate-key", id="key twice"),
        pytest.param(b'{"a":1,"\\u0061":2}', "duplicate-key", id="key twice, once escaped"),
        pytest.param(b'{"b":[{"a":1,"a":2}]}', "duplicate-key", id="key twice, deep"),
        pytest.param(b'{"a":"x\\u0000"}', "nul", id="NUL in a text"),
        pytest.param(b'{"a":[1,{"b":["\\u0000"]}]}', "nul", id="NUL deep"),
        pytest.param(b'{"a\\u0000":1}', "nul", id="NUL in a key"),
        pytest.param(b"[]", "not-an-object", id="list"),
        pytest.param(b'"a"', "not-an-object", id="text"),
        pytest.param(b"null", "not-an-object", id="null"),
        pytest.param(b"[" * 300 + b"]" * 300, "too-deep", id="deeper than the parser goes"),
    ],
)
def test_what_is_ambiguous_is_refused_and_named(raw, rule):
    assert refusal(raw) == rule


def nested(depth: int) -> bytes:
    """An object that holds `depth - 1` levels of lists."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_thirty_two_levels_pass_and_thirty_three_do_not():
    assert parse_object(nested(DEEPEST))
    assert refusal(nested(DEEPEST + 1)) == "too-deep"


def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not():
    frame = len(b'{"a":""}')

    assert parse_object(b'{"a":"' + b"x" * (MOST_BYTES - frame) + b'"}')
    assert refusal(b'{"a":"' + b"x" * (MOST_BYTES - frame + 1) + b'"}') == "too-large"


def test_numbers_keep_their_kind():
    numbers = parse_object(b'{"whole":3,"point":3.0,"exponent":1e0,"long":2.50,"true":true}')

    assert type(numbers["whole"]) is int
    assert numbers["point"] == Decimal("3.0")
    assert isinstance(numbers["point"], Decimal)
    assert isinstance(numbers["exponent"], Decimal)
    assert str(numbers["long"]) == "2.50"
    assert numbers["true"] is True


def test_a_backslash_before_u0000_is_text_and_not_a_nul():
    assert parse_object(b'{"a":"\\\\u0000","b":[1,null,{"c":true}]}')["a"] == "\\u0000"


def test_the_message_tells_the_place_and_never_a_key_of_the_sender():
    with pytest.raises(MalformedInputError) as caught:
        parse_object(b'{"2512489996":1,"2512489996":2}')

    (issue,) = caught.value.issues
    assert "line 1 column" in issue.text
    assert "2512489996" not in f"{issue}{caught.value}"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"a": 1}', id="spaces"),
        pytest.param(b'{"a":1, "b":2}', id="a space between members"),
        pytest.param(b'{"a":1}\n', id="line end"),
        pytest.param(b'{"a":1,"a":1}', id="key twice"),
        pytest.param(b'{"a":1,"\\u0061":2}', id="key twice, once escaped"),
        pytest.param(b'{"a":"\\u00e6"}', id="escaped letter"),
        pytest.param(b'{"a":-0}', id="minus nought"),
        pytest.param(b'{"a":1.10}', id="trailing nought"),
        pytest.param(b'{"a":0.1000000000000000055511151231257827}', id="more digits than a float has"),
        pytest.param(b'{"a":18446744073709551617}', id="integer that is rounded"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":"\xff"}', id="not UTF-8"),
        pytest.param(b'{"a":"\\ud800"}', id="lone surrogate"),
        pytest.param(b"[1]", id="list"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", id="deeper than it is written again"),
    ],
)
def test_what_is_not_written_again_byte_for_byte_is_not_proven(raw):
    assert decode_proven(raw, most_bytes=MOST_BYTES) is None


def test_compact_json_is_proven():
    raw = '{"a":[1,"æ\\n",{"b":null,"c":true}],"d":-7}'.encode()

    assert decode_proven(raw, most_bytes=MOST_BYTES) == {"a": [1, "æ\n", {"b": None, "c": True}], "d": -7}


def test_nothing_larger_than_it_may_be_is_looked_at():
    raw = b'{"a":1}'

    assert decode_proven(raw, most_bytes=len(raw)) == {"a": 1}
    assert decode_proven(raw, most_bytes=len(raw) - 1) is None
