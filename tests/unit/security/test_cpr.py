"""Personal identifiers: what is one, in which form, and what an error may say."""

from datetime import date

import pytest

from kernel.errors import InvalidInputError
from security.cpr import Identifier, born_on, masked, parse_identifier

OFFICIAL_TEST_PERSONS = ("2512489996", "0104909995", "0108589995", "3001749995", "0201609995", "0201919990")


@pytest.mark.parametrize("number", OFFICIAL_TEST_PERSONS)
def test_the_official_test_persons_have_cpr_numbers(number):
    assert parse_identifier(number) == Identifier("cpr", number)


@pytest.mark.parametrize("text", ["251248-9996", " 2512489996 ", "251248-9996\n"], ids=["hyphen", "spaces", "newline"])
def test_hyphen_and_surrounding_space_do_not_belong_to_the_number(text):
    assert parse_identifier(text).value == "2512489996"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("010190-1AB2", "x-ecpr", "0101901AB2"),
        ("0101907zz9", "x-ecpr", "0101907ZZ9"),
        ("290200-7AB2", "x-ecpr", "2902007AB2"),
        ("290201-7AB2", "x-ecpr", "2902017AB2"),
        ("010190-0AB2", "d-ecpr", "0101900AB2"),
        ("0101905AB2", "d-ecpr", "0101905AB2"),
        ("0101906AB2", "d-ecpr", "0101906AB2"),
    ],
)
def test_replacement_numbers_are_told_apart_by_their_seventh_character(text, kind, value):
    assert parse_identifier(text) == Identifier(kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "251248999",
        "25124899966",
        "251248--9996",
        "2512-489996",
        "25124899X6",
        "320101-1234",
        "000101-1234",
        "011301-1234",
        "010001-1234",
        "310401-1234",
        "٢٥١٢٤٨٩٩٩٦",
        "010190-2AB2",
        "010190-8AB2",
        "010190-1A12",
        "320190-1AB2",
        "011390-0AB2",
        "010190-1ABC",
        "010190-1ÆØ2",
    ],
)
def test_anything_else_is_refused_by_naming_the_element_and_never_the_text(text):
    with pytest.raises(InvalidInputError) as caught:
        parse_identifier(text)

    (issue,) = caught.value.issues
    assert (issue.expression, issue.rule) == ("identifier", "not-an-identifier")
    assert not text or text not in issue.text
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        pytest.param("290200-1234", False, id="0-3: 1900 was no leap year"),
        pytest.param("290204-3234", True, id="0-3: 1904 was one"),
        pytest.param("290236-4234", True, id="4, to 36: 2036 is a leap year"),
        pytest.param("290200-4234", True, id="4, to 36: 2000 was one"),
        pytest.param("290237-4234", False, id="4, from 37: 1937 was none"),
        pytest.param("290240-4234", True, id="4, from 37: 1940 was one"),
        pytest.param("290200-5234", True, id="5-8, to 57: 2000 was one"),
        pytest.param("290256-8234", True, id="5-8, to 57: 2056 is one"),
        pytest.param("290257-5234", False, id="5-8, to 57: 2057 is none"),
        pytest.param("290258-5234", False, id="5-8, from 58: 1858 was none"),
        pytest.param("290260-6234", True, id="5-8, from 58: 1860 was one"),
        pytest.param("290200-9234", True, id="9, to 36: 2000 was one"),
        pytest.param("290238-9234", False, id="9, from 37: 1938 was none"),
        pytest.param("290240-9234", True, id="9, from 37: 1940 was one"),
    ],
)
def test_the_seventh_digit_gives_the_century_of_the_birth_date(text, is_valid):
    # The rule of the CPR office; only a leap day shows which century was taken.
    if is_valid:
        assert parse_identifier(text).kind == "cpr"
    else:
        with pytest.raises(InvalidInputError):
            parse_identifier(text)


def test_a_number_without_valid_check_digit_is_a_number():
    # 070761-4285 fulfils modulus 11; one more in the last digit does not.
    assert parse_identifier("0707614286").kind == "cpr"


def test_only_the_birth_date_is_left_of_a_masked_number():
    assert masked("2512489996") == "251248-xxxx"


def test_an_identifier_does_not_show_its_value_when_printed():
    assert "2512489996" not in repr(Identifier("cpr", "2512489996"))


@pytest.mark.parametrize(
    ("kind", "value", "born"),
    [
        ("cpr", "2512489996", date(1948, 12, 25)),
        ("cpr", "0104909995", date(1990, 4, 1)),
        ("cpr", "0101364000", date(2036, 1, 1)),
        ("cpr", "0101374000", date(1937, 1, 1)),
        ("cpr", "0101575000", date(2057, 1, 1)),
        ("cpr", "0101585000", date(1858, 1, 1)),
        ("x-ecpr", "010190" + "1AB2", None),
    ],
    ids=str,
)
def test_a_cpr_number_tells_the_date_of_birth_and_a_replacement_number_does_not(kind, value, born):
    assert born_on(kind, value) == born
