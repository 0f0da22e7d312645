"""Which version of a table counts: the one that is named, a preferred one, or the newest."""

from dataclasses import replace

import pytest

from kernel.errors import ContentError
from scoring.catalogue import Catalogue
from scoring.rule_set import RuleSet
from scoring.table_set import TableSet, newest_of
from tests.unit.scoring.content import CATALOGUE

KOL, LRS, NEEDS = CATALOGUE.table("alert/kol"), CATALOGUE.table("alert/lrs"), CATALOGUE.needs()
RULES = RuleSet({}, CATALOGUE.newest_rules())


def of_version(table, version):
    return replace(table, version=replace(table.version, version=version))


def by_key(*tables):
    return {(one.version.id, one.version.version): one for one in tables}


TABLES = TableSet(
    by_key(of_version(KOL, "2.0.0"), of_version(LRS, "2.0.0"), of_version(KOL, "2.0.1"), of_version(KOL, "2.0.2")),
    by_key(of_version(NEEDS, "2.0.0"), of_version(NEEDS, "2.0.1")),
)


def found(tables, table_id="alert/kol", version=None):
    return newest_of(tables.alerts, table_id, version).version.version


def test_without_a_preference_the_newest_counts():
    assert found(TABLES) == "2.0.2"
    assert found(TABLES, version="2.0.0") == "2.0.0"
    assert found(TABLES, "alert/lrs") == "2.0.0"


@pytest.mark.parametrize(
    ("preferred", "counts"),
    [(("2.0.0",), "2.0.0"), (("2.0.1",), "2.0.1"), (("2.0.0", "2.0.1"), "2.0.1"), ((), "2.0.2"), (("9.9.9",), "2.0.2")],
    ids=str,
)
def test_a_preferred_version_counts_before_newer_ones_and_of_several_the_newest(preferred, counts):
    preferring = TABLES.preferring(lambda version: version.version in preferred)

    assert found(preferring) == counts
    assert found(preferring, version="2.0.2") == "2.0.2"
    assert found(preferring, "alert/lrs") == "2.0.0"
    assert newest_of(preferring.needs, "needs/generic", None).version.version == min(counts, "2.0.1")


def test_a_table_is_preferred_by_its_own_id_and_hash():
    preferring = TABLES.preferring(lambda version: version.id == "needs/generic" and version.version == "2.0.0")

    assert found(preferring) == "2.0.2"
    assert newest_of(preferring.needs, "needs/generic", None).version.version == "2.0.0"


def test_a_catalogue_that_prefers_keeps_its_rules_and_all_its_tables():
    catalogue = Catalogue(RULES, TABLES)

    preferring = catalogue.preferring(lambda version: version.version == "2.0.0")

    assert (catalogue.table("alert/kol").version.version, catalogue.needs().version.version) == ("2.0.2", "2.0.1")
    assert preferring.needs("needs/generic", "2.0.1").version.version == "2.0.1"
    assert (preferring.table("alert/kol").version.version, preferring.needs().version.version) == ("2.0.0", "2.0.0")
    assert preferring.newest_rules() == catalogue.newest_rules()
    assert len(preferring.tables()) == len(catalogue.tables()) == 4
    assert len(preferring.needs_tables()) == 2


@pytest.mark.parametrize(
    ("table_id", "version", "told"),
    [
        ("alert/other", None, "no table alert/other in version any"),
        ("alert/kol", "1.0.0", "no table alert/kol in version 1.0.0"),
    ],
)
def test_a_table_that_is_not_there_is_named(table_id, version, told):
    with pytest.raises(ContentError) as caught:
        newest_of(TABLES.alerts, table_id, version)

    assert caught.value.text == told
