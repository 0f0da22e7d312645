"""Reading the parameters of a FHIR search."""

import pytest

from kernel.errors import MalformedInputError
from web.fhir.search import SearchParameter, anything, cursor, reference, token, understood

PATIENT = SearchParameter("patient", "reference", "patient", "", reference("Patient"))
SUBJECT = SearchParameter("subject", "reference", "patient", "", reference("Patient"))
STATUS = SearchParameter("status", "token", "state", "", token({"failed": frozenset({"expired", "lost"})}))
ID = SearchParameter("_id", "token", "id", "", anything)
KNOWN = (PATIENT, SUBJECT, STATUS, ID)


def read(*given, strict=False):
    return understood(KNOWN, given, strict=strict)


def refused(*given, strict=False):
    with pytest.raises(MalformedInputError) as caught:
        read(*given, strict=strict)
    return caught.value.issues[0]


@pytest.mark.parametrize("value", ["p-1", "Patient/p-1", "https://a.example/fhir/Patient/p-1"])
def test_a_reference_is_read_in_all_its_forms(value):
    assert read(("patient", value)).criteria == {"patient": frozenset({"p-1"})}


@pytest.mark.parametrize("value", ["Group/p-1", "Patient/p/1", "urn:uuid:1:2"])
def test_a_reference_to_something_else_matches_nothing(value):
    assert read(("patient", value)).criteria == {"patient": frozenset()}


def test_a_comma_widens_and_a_second_parameter_narrows():
    assert read(("_id", "a,b")).criteria["id"] == {"a", "b"}
    assert read(("_id", "a,b"), ("_id", "b,c")).criteria["id"] == {"b"}
    assert read(("patient", "p"), ("subject", "q")).criteria["patient"] == frozenset()


@pytest.mark.parametrize("value", ["failed", "http://hl7.org/fhir/task-status|failed", "|failed"])
def test_a_code_stands_for_every_state_of_ours_that_it_covers(value):
    assert read(("status", value)).criteria["state"] == {"expired", "lost"}


def test_an_unknown_code_matches_nothing():
    assert read(("status", "lost")).criteria["state"] == frozenset()


def test_an_unknown_parameter_is_passed_over_and_left_out_of_the_self_link():
    query = read(("patient", "p"), ("colour", "red"), ("_format", "json"))

    assert query.used == (("patient", "p"),)
    assert "colour" not in query.criteria


def test_an_unknown_parameter_is_refused_where_the_caller_is_strict():
    assert refused(("colour", "red"), strict=True).expression == "http.colour"


def test_what_only_shapes_the_answer_is_never_unknown():
    assert read(("_format", "json"), ("_pretty", "true"), strict=True).criteria == {}


def test_a_modifier_is_refused_even_where_the_caller_is_not_strict():
    issue = refused(("patient:identifier", "x"))

    assert (issue.code, issue.expression) == ("not-supported", "http.patient:identifier")


@pytest.mark.parametrize("value", ["2512489996", "251248-9996", "urn:oid:1.2.208.176.1.2|2512489996", "p,2512489996"])
def test_a_cpr_number_in_an_address_is_refused_and_not_repeated(value):
    issue = refused(("patient", value))

    assert (issue.code, issue.expression) == ("security", "http.patient")
    assert "251248" not in issue.text


def test_a_name_that_is_no_name_is_not_repeated():
    assert refused(("2512489996", "x"), strict=True).expression == "http"


@pytest.mark.parametrize("value", ["", ",", "a\x00b", "a\nb"])
def test_a_parameter_without_a_usable_value_is_refused(value):
    assert refused(("_id", value)).expression == "http._id"


@pytest.mark.parametrize(("value", "count"), [("0", 0), ("1", 1), ("100", 100), ("101", 100), ("999999999", 100)])
def test_a_count_is_taken_up_to_a_hundred(value, count):
    assert read(("_count", value)).count == count


@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "", "٣", "9999999999"])
def test_a_count_that_is_none_is_refused(value):
    assert refused(("_count", value)).expression == "http._count"


def test_a_page_has_twenty_unless_asked():
    assert read().count == 20


@pytest.mark.parametrize(
    ("given", "with_total"),
    [((), False), ((("_total", "accurate"),), True), ((("_total", "estimate"),), True), ((("_total", "none"),), False),
     ((("_count", "0"),), True)],
    ids=["default", "accurate", "estimate", "none", "count-only"],
)  # fmt: skip
def test_matches_are_counted_only_on_demand(given, with_total):
    assert read(*given).with_total is with_total


def test_an_unknown_kind_of_total_is_refused():
    assert refused(("_total", "all")).expression == "http._total"


def test_a_cursor_names_the_last_match_and_hides_it():
    last = "0192f3a4-7b1c-7c3d-8e2f-012345678901"

    assert last not in cursor(last)
    assert read(("_cursor", cursor(last))).after == last


@pytest.mark.parametrize("value", ["!", "AAAA", "a", "YSBi", "ç"], ids=["sign", "nul", "short", "space", "letter"])
def test_a_cursor_of_somebody_else_is_refused(value):
    assert refused(("_cursor", value)).expression == "http._cursor"
