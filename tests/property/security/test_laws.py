"""Laws of the vault, the links and the identifiers, over generated input."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError, UnauthenticatedError
from security.cpr import parse_identifier
from security.keys import KeyRing, new_webhook_secret
from security.vault import SealBrokenError, blind_index, new_data_key, open_sealed, seal
from security.webhooks import verify

KEY = new_data_key()
INDEX_KEY = KeyRing.generate().index_key
SECRET = new_webhook_secret()


@given(content=st.binary(), place=st.text(st.characters(codec="utf-8")))
def test_sealing_and_opening_give_the_content_back(content, place):
    assert open_sealed(KEY, seal(KEY, content, place), place) == content


@given(sealed=st.binary())
def test_what_nobody_sealed_never_opens(sealed):
    with pytest.raises(SealBrokenError):
        open_sealed(KEY, sealed, "place")


@given(text=st.text())
def test_any_text_is_an_identifier_in_normal_form_or_refused(text):
    try:
        identifier = parse_identifier(text)
    except InvalidInputError:
        return
    assert parse_identifier(identifier.value) == identifier
    assert len(identifier.value) == 10


@given(born=st.dates(datetime(1858, 1, 1).date(), datetime(2057, 12, 31).date()), serial=st.integers(0, 999))  # noqa: DTZ001
def test_every_birth_date_of_two_centuries_has_a_number(born, serial):
    # The CPR office's table: seventh digits that may stand for a birth year.
    seventh = next(
        digit
        for digit, first, last in ((0, 1900, 1999), (4, 1937, 2036), (5, 1858, 1899), (5, 2000, 2057))
        if first <= born.year <= last
    )
    number = f"{born:%d%m}{born.year % 100:02}{seventh}{serial:03}"

    assert parse_identifier(number).value == number


@given(st.lists(st.tuples(st.sampled_from(["c1", "c2"]), st.sampled_from(["cpr", "x-ecpr"]), st.text(max_size=10))))
def test_different_people_have_different_indexes(people):
    indexes = {blind_index(INDEX_KEY, *person) for person in people if "\x00" not in person[2]}

    assert len(indexes) == len({person for person in people if "\x00" not in person[2]})


@given(
    st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()), st.binary()
)
def test_any_headers_of_a_stranger_are_refused_and_nothing_else_happens(headers, body):
    with pytest.raises(UnauthenticatedError):
        verify([SECRET], headers, body, now=datetime(2027, 1, 11, tzinfo=UTC))
