"""The page of candidates over real HTTP: several ordered at once, or left out with a reason, by a named clinician."""

import re
from datetime import timedelta

import pytest

from delivery.candidate import CandidateState
from delivery.recurrence import danish_date
from security.actor import Role
from tests.contract.clinic.desk import TOKEN, Desk, words

PAGE = "/clinic/candidates"
LIST = """identifier;name;package;diagnosis;own_patient
2512489996;Nancy Berggren;KOL;R95;ja
0104909995;Sverre Mosebryggeren;KOL;R95;nej
3001749995;Niels Vendelboe;KOL;R91;ja
"""
CHOICE = re.compile(r'name="candidate" value="([^"]+)"(?:[^>]*)><span>(\w+)')


@pytest.fixture
def clinician(house):
    house.services.use_cases.import_candidates(house.one.system, LIST.encode())
    return Desk(house)


def choices(desk):
    return {name: candidate_id for candidate_id, name in CHOICE.findall(desk.get(PAGE).text)}


def send(desk, names, do, **fields):
    known = choices(desk)
    return desk.post(PAGE, candidate=[known[name] for name in names], do=do, **fields)


def stored(house, state):
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        today = danish_date(house.services.clock.now())
        return tx.candidates.listed(state, review_by=today, limit=9)


def enrolments(house):
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        return tx.enrolments.all(9)


def later(house, days=30):
    return (danish_date(house.services.clock.now()) + timedelta(days=days)).isoformat()


def test_the_page_names_candidate_package_diagnosis_and_the_day_of_the_list(clinician):
    page = words(clinician.get(PAGE))

    assert re.search(r"Niels Vendelboe 300174-xxxx , KOL KOL R91 \d+\. \w+ \d{4} kl\. \d\d\.\d\d", page)
    assert page.count("Står ikke som jeres egen patient på listen.") == 1
    assert "2512489996" not in clinician.get(PAGE).text


def test_several_are_ordered_at_once_and_leave_the_list(house, clinician):
    answer = send(clinician, ["Nancy", "Sverre"], "order")

    assert "Forløb begyndt: 2" in words(answer)
    assert len(enrolments(house)) == 2
    assert set(choices(clinician)) == {"Niels"}
    assert {one.assessed_name for one in stored(house, CandidateState.ORDERED)} == {"Lise Holm, læge"}


def test_several_are_left_out_with_a_reason_and_a_day(house, clinician):
    answer = send(clinician, ["Nancy", "Sverre"], "exclude", reason="Følges på hospitalet.", review_on=later(house))

    assert "Udeladt med din begrundelse: 2" in words(answer)
    left_out = stored(house, CandidateState.EXCLUDED)
    assert {(one.reason, one.assessed_name) for one in left_out} == {("Følges på hospitalet.", "Lise Holm, læge")}
    assert enrolments(house) == ()


def test_who_was_left_out_comes_back_on_the_day_with_the_reason(house, clinician):
    send(clinician, ["Nancy"], "exclude", reason="Følges på hospitalet.", review_on=later(house, 2))
    assert "Nancy" not in choices(clinician)

    house.travel(days=3)

    page = words(clinician.get(PAGE))
    assert re.search(r"Udeladt af Lise Holm, læge til \d+\. \w+ \d{4}: Følges på hospitalet\.", page)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": " ", "review_on": "2999-01-01"}, "Skriv en begrundelse"),
        ({"reason": "x" * 501, "review_on": "2999-01-01"}, "Skriv en begrundelse"),
        ({"reason": "Følges andetsteds."}, "Vælg en dato efter i dag."),
        ({"reason": "Følges andetsteds.", "review_on": "2999-02-30"}, "Vælg en dato efter i dag."),
        ({"reason": "Følges andetsteds.", "review_on": "2020-01-01"}, "Vælg en dato efter i dag."),
    ],
    ids=["no reason", "too long", "no day", "no such day", "a day that passed"],
)
def test_without_a_reason_or_a_later_day_nobody_is_left_out_and_what_was_entered_stays(house, clinician, fields, told):
    answer = send(clinician, ["Nancy"], "exclude", **fields)

    assert (answer.status_code, told in words(answer)) == (422, True)
    assert re.search(r'name="candidate" value="[^"]+"[^>]* checked><span>Nancy', answer.text)
    assert fields["reason"].strip() in answer.text
    assert stored(house, CandidateState.EXCLUDED) == ()


