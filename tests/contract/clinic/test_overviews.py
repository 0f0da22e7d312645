"""The pages of population, programme and monitoring over real HTTP, and the figures as CSV and FHIR."""

import csv
import io
import json
import re

import pytest
from fhir.resources.R4B.measurereport import MeasureReport

from security.actor import Role
from tests.contract.clinic.desk import Desk, words

NANCY = {"identifier": "2512489996", "name": "Nancy Berggren", "package": "KOL"}


@pytest.fixture
def desk(house):
    return Desk(house)


@pytest.fixture
def enrolment_id(house):
    answer = house.call("POST", "/api/v1/enrolments", json=NANCY)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def programme(enrolment_id):
    return f"/clinic/enrolments/{enrolment_id}/programme"


def test_the_population_says_who_is_in_a_package_and_leads_to_the_programme(desk, enrolment_id):
    page = desk.get("/clinic/population")

    assert re.search(r"Nancy Berggren.*251248-xxxx KOL", words(page))
    assert programme(enrolment_id) in page.text
    assert "2512489996" not in page.text
    assert "Der er ingen at vise." in words(desk.get("/clinic/population?package=LRS"))
    assert "Nancy Berggren" in words(desk.get("/clinic/population?standing=no-level"))
    assert "Nancy Berggren" not in words(desk.get("/clinic/population?standing=paused"))


def test_a_programme_pauses_goes_on_and_gets_a_control_month(desk, enrolment_id):
    assert "På pause" in words(desk.post(programme(enrolment_id), do="pause"))
    assert "Nancy Berggren" in words(desk.get("/clinic/population?standing=paused"))
    assert "I gang" in words(desk.post(programme(enrolment_id), do="resume"))

    page = desk.post(programme(enrolment_id), do="month", month="3")

    assert "Forløbet er ændret." in words(page)
    assert re.search(r'value="3" selected', page.text)


def test_a_patient_declines_and_takes_it_back(desk, enrolment_id):
    declined = words(desk.post(programme(enrolment_id), do="declined"))
    assert "Patienten har sagt nej tak til skemaer, oplyst af clinic" in declined

    assert "oplyst af clinic fra" not in words(desk.post(programme(enrolment_id), do="asked-again"))


@pytest.mark.parametrize("do", ["end", "moved", "dead"])
def test_what_cannot_be_taken_back_is_asked_twice(desk, enrolment_id, do):
    refused = desk.post(programme(enrolment_id), do=do)
    assert refused.status_code == 422
    assert "Sæt kryds ved, at du er sikker." in words(refused)

    assert "Slut" in words(desk.post(programme(enrolment_id), do=do, sure="yes"))
    assert desk.post(programme(enrolment_id), do="pause").status_code == 409


@pytest.mark.parametrize(("do", "fields"), [("month", {"month": "13"}), ("channel", {"channel": "pigeon"}), ("x", {})])
def test_what_cannot_be_is_refused_in_words(desk, enrolment_id, do, fields):
    refused = desk.post(programme(enrolment_id), do=do, **fields)

    assert refused.status_code == 422
    assert "Det valgte kan ikke bruges her." in words(refused)


def test_an_administrator_arranges_a_programme_and_sees_neither_population_nor_answers(house, enrolment_id):
    admin = Desk(house, Role.CLINIC_ADMIN)

    assert admin.get(programme(enrolment_id)).status_code == 200
    assert admin.get("/clinic/population").status_code == 403
    assert admin.get("/clinic/monitoring").status_code == 200


def test_the_figures_are_the_same_on_the_page_in_csv_and_in_fhir(desk, enrolment_id):
    page = words(desk.get("/clinic/monitoring"))
    assert "I forløb" in page
    assert "0,0 % (0 af 1)" in page

    csv_file = desk.get("/clinic/monitoring.csv")
    rows = list(csv.DictReader(io.StringIO(csv_file.content.decode("utf-8-sig")), delimiter=";"))
    reports = [json.loads(line) for line in desk.get("/clinic/monitoring.ndjson").text.splitlines()]

    assert csv_file.headers["Content-Disposition"].startswith('attachment; filename="monitoring-')
    told = {(row["package"], row["measure"]): row for row in rows if not row["by"]}
    assert (told["KOL", "level-set"]["part"], told["KOL", "level-set"]["of"]) == ("0", "1")
    assert told["", "alerts"]["value"] == ""
    in_fhir = {
        (group["code"]["text"].replace("all", ""), report["measure"].rpartition("/")[2].partition("|")[0]): group
        for report in reports
        for group in report["group"]
    }
    assert set(in_fhir) == set(told)
    for place, row in told.items():
        counts = [one["count"] for one in in_fhir[place]["population"]]
        assert counts == [int(number) for number in (row["of"], row["part"]) if number], place
        assert ("measureScore" in in_fhir[place]) is bool(row["value"]), place


def test_every_report_is_a_fhir_measure_report(desk, enrolment_id):
    lines = desk.get("/clinic/monitoring.ndjson").text.splitlines()

    assert len(lines) == 11
    for line in lines:
        assert MeasureReport.model_validate_json(line).type == "summary"


@pytest.mark.parametrize("month", ["2025-12", "2999-01", "january"])
def test_a_month_without_figures_is_refused(desk, month):
    assert desk.get(f"/clinic/monitoring?month={month}").status_code == 422
