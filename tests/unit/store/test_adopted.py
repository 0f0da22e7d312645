"""What a deployment adds to the content: kept whole, newest wording of a language first, one number that grows."""

from datetime import date

import pytest

from kernel.errors import ConflictError
from kernel.ids import new_id
from questionnaires.registry import Registry
from scoring.approval import Approval
from scoring.result import RuleVersion
from store.adopted_at import adopted_at
from store.engine import open_engine
from store.migration import downgrade
from tests.governed import AT, a_licence, a_wording

CAT = Registry.load().newest("cat")
TABLE = RuleVersion("alert/kol", "2.0.0", "a" * 64)


def add(store, record, wording):
    with store.queue() as queue:
        queue.additions.add_licence(record)
        queue.additions.add_wording(wording, record)


def approve(store, by, content=TABLE):
    with store.queue() as queue:
        queue.additions.add_approval(new_id(), Approval(content, by, AT))


def test_nothing_was_added_at_first(store):
    assert store.content_revision() == 0
    assert store.adopted().revision == 0


def test_wording_and_licence_come_back_as_they_went_in(store):
    record = a_licence(expires_on=date(2027, 12, 31))
    wording = a_wording(CAT, record)

    add(store, record, wording)

    adopted = store.adopted()
    assert (adopted.licences, adopted.wordings) == ((record,), (wording,))
    assert adopted.wordings[0].sha256 == wording.sha256
    assert adopted.licence(record.id) == record


def test_the_newest_wording_of_a_language_counts(store):
    older, newer, german = a_licence(), a_licence(), a_licence(language="de")
    for record in (older, newer, german):
        add(store, record, a_wording(CAT, record))

    found = store.adopted().by_language(CAT.canonical)

    assert {language: one.licence_id for language, one in found.items()} == {"da": newer.id, "de": german.id}
    assert list(found) == ["da", "de"]


def test_every_addition_is_counted(store):
    record = a_licence()
    add(store, record, a_wording(CAT, record))
    approve(store, "Lise Holm")

    assert store.content_revision() == store.adopted().revision == 2


def test_the_same_person_approves_a_file_once(store):
    approve(store, "Lise Holm")

    with pytest.raises(ConflictError):
        approve(store, "lise  HOLM")
    approve(store, "Lise Holm", RuleVersion("alert/kol", "2.0.1", "a" * 64))

    assert [one.content.version for one in store.adopted().approvals] == ["2.0.0", "2.0.1"]


def test_a_command_reads_it_from_the_database_alone(store, database_url):
    approve(store, "Lise Holm")

    assert adopted_at(database_url) == store.adopted()


def test_a_database_that_is_not_there_or_not_current_says_nothing(sqlite_url, tmp_path):
    engine = open_engine(sqlite_url)
    downgrade(engine, "0006_records")
    engine.dispose()

    assert adopted_at(sqlite_url) is None
    assert adopted_at(f"sqlite:///{tmp_path}/none.sqlite") is None
    assert not (tmp_path / "none.sqlite").exists()
