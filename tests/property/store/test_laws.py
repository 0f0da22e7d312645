"""Laws of the store: what goes into a column comes out of it, whatever it is."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.result import RuleVersion
from scoring.suggestion import Alert, MatchedRow, UsedInput
from store.repositories.alert_json import alert_from_json, alert_to_json
from store.types import ExactNumber, UtcDateTime

WORDS = st.text(max_size=20)
TEXTS = st.builds(Text, WORDS, WORDS)
COLOURS, URGENCIES = st.sampled_from(Colour), st.sampled_from(Urgency)
VALUES = st.none() | st.fractions() | WORDS | st.integers().map(str)
INPUTS = st.builds(
    UsedInput, WORDS, VALUES, WORDS, st.none() | WORDS, st.none() | WORDS, st.none() | st.integers(0, 9999)
)
ROWS = st.builds(MatchedRow, WORDS, COLOURS, URGENCIES, TEXTS, TEXTS, WORDS)
ALERTS = st.builds(
    Alert,
    COLOURS,
    URGENCIES,
    st.lists(ROWS, max_size=4).map(tuple),
    TEXTS,
    st.booleans(),
    st.builds(RuleVersion, WORDS, WORDS, WORDS),
    st.sampled_from(["start", "followup"]),
    st.dictionaries(WORDS, INPUTS, max_size=4),
)


@given(ALERTS)
def test_an_alert_comes_back_from_its_json(alert):
    assert alert_from_json(alert_to_json(alert)) == alert


@given(st.fractions())
def test_a_number_comes_back_exactly(number):
    column = ExactNumber()
    stored = column.process_bind_param(number, sqlite.dialect())

    assert stored == str(number)
    assert column.process_result_value(stored, sqlite.dialect()) == number


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1900, 1, 2), max_value=datetime(9998, 1, 1)))  # noqa: DTZ001
def test_a_moment_stays_the_same_moment(at):
    column = UtcDateTime()

    for dialect in (sqlite.dialect(), postgresql.dialect()):
        stored = column.process_bind_param(at, dialect)
        found = column.process_result_value(stored, dialect)
        assert found == at.astimezone(UTC)
        assert found.tzinfo is UTC
