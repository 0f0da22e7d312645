import pytest

from flow.candidate_import import ImportCandidates
from flow.candidates import Candidates
from flow.entry import Entry
from tests.unit.flow.climbing import WithdrawingChannel, enrolled_with_ladder
from tests.unit.flow.lists import HEADER
from tests.way import CONTENT, Way


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


@pytest.fixture
def bring(way):
    """Bring a population list in, line by line."""

    def bring(*lines, actor=None, **options):
        return ImportCandidates(way.store)(actor or way.system, (HEADER + "".join(lines)).encode(), **options)

    return bring


@pytest.fixture
def candidates(way):
    return Candidates(way.store, way.clock, Entry(CONTENT, frozenset({"webpatient"})))


@pytest.fixture
def answered(way):
    """Enrol a patient who has answered everything once, three points everywhere."""
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled, points=3)
    return enrolled


@pytest.fixture
def phone():
    return WithdrawingChannel("webpatient")


@pytest.fixture
def letter():
    return WithdrawingChannel("letter")


@pytest.fixture
def enrolled(way, phone, letter):
    """Enrol a patient whose invitation is due through the first step of a ladder."""
    return enrolled_with_ladder(way, phone, letter)
