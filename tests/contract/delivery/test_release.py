"""Nothing coloured leaves before the decision: what every adapter of the installation really sends, byte by byte."""

import json
import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum

import pytest

from app import adapters
from delivery.release import INBOX, POLICIES
from flow.form import PatientForm
from flow.report import enqueue_report
from kernel.settings import Settings
from scoring.decision import Decision
from scoring.levels import Colour, DifferentiationLevel, Urgency
from scoring.result import Score
from scoring.suggestion import Alert
from tests.contract.doors import cat, mmrc
from tests.way import CONTENT, Way

ACCEPTING = json.dumps(
    {"reference": "r-1", "resourceType": "Bundle", "entry": [{"response": {"status": "201", "etag": 'W/"1"'}}]}
)
CHANNELS, PLANS = adapters(Settings.from_env({}))
RESULTS = (Colour, Urgency, DifferentiationLevel, Score, Alert, Decision)
CODES = {value.lower() for kind in (Colour, Urgency) for value in kind}
WORDS = {*CODES, "rød", "gul", "grøn", "røde", "gule", "grønne", "niveau", "level", "band", "colour", "urgency"}


@pytest.fixture
def way(sqlite_store, clock, keyring):
    way = Way(sqlite_store, clock, keyring)
    way.add_clinic()
    return way


@pytest.fixture
def sent(way, answering, recorded):
    """Let the way's dispatch speak through the installation's own adapters to a receiver that keeps what it gets."""
    url = answering(POST=(ACCEPTING, 201, {}), GET=("{}", 404, {}))
    environ = {f"SVARBRO_{name}_URL": url for name in ("WEBPATIENT", "MINLAEGE", "FLP", "LPS")}
    channels, plans = adapters(Settings.from_env(environ))
    way.dispatch = replace(way.dispatch, channels=channels, plans=plans)
    return recorded


def tell(way, enrolled, target=None, channel=None):
    """Put the enrolment on another target or channel, as a clinic's choice of package would."""
    column, value = ("plan_target", target) if target else ("channel", channel)
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql(f"UPDATE enrolment SET {column} = '{value}'")


def empty(way):
    while way.dispatch():
        pass


def coloured(raw):
    """Name what tells of a result in a payload: a word, a label of a band, a reason or an advice of a table."""
    text = raw.decode()
    found = WORDS & set(re.findall(r"\w[\w-]*", text.lower()))
    return found | {label for label in told_by_results() if label in text}


def told_by_results():
    rules = [CONTENT.catalogue.rule_for(one.canonical) for one in CONTENT.questionnaires.all()]
    words = [word for rule in rules for score in rule.scores.values() for word in score.words.values()]
    rows = [row for table in CONTENT.catalogue.tables() for row in table.rows]
    labels = [text.da for word in words for text in (word.clinician, word.patient)]
    return {label for label in (*labels, *(row.outcome.reason.da for row in rows)) if len(label) > 8}


def test_the_policies_name_exactly_the_installed_targets():
    assert set(PLANS) == set(POLICIES)


@pytest.mark.parametrize("target", PLANS)
def test_nothing_coloured_reaches_a_target_before_the_decision(way, sent, target):
    enrolled = way.enrolled()
    tell(way, enrolled, target=target)
    way.open_due()
    way.answer_all(enrolled, points=5, grade=5)
    empty(way)
    with way.look() as tx:
        assert tx.suggestions.newest(enrolled.enrolment_id).alert.colour is not Colour.GREEN
    before = [(path, coloured(raw)) for path, raw in sent]
    sent.clear()
    way.decided(enrolled, "RED", level=3)
    empty(way)

    assert {path for path, found in before if found} == {"lps/v1/inbox"}
    assert any(coloured(raw) for path, raw in sent if "inbox" not in path) or target == INBOX


@pytest.mark.parametrize("target", [target for target in PLANS if target != INBOX])
def test_an_answer_that_came_after_the_decision_is_not_released_with_it(way, sent, target):
    enrolled = way.enrolled()
    way.open_due()
    asked = way.asked(enrolled)
    tell(way, enrolled, target=target)
    way.answer(mmrc(asked["mmrc"].id))
    way.decided(enrolled, "GREEN")
    way.clock.move(seconds=1)
    way.answer(cat(asked["cat"].id))
    with way.store.write(way.system.clinic_id, way.system) as tx:
        newest = tx.decisions.newest(enrolled.enrolment_id)
        enqueue_report(tx, tx.enrolments.get(enrolled.enrolment_id), decision_id=newest.id)
    empty(way)

    told = [raw.decode() for path, raw in sent if "inbox" not in path and "orders" not in path]
    assert told
    assert not [text for text in told if "MCS88137" in text or "CAT-score" in text]


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_is_told_of_a_result(way, sent, channel):
    enrolled = way.enrolled()
    tell(way, enrolled, channel=channel)
    way.open_due()
    empty(way)

    orders = [raw for path, raw in sent if path.endswith("orders")]
    assert len(orders) == (0 if channel == "clinic" else 1)
    assert [coloured(raw) for raw in orders] == [set()] * len(orders)


def test_the_patients_pages_are_given_no_result(way):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    (invitation,) = way.channel.taken.values()
    form = PatientForm(way.store, CONTENT, way.clock, way.receive)
    visit = form.open(invitation.link.rpartition("/")[2])
    before = form.overview(visit)
    way.answer_all(enrolled, points=5, grade=5)

    for overview in (before, form.overview(visit)):
        assert not [value for value in everything_in(overview) if isinstance(value, RESULTS)]


def everything_in(value, seen=None):
    """Walk through a value: every field of every dataclass, every entry of every collection."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    if is_dataclass(value):
        inner = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, dict):
        inner = [*value, *value.values()]
    else:
        inner = list(value) if isinstance(value, tuple | list | frozenset | set) and not isinstance(value, Enum) else []
    for one in inner:
        yield from everything_in(one, seen)
