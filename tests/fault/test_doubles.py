"""The same answer twice, and fifty times at once: one response, one score each, one report."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from flow.enrol import EnrolmentOrder
from tests.contract.doors import BODIES, PERSONS, House, cat, served

CAT_ALONE = {"response": 1, "score": 1, "suggestion": 1}


@pytest.fixture
def house(tmp_path, database_url):
    with served(tmp_path, database_url) as house:
        yield house


def reports(house: House) -> int:
    with house.services.store.queue() as queue:
        statement = "SELECT count(*) FROM outbox WHERE kind = 'plan-report'"
        return int(queue.connection.exec_driver_sql(statement).scalar_one())


def test_fifty_posts_of_one_response_at_once_give_one_response_one_score_and_one_report(house):
    raw = json.dumps(cat(house.asked(house.enrol())["cat"].id)).encode()

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda _: house.post("/fhir/QuestionnaireResponse", raw), range(50)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 49 + [201]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert {table: house.counted(table) for table in CAT_ALONE} == CAT_ALONE
    assert reports(house) == 1


def test_fifty_different_answers_to_one_request_at_once_leave_exactly_one(house):
    request_id = house.asked(house.enrol())["cat"].id
    bodies = [cat(request_id, authored=f"2026-11-20T09:30:{second:02}+01:00") for second in range(50)]

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda body: house.post("/fhir/QuestionnaireResponse", body), bodies))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert {table: house.counted(table) for table in CAT_ALONE} == CAT_ALONE
    assert reports(house) == 1


def test_all_questionnaires_of_an_occasion_answered_at_once_end_in_one_complete_suggestion(house):
    enrolled = house.enrol()
    asked = house.asked(enrolled)
    bodies = [BODIES[name](request.id) for name, request in asked.items()]

    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: house.post("/fhir/QuestionnaireResponse", body), bodies))

    assert [answer.status_code for answer in answers] == [201] * len(bodies)

    with house.services.store.read(house.one.clinic_id, house.one.doctor) as tx:
        newest = tx.suggestions.newest(enrolled.enrolment_id)
        assert newest is not None
        assert (newest.n, newest.complete) == (4, True)
        assert all(not request.state.is_open for request in tx.requests.of_occasion(asked["cat"].occasion_id))


def test_two_workers_never_open_two_occasions_for_one_patient(house):
    house.services.use_cases.enrol(house.one.system, EnrolmentOrder(*PERSONS[0], "KOL"))

    with ThreadPoolExecutor(8) as pool:
        opened = sum(pool.map(lambda _: house.services.use_cases.open_due(), range(8)))

    assert opened == 1
    assert house.counted("occasion") == 1
    assert house.counted("request") == 4
