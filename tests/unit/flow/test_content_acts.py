"""Acts on the content of a deployment: wording and licence come in, people approve, tables are tried out."""

import json
from dataclasses import replace
from datetime import date

import pytest

from delivery.content import Content
from flow.content_approve import ApproveContent
from flow.content_file import read_grant, read_wording_list
from flow.content_list import awaiting, line_as_json, list_content, not_sendable
from flow.content_simulate import SimulateTable
from flow.content_wording import ImportWording, WordingFile
from kernel.errors import ConflictError, ContentError, InvalidInputError
from questionnaires.wording import Place
from scoring.levels import Colour
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, an_actor
from tests.governed import GRANT, PEOPLE, a_list
from tests.released import RELEASED
from tests.stored import store_clinic
from tests.way import CONTENT, Way

CAT = CONTENT.released.questionnaires.newest("cat")
TODAY = date(2027, 1, 11)
LICENCE = {
    "instrument": "cat",
    "version": "2.0.0",
    "languages": ["da"],
    "holder": "Ejeren",
    "grant": "A-1",
    "grantedOn": "2027-01-01",
    "terms": "Ejerens ord.",
}


@pytest.fixture
def content():
    return Content(RELEASED, governed=True)


@pytest.fixture
def use_case(sqlite_store, content, clock):
    return ImportWording(sqlite_store, content, clock)


@pytest.fixture
def bring(use_case):
    def imported(raw=None, *, is_fhir=False, questionnaire="cat", language=None, **grant):
        file = WordingFile(raw or a_list(CAT), is_fhir, questionnaire, language)
        return use_case(file, replace(GRANT, **grant), "Lise Holm")

    return imported


@pytest.fixture
def approve(sqlite_store, content, clock):
    return ApproveContent(sqlite_store, content, clock)


def rules(refused):
    return {(issue.expression, issue.rule) for issue in refused.value.issues}


def audited(store, clinic_id):
    with store.read(clinic_id, an_actor(clinic_id=clinic_id)) as tx:
        return [(event.action, event.entity) for event in tx.audit.events() if event.purpose == "setup"]


def test_wording_comes_in_as_a_list_with_its_licence(bring, content, sqlite_store):
    store_clinic(sqlite_store)

    (wording,) = bring()

    assert content.questionnaires.newest("cat").items[0].text.da == "ejer: cat-1, text"
    record = content.adopted.licence(wording.licence_id)
    assert (record.instrument, record.version, record.language, record.recorded_by) == (
        "cat",
        "2.0.0",
        "da",
        "Lise Holm",
    )
    assert audited(sqlite_store, CLINIC_ID) == [("import-wording", "Wording/cat-2.0.0/da")]


def test_wording_comes_in_as_a_questionnaire_in_each_of_its_languages(bring, content):
    danish, english = bring(CAT.source, is_fhir=True, questionnaire=CAT.canonical)

    assert (danish.language, english.language) == ("da", "en")
    assert danish.licence_id != english.licence_id
    assert content.questionnaires.newest("cat").items[0].text == CAT.items[0].text


def test_a_list_that_changes_more_than_texts_changes_nothing(bring, content, sqlite_store):
    with pytest.raises(InvalidInputError) as refused:
        bring(a_list(CAT, cat_9__text="ny", cat_1__option_7="ny").replace(b"option-7", b"option:7"))

    assert rules(refused) == {("cat-9, text", "added-item"), ("cat-1, option:7", "added-option")}
    assert sqlite_store.content_revision() == 0


@pytest.mark.parametrize("name", ["dog", "cat|9.0.0"])
def test_a_questionnaire_that_is_not_known_is_refused(bring, name):
    with pytest.raises(InvalidInputError, match="Name the questionnaire"):
        bring(questionnaire=name)


@pytest.mark.parametrize(
    ("grant", "rule"),
    [
        ({"instrument": "ccq"}, ("instrument", "another-instrument")),
        ({"version": "9.0.0"}, ("version", "another-version")),
        ({"languages": ("en",)}, ("languages", "language")),
        ({"expires_on": date(2026, 12, 31)}, ("expiresOn", "days")),
    ],
)
def test_a_licence_for_something_else_is_refused(bring, grant, rule):
    with pytest.raises(InvalidInputError) as refused:
        bring(**grant)

    assert rules(refused) == {rule}