@pytest.mark.parametrize("do", ["order", "exclude"])
def test_nobody_chosen_is_told(house, clinician, do):
    answer = clinician.post(PAGE, do=do)

    assert (answer.status_code, "Vælg mindst én patient." in words(answer)) == (422, True)


def test_a_nurse_orders_only_on_behalf_of_a_clinician(house, clinician):
    nurse = Desk(house, Role.CLINIC_STAFF, name="Nete Bruun, sygeplejerske")

    refused = send(nurse, ["Nancy"], "order")
    assert (refused.status_code, "Vælg den læge, du handler på vegne af." in words(refused)) == (422, True)
    refused = send(nurse, ["Nancy"], "order", on_behalf_of="somebody")
    assert (refused.status_code, enrolments(house)) == (422, ())
    send(nurse, ["Nancy"], "order", on_behalf_of=clinician.person.id)

    (ordered,) = stored(house, CandidateState.ORDERED)
    assert (ordered.assessed_name, ordered.on_behalf_of) == ("Nete Bruun, sygeplejerske", clinician.person.id)


def test_who_was_enrolled_meanwhile_is_counted_and_not_enrolled_again(house, clinician):
    known = choices(clinician)
    house.enrol()

    ordered = clinician.post(PAGE, candidate=[known["Nancy"]], do="order")

    assert "Var i forløbet i forvejen: 1" in words(ordered)
    assert len(enrolments(house)) == 1


def test_who_was_enrolled_meanwhile_is_not_left_out_but_the_others_are(house, clinician):
    known = choices(clinician)
    house.enrol()
    both = [known["Nancy"], known["Sverre"]]

    answer = clinician.post(PAGE, candidate=both, do="exclude", reason="Følges andetsteds.", review_on=later(house))

    assert "Udeladt med din begrundelse: 1" in words(answer)
    assert "Var kommet i forløb eller havde forladt klinikken imens: 1" in words(answer)


def test_another_clinic_and_an_administrator_reach_nobody(house, clinician):
    known = choices(clinician)
    stranger, admin = Desk(house, tenant=house.other), Desk(house, Role.CLINIC_ADMIN)

    assert "Ingen venter." in words(stranger.get(PAGE))
    assert stranger.post(PAGE, candidate=[known["Nancy"]], do="order").status_code == 404
    assert admin.get(PAGE).status_code == 403
    assert admin.post(PAGE, candidate=[known["Nancy"]], do="order").status_code == 403
    assert clinician.post(PAGE, token="", candidate=[known["Nancy"]], do="order").status_code == 400
    assert enrolments(house) == ()


def test_made_up_counts_in_the_address_say_nothing_that_a_page_would_not(clinician):
    page = clinician.get(PAGE + "?ordered=x&left=-3&already=0&foreign=<b>").text

    assert 'role="status"' not in page


def bring(desk, text):
    page = desk.get(PAGE).text
    (token,) = set(TOKEN.findall(page))
    files = {"list": ("list.csv", text.encode())}
    return desk.http.post(desk.address + f"{PAGE}/list", data={"csrf_token": token}, files=files, timeout=30)


def test_a_list_is_brought_in_on_the_page_and_what_speaks_against_a_patient_stands_there(house):
    desk = Desk(house)
    told = words(bring(desk, LIST + "0201609995;Einer Lauridsen;;A01;ja\n"))

    assert "Nye kandidater: 3" in told
    assert "Passer ikke til nogen pakkes diagnoser: 1" in told
    assert "Diagnosen står ikke i profilen for KOL." in told
    assert told.count("Står ikke som jeres egen patient på listen.") == 1


def test_a_faulty_list_is_told_line_by_line_and_nobody_becomes_a_candidate(house):
    desk = Desk(house)
    answer = bring(desk, LIST + "99;Bo;KOL;R95;ja\n")

    assert answer.status_code == 422
    assert "Linje 5, identifier: Nummeret er ikke et CPR-nummer" in words(answer)
    assert choices(desk) == {}
    assert "Vælg en fil." in words(desk.post(f"{PAGE}/list"))


def test_all_who_fit_the_profile_are_chosen_by_one_link_and_nobody_else(clinician):
    page = clinician.get(f"{PAGE}?choose=fitting").text

    assert re.findall(r'name="candidate"[^>]* checked><span>(\w+)', page) == ["Nancy"]
