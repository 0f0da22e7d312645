"""Content in force: the released files, with what a deployment approved and imported."""

from datetime import UTC, date, datetime

import pytest

from delivery.adopted import Adopted
from delivery.asking import asker_of, asking_of
from delivery.content import Content
from delivery.in_force import version_of
from delivery.sendable import WhyNot
from kernel.errors import ContentError
from kernel.ids import PatientRef
from questionnaires.wording import UsedWording
from scoring.approval import Approval
from tests.builders import a_series, an_enrolment
from tests.governed import a_licence, a_wording
from tests.released import RELEASED

AT = datetime(2027, 1, 11, tzinfo=UTC)
TODAY = date(2027, 1, 11)
ENROLMENT = an_enrolment(PatientRef("p"), programme="kol", programme_version="2.1.0")


def approved(*versions, people=("Lise Holm", "Nete Bruun")):
    return tuple(Approval(version, person, AT) for version in versions for person in people)


def governed(adopted=None):
    content = Content(RELEASED, governed=True)
    content.adopt(adopted or Adopted())
    return content


def programmes(content, *ids):
    return [version_of(content.programmes.newest(one)) for one in ids]


def licensed(content, name, **licence):
    questionnaire = content.released.questionnaires.newest(name)
    record = a_licence(name, **licence)
    return record, a_wording(questionnaire, record)


def test_in_demo_everything_is_sendable_and_nothing_awaits_approval():
    content = Content(RELEASED)

    assert content.held(TODAY) == frozenset()
    assert not content.programme_awaits(content.programmes.newest("kol"))
    assert not content.awaits_approval(content.catalogue.table("alert/kol").version)


@pytest.mark.parametrize(
    ("licence", "why"),
    [
        ({}, None),
        ({"expires_on": TODAY}, None),
        ({"expires_on": date(2027, 1, 10)}, WhyNot.EXPIRED),
        ({"granted_on": date(2027, 1, 12)}, WhyNot.NOT_YET),
        ({"language": "en"}, WhyNot.NO_LICENCE),
    ],
    ids=["without-end", "last-day", "day-after", "day-before", "another-language"],
)
def test_an_instrument_is_sent_with_danish_wording_under_a_licence_that_holds(licence, why):
    content = governed()
    record, wording = licensed(content, "cat", **licence)
    content.adopt(Adopted(1, licences=(record,), wordings=(wording,)))
    cat = content.questionnaires.newest("cat")

    assert content.why_not_sendable(cat, TODAY) == why
    assert (cat.canonical in content.held(TODAY)) is (why is not None)


def test_an_instrument_of_our_own_is_sent_without_any_licence():
    content = governed()

    assert content.are_sendable(["kol-status", "mmrc", "shk-draft", "psfs", "nrs-pain", "lrs-flags"], TODAY)
    assert not content.are_sendable(["kol-status", "cat"], TODAY)


def test_imported_wording_is_shown_and_named_and_the_definition_is_left_alone():
    content = governed()
    record, wording = licensed(content, "cat")
    content.adopt(Adopted(1, licences=(record,), wordings=(wording,)))
    cat = content.questionnaires.newest("cat")

    assert cat.items[0].text.da == "ejer: cat-1, text"
    assert b'"licensed"' in cat.source
    assert record.holder.encode() in cat.source
    assert content.wording(cat.canonical) == (UsedWording("da", wording.sha256, record.id),)
    assert content.released.questionnaires.newest("cat").items[0].text.da != cat.items[0].text.da
    assert content.questionnaires.newest("mmrc") is content.released.questionnaires.newest("mmrc")
    assert content.wording(content.questionnaires.newest("mmrc").canonical) == ()


def test_wording_in_another_language_alone_names_its_own_licence():
    content = governed()
    record, wording = licensed(content, "mmrc", language="de", holder="Der Rechteinhaber")
    content.adopt(Adopted(1, licences=(record,), wordings=(wording,)))

    assert b"Der Rechteinhaber" in content.questionnaires.newest("mmrc").source


def test_a_programme_may_be_used_with_two_approvals_of_its_very_bytes():
    content = governed()
    (kol,) = programmes(content, "kol")
    content.adopt(Adopted(1, approvals=approved(kol, people=("Lise Holm",))))
    assert content.programme_awaits(content.programmes.newest("kol"))

    content.adopt(Adopted(2, approvals=approved(kol)))

    assert not content.programme_awaits(content.programmes.newest("kol"))


def test_an_approved_version_is_used_until_a_newer_one_is_approved():
    content = governed()
    older = content.programmes.get("kol", "2.0.0")

    content.adopt(Adopted(1, approvals=approved(version_of(older))))

    assert content.programmes.newest("kol") is older
    assert content.programmes.get("kol", "2.1.0").version == "2.1.0"


def asking(content, on=TODAY, enrolment=ENROLMENT, **series):
    given = {"occasion_kind": "periodic", "programme_version": enrolment.programme_version, **series}
    return asking_of(content, enrolment, a_series(enrolment.id, **given), on)


def test_in_demo_the_programme_itself_asks():
    found = asking(Content(RELEASED))

    assert (found.programme.id, found.by, found.ask) == ("kol", None, ("kol-status", "mmrc", "cat"))


def test_while_a_licence_is_missing_the_variant_asks_and_then_the_programme_again():
    content = governed()
    approvals = approved(*programmes(content, "kol", "kol-free"))
    record, wording = licensed(content, "cat", expires_on=date(2027, 1, 31))
    content.adopt(Adopted(1, approvals))
    before = asking(content)
    content.adopt(Adopted(2, approvals, (record,), (wording,)))

    assert (before.by, before.ask) == ("kol-free|2.0.0", ("kol-status", "mmrc"))
    assert asking(content).by is None
    assert asking(content, date(2027, 2, 1)).by == "kol-free|2.0.0"


def test_a_variant_needs_approval_too():
    content = governed()
    content.adopt(Adopted(1, approved(*programmes(content, "kol"))))

    assert asking(content) is None


def test_a_programme_that_awaits_approval_asks_nothing_itself():
    content = governed()
    content.adopt(Adopted(1, approved(*programmes(content, "kol-free"))))

    assert asking(content, occasion_kind="needs-yearly").by == "kol-free|2.0.0"


def test_what_the_variant_does_not_know_waits():
    content = governed()
    content.adopt(Adopted(1, approved(*programmes(content, "lrs", "lrs-free"))))
    lrs = an_enrolment(PatientRef("p"), package="LRS", programme="lrs", programme_version="2.0.0")

    assert asking(content, enrolment=lrs, occasion_kind="start-function") is None
    assert asking(content, enrolment=lrs, occasion_kind="start").slots["function"] == "psfs"


def test_what_an_occasion_had_no_room_for_is_asked_by_the_programme_that_wanted_it_or_waits():
    content = governed()
    content.adopt(Adopted(1, approved(*programmes(content, "kol", "kol-free"))))

    assert asking(content, ask=("cat",)) is None
    assert asking(content, ask=("shk-draft",)).by is None


def test_who_asked_is_known_from_the_slot():
    content = Content(RELEASED)

    own, variant = asker_of(content, ENROLMENT, None), asker_of(content, ENROLMENT, "kol-free|2.0.0")

    assert (own.programme.version, own.slots) == ("2.1.0", ENROLMENT.slots)
    assert asker_of(content, ENROLMENT, None, "2.0.0").programme.version == "2.0.0"
    assert (variant.programme.id, dict(variant.slots)) == ("kol-free", {"healthLiteracy": "shk-draft"})
    with pytest.raises(ContentError):
        asker_of(content, ENROLMENT, "kol-free|9.0.0")