def test_a_licence_may_end_on_the_day_on_which_it_begins(bring):
    assert bring(expires_on=GRANT.granted_on, instrument="cat", version="2.0.0", languages=("da",))


def test_the_template_has_a_line_for_each_place_and_is_read_back_as_a_list(use_case):
    template = use_case.template("cat", "de")

    assert read_wording_list(template.encode())["de"][Place("cat-1", "low")] == ""
    assert template.splitlines()[:2] == ["linkId;element;language;text", ";title;de;"]


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"linkId;element;language;text\n", ("line 1", "empty")),
        (b"linkId;element;language;text\ncat-1;;da;x\n", ("line 2, element", "empty")),
        (b"linkId;element;language;text\ncat-1;text;;x\n", ("line 2, language", "empty")),
        (b"linkId;element;language;text\n;title;da;x\n;title;da;y\n", ("line 3, element", "doubled")),
        (b"linkId;element;text\n;title;x\n", ("line 1, language", "missing-column")),
    ],
)
def test_a_list_with_faults_is_refused_line_by_line(raw, rule):
    with pytest.raises(InvalidInputError) as refused:
        read_wording_list(raw)

    assert rule in rules(refused)


def test_a_licence_file_says_what_was_granted():
    grant = read_grant(json.dumps({**LICENCE, "expiresOn": "2027-12-31"}).encode(), "licence.json")

    assert (grant.granted_on, grant.expires_on, grant.languages) == (date(2027, 1, 1), date(2027, 12, 31), ("da",))
    assert read_grant(json.dumps({**LICENCE, "expiresOn": None}).encode(), "licence.json").expires_on is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"grantedOn": "1. januar"}, "grantedOn: a day"), ({"price": 1}, "price"), ({"holder": ""}, "holder")],
)
def test_a_licence_file_with_a_fault_names_the_field(changed, said):
    with pytest.raises(ContentError, match=said):
        read_grant(json.dumps({**LICENCE, **changed}).encode(), "licence.json")


def test_two_people_approve_a_table_and_every_clinic_can_read_who(approve, content, sqlite_store):
    for clinic_id in (CLINIC_ID, OTHER_CLINIC_ID):
        store_clinic(sqlite_store, clinic_id)

    first = approve("alert/kol|2.0.0", "Lise Holm")
    second = approve("alert/kol|2.0.0", "Nete  Bruun")

    assert (first.may_be_used, second.may_be_used) == (False, True)
    assert second.by == ("Lise Holm", "Nete Bruun")
    assert not content.awaits_approval(content.catalogue.table("alert/kol").version)
    for clinic_id in (CLINIC_ID, OTHER_CLINIC_ID):
        assert audited(sqlite_store, clinic_id) == [("approve", "Content/alert/kol|2.0.0")] * 2


def test_one_person_does_not_approve_twice(approve, content):
    approve("kol|2.1.0", "Lise Holm")

    with pytest.raises(ConflictError, match="another person"):
        approve("kol|2.1.0", " LISE holm")

    assert content.programme_awaits(content.programmes.get("kol", "2.1.0"))


@pytest.mark.parametrize("name", ["", "   ", "Lise 2512489996", "x" * 101])
def test_who_approves_is_named(approve, name):
    with pytest.raises(InvalidInputError, match="Name the person"):
        approve("kol|2.1.0", name)


@pytest.mark.parametrize("name", ["kol", "cat|2.0.0", "kol|9.0.0"])
def test_only_an_exact_table_or_programme_is_approved(approve, name):
    with pytest.raises(InvalidInputError, match=r"alert/kol\|2\.0\.0"):
        approve(name, "Lise Holm")


def told(content):
    lines = [line_as_json(line) for line in list_content(content, TODAY)]
    return {(line["kind"], line["id"], line["version"]): line for line in lines}


