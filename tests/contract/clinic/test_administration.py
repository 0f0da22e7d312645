"""The pages of administration over real HTTP: what the commands arrange, arranged by the clinic's administrator."""

import re
from datetime import timedelta

import pytest

from delivery.outbox import MessageState
from delivery.recurrence import danish_date
from security.actor import Actor, Role
from tests.contract.clinic.desk import Desk, words
from tests.contract.clinic.refusing import refuse

PAGE = "/clinic/administration"


@pytest.fixture
def admin(house):
    return Desk(house, Role.CLINIC_ADMIN, name="Adam Bak, administrator")


def day(house, days):
    return (danish_date(house.services.clock.now()) + timedelta(days=days)).isoformat()


def test_an_administrator_is_led_to_what_there_is_to_arrange_and_clinicians_find_no_door(house, admin):
    home = admin.get("/clinic/")
    assert home.url.endswith(PAGE)
    linked = set(re.findall(rf'href="({PAGE}/\w+)"', home.text))
    assert linked == {f"{PAGE}/{page}" for page in ("staff", "hours", "delivery", "content", "simulation", "outbox")}

    for role in (Role.CLINICIAN, Role.CLINIC_STAFF):
        desk = Desk(house, role)
        assert {desk.get(address).status_code for address in (PAGE, *linked)} == {403}


def test_a_delegation_is_written_in_and_binds_the_nurse(house, admin):
    doctor, other = Desk(house).person, Desk(house, name="Lars Juhl, læge").person
    nurse = Desk(house, Role.CLINIC_STAFF, name="Nete Bruun, sygeplejerske")
    order = {"clinician": doctor.id, "delegate": nurse.person.id, "until": day(house, 30)}

    refused = admin.post(f"{PAGE}/staff", **order, terms=" ")
    assert (refused.status_code, "Skriv, hvad der må besluttes" in words(refused)) == (422, True)
    given = words(admin.post(f"{PAGE}/staff", **order, terms="Grønne uden ændring"))

    assert "Nete Bruun, sygeplejerske beslutter på vegne af Lise Holm, læge til og med" in given
    sessions = house.services.use_cases.staff_sessions
    named = sessions.clinicians(Actor(Role.CLINIC_STAFF, nurse.person.id, house.one.clinic_id))
    assert [one.id for one in named] == [doctor.id]
    assert other.id not in {one.id for one in named}
    (delegation_id,) = re.findall(r'name="end" value="([^"]+)"', admin.get(f"{PAGE}/staff").text)
    assert "Delegationen er taget tilbage." in words(admin.post(f"{PAGE}/staff", end=delegation_id))


def test_somebody_is_signed_out_everywhere(house, admin):
    doctor = Desk(house)
    assert doctor.get("/clinic/").url.endswith("/clinic/")

    assert "logget ud overalt" in words(admin.post(f"{PAGE}/staff", **{"sign-out": doctor.person.id}))

    assert doctor.get("/clinic/").url.endswith("/clinic/login")


def test_hours_weekdays_and_closures_are_set(house, admin):
    address = f"{PAGE}/hours"
    saved = admin.post(address, do="hours", opens="8.30", closes="16:00", weekday=["1", "3"])
    closed = admin.post(address, do="close", first=day(house, 3), last=day(house, 5))

    assert (saved.status_code, "Gemt." in words(closed)) == (200, True)
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        window = tx.window
    assert (window.opens, window.closes, window.weekdays) == (510, 960, frozenset({1, 3}))
    assert [one.isoformat() for one in sorted(window.closed)] == [day(house, n) for n in (3, 4, 5)]

    admin.post(address, do=day(house, 4))

    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        assert [one.isoformat() for one in tx.clinics.closures()] == [day(house, 3), day(house, 5)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "hours", "opens": "16:00", "closes": "8:00", "weekday": ["1"]}, "skal åbne, før den lukker"),
        ({"do": "hours", "opens": "otte", "closes": "8:00", "weekday": ["1"]}, "skal åbne, før den lukker"),
        ({"do": "hours", "opens": "8", "closes": "24:01", "weekday": ["1"]}, "skal åbne, før den lukker"),
        ({"do": "hours", "opens": "8:00", "closes": "24:00"}, "Vælg mindst én ugedag."),
        ({"do": "close", "first": "2027-02-01", "last": "2027-01-31"}, "højst et år imellem"),
        ({"do": "close", "first": "2027-02-01", "last": "2028-02-02"}, "højst et år imellem"),
        ({"do": "close", "first": "snart"}, "højst et år imellem"),
    ],
    ids=["backwards", "words", "past midnight", "no day", "ends before", "more than a year", "no day at all"],
)
def test_hours_and_closures_that_cannot_be_are_refused_in_words(admin, fields, said):
    refused = admin.post(f"{PAGE}/hours", **fields)

    assert (refused.status_code, said in words(refused)) == (422, True)