def test_every_content_file_is_listed_with_version_hash_approval_and_licence(approve, bring, content):
    bring(expires_on=date(2027, 12, 31))
    approve("kol|2.1.0", "Lise Holm")

    lines = told(content)

    assert lines["programme", "kol", "2.1.0"]["approval"] == {"by": ["Lise Holm"], "needed": 2, "mayBeUsed": False}
    cat = lines["questionnaire", "cat", "2.0.0"]
    assert (cat["sendable"], cat["whyNotSendable"], cat["licence"]["need"]) == (True, None, "agreement")
    assert (cat["licence"]["languages"], cat["licence"]["record"]["expiresOn"]) == (["da"], "2027-12-31")
    odi = lines["questionnaire", "odi", "2.0.0"]
    assert (odi["sendable"], odi["whyNotSendable"], odi["licence"]["record"]) == (False, "no-licence", None)
    assert lines["questionnaire", "hlq", "2.0.0"]["whyNotSendable"] == "scoring-not-verified"
    assert lines["questionnaire", "mmrc", "2.0.0"]["sendable"]
    assert all(len(str(line["sha256"])) == 64 for line in lines.values())
    assert {kind for kind, _, _ in lines} >= {"questionnaire", "rule", "derived", "table", "programme", "licences"} - {
        "licences"
    }
    assert ("questionnaires", "licences", "1.0.0") in lines


def test_what_keeps_a_deployment_from_sending_is_told(approve, content):
    assert dict(not_sendable(content, TODAY)).keys() == {"cat-2.0.0", "startback-2.0.0", "rmdq23-2.0.0"}
    assert "kol|2.1.0" in awaiting(content)
    for person in PEOPLE:
        approve("kol|2.1.0", person)

    assert "kol|2.1.0" not in awaiting(content)
    assert (not_sendable(CONTENT, TODAY), awaiting(CONTENT)) == ((), ())


def table_with(**changed):
    """Make a table as the shipped one, with another colour for some of its rows."""
    table = CONTENT.catalogue.table("alert/kol")
    rows = tuple(
        replace(row, outcome=replace(row.outcome, colour=changed.get(row.outcome.id, row.outcome.colour)))
        for row in table.rows
    )
    return replace(table, rows=rows, version=replace(table.version, version="9.0.0"))


@pytest.fixture
def answered(sqlite_store, clock, keyring):
    """One patient with two occasions: a very high CAT at first, a low one after a decision."""
    way = Way(sqlite_store, clock, keyring)
    way.add_clinic()
    enrolled = way.enrolled()
    for points in (5, 0):
        way.open_due()
        way.answer_all(enrolled, points=points)
        way.decided(enrolled, "YELLOW", level=2)
        clock.move(days=190)
    return way


def test_the_table_in_use_changes_nothing_when_it_is_replayed(answered):
    found = SimulateTable(answered.store, CONTENT)(CONTENT.catalogue.table("alert/kol"), "alert/kol")

    assert dict(found.occasions) == {(Colour.YELLOW, Colour.YELLOW): 1, (Colour.GREEN, Colour.GREEN): 1}
    assert dict(found.newest) == {(Colour.GREEN, Colour.GREEN): 1}


def test_another_table_shows_who_would_change_in_counts_alone(answered):
    ticks: list[int] = []

    found = SimulateTable(answered.store, CONTENT)(table_with(K11=Colour.RED), "alert/kol", ticks.append)

    assert dict(found.occasions) == {(Colour.YELLOW, Colour.RED): 1, (Colour.GREEN, Colour.GREEN): 1}
    assert ticks == [1]


def test_answers_that_another_table_was_walked_for_are_left_out(answered):
    assert dict(SimulateTable(answered.store, CONTENT)(table_with(), "alert/lrs").occasions) == {}


def test_a_simulation_changes_nothing_but_leaves_its_trace(answered):
    with answered.look() as tx:
        before = tx.suggestions.of_enrolment(tx.enrolments.all(1)[0].id)

    SimulateTable(answered.store, CONTENT)(table_with(), "alert/kol")

    with answered.look() as tx:
        assert tx.suggestions.of_enrolment(tx.enrolments.all(1)[0].id) == before
        assert [one.entity for one in tx.audit.events() if one.action == "simulate"] == ["Content/alert/kol|9.0.0"]