def test_a_ladder_and_who_is_told_of_a_red_are_set(house, admin):
    doctor, address = Desk(house).person, f"{PAGE}/delivery"
    steps = {"channel-0": "webpatient", "days-0": "10", "channel-2": "clinic", "days-2": ""}

    admin.post(address, package="KOL", **steps)
    page = admin.post(address, person=doctor.id, minutes="90")

    assert "Gemt." in words(page)
    do, operator = house.services.use_cases, Actor(Role.OPERATOR, "test", house.one.clinic_id)
    assert [(one.channel, one.wait_days) for one in do.ladder.shown(operator)["KOL"]] == [
        ("webpatient", 10),
        ("clinic", None),
    ]
    chosen = do.escalation.shown(operator)
    assert (chosen.person.id, chosen.decided_minutes, chosen.is_own) == (doctor.id, 90, True)
    for fields, said in (
        ({"package": "KOL", "channel-0": "clinic", "days-0": "x"}, "hele tal over 0"),
        ({"package": "KOL", "channel-0": "clinic", "channel-1": "clinic"}, "én gang"),
        ({"person": "", "minutes": "0"}, "fra 1 til"),
    ):
        refused = admin.post(address, **fields)
        assert (refused.status_code, said in words(refused)) == (422, True)


def test_content_says_what_may_be_used_and_a_table_is_tried(house, admin):
    page = words(admin.get(f"{PAGE}/content"))
    assert re.search(r"CAT[^.]* cat 2\.0\.0 [0-9a-f]{12} Kræver aftale med ejeren\.", page)
    assert "KOL: hvem skal kontaktes kol 2.0.0" in page
    assert "Må kun bruges her, fordi det er en demo. Ingen har godkendt den." in page

    tried = admin.get(f"{PAGE}/simulation?table=alert/kol|2.0.0")

    assert "0 af 0 forløb ville have fået en anden farve" in words(tried)
    assert "Af 100 opdigtede patienter" in words(tried)
    assert admin.get(f"{PAGE}/simulation?table=alert/none|1.0.0").status_code == 200


def test_what_is_stuck_is_sent_again_or_given_up_with_a_reason(house, admin):
    identity = {"identifier": "2512489996", "name": "Nancy Berggren", "package": "KOL"}
    assert house.call("POST", "/api/v1/enrolments", json=identity).status_code == 201
    do, operator = house.services.use_cases, Actor(Role.OPERATOR, "test", house.one.clinic_id)
    do.open_due()
    refuse(house, "webpatient")
    address = f"{PAGE}/outbox"
    page = admin.get(address)
    (message_id,) = set(re.findall(r'name="message" value="([^"]+)"', page.text))
    assert "Besked til patienten, WebPatient : kunne ikke leveres." in words(page)
    assert "Berggren" not in page.text

    refused = admin.post(address, message=message_id, do="cancel", reason=" ")
    assert (refused.status_code, "Skriv en begrundelse" in words(refused)) == (422, True)
    assert "Intet er gået i stå." in words(admin.post(address, message=message_id, do="retry"))
    assert do.operate.trace(operator, message_id).message.state is MessageState.DUE
    assert "Det er noteret." in words(admin.post(address, message=message_id, do="cancel", reason="Ringet op."))
    again = admin.post(address, message=message_id, do="retry")

    assert (again.status_code, "Den er allerede på vej" in words(again)) == (409, True)
