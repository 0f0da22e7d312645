"""RESCORE: new scores for stored answers, on both databases; nothing is lost, and nothing is done twice."""

import json
from datetime import timedelta

import pytest

from flow.rescore import RescoreOrder, RescoreResponses
from kernel.errors import AccessError, ContentError
from kernel.ids import Canonical, ResponseId
from security.actor import Role
from tests.builders import (
    CAT,
    KOL_STATUS,
    OTHER_CLINIC_ID,
    RAW,
    a_request,
    a_response,
    a_scored,
    an_actor,
    an_occasion,
)
from tests.stored import store_asked
from tests.tampering import tampering
from tests.way import CONTENT

OLD = "0" * 64
PSFS = Canonical("https://svarbro.example/fhir/Questionnaire/psfs|2.0.0")
OPERATOR = an_actor(Role.OPERATOR)


class BrokenError(Exception):
    """The run was killed."""


@pytest.fixture
def answered(way):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled, points=3, grade=2)
    return enrolled


def by_an_older_rule(way, *, where="1 = 1", value="7"):
    """Make the stored scores look as an older rule left them."""
    with tampering(way.store) as connection:
        connection.exec_driver_sql(
            f"UPDATE score SET rule_version = '1.9.0', rule_sha256 = '{OLD}', value = '{value}' "
            f"WHERE value IS NOT NULL AND {where}"
        )
        connection.exec_driver_sql(f"UPDATE score SET rule_version = '1.9.0', rule_sha256 = '{OLD}' WHERE {where}")


def rescore(way, *, chunk=5_000, told=None, **order):
    run = RescoreResponses(way.store, CONTENT, chunk)
    return run(OPERATOR, RescoreOrder(**order), told=told or (lambda done, every: None))


def responses(way):
    """Return the current responses by questionnaire."""
    with way.look() as tx:
        rows = tx.scope.connection.exec_driver_sql("SELECT id, questionnaire FROM response").all()
        return {row.questionnaire: tx.responses.get(ResponseId(row.id)) for row in rows}


def filed(way, response):
    with way.look() as tx:
        return tx.scores.filed(response.id)


def test_scores_are_those_of_todays_rule_under_the_same_ids_and_the_old_ones_are_kept(way, answered, clock):
    cat_response = responses(way)[CAT]
    (before,) = filed(way, cat_response)
    by_an_older_rule(way)
    clock.move(days=40)

    outcome = rescore(way)

    (after,) = filed(way, cat_response)
    assert (after.id, after.score, after.rule) == (before.id, before.score, before.rule)
    assert after.rescored_at == clock.now()
    with way.look() as tx:
        ((rule, until),) = tx.rescoring.earlier(cat_response.id)
        old = tx.scope.connection.exec_driver_sql("SELECT value FROM score_history WHERE score_id = 'catTotal'").all()
    assert (rule.id, rule.version, rule.sha256, until) == ("cat", "1.9.0", OLD, clock.now())
    assert [row.value for row in old] == ["7"]
    assert outcome.responses[CAT] == 1
    assert outcome.changed == len(outcome.responses)


def test_suggestions_and_decisions_stay_as_they_were_made(way, answered):
    with way.look() as tx:
        before = tx.suggestions.of_enrolment(answered.enrolment_id)
    by_an_older_rule(way)

    rescore(way)

    with way.look() as tx:
        assert tx.suggestions.of_enrolment(answered.enrolment_id) == before


def test_a_second_run_finds_nothing_to_do(way, answered):
    by_an_older_rule(way)
    rescore(way)
    told = []

    again = rescore(way, told=lambda done, every: told.append((done, every)))

    assert (dict(again.responses), again.changed, told) == ({}, 0, [])


def test_a_run_that_was_killed_goes_on_where_it_was(way, answered):
    by_an_older_rule(way)
    every = len(responses(way))

    def kill_after_two(done, _every):
        if done == 2:
            raise BrokenError

    with pytest.raises(BrokenError):
        rescore(way, chunk=1, told=kill_after_two)
    told = []
    rest = rescore(way, chunk=1, told=lambda done, every: told.append((done, every)))

    assert sum(rest.responses.values()) == every - 2
    assert told == [(done, every - 2) for done in range(1, every - 1)]
    with way.look() as tx:
        assert tx.scope.connection.exec_driver_sql("SELECT count(*) FROM score WHERE rescored_at IS NULL").scalar() == 0


def test_only_the_named_questionnaires_and_days_are_scored_again(way, answered, clock):
    by_an_older_rule(way)
    received = responses(way)[CAT].received_at

    late = rescore(way, since=received + timedelta(seconds=1))
    one = rescore(way, questionnaires=(KOL_STATUS,))
    rest = rescore(way, since=received)

    assert dict(late.responses) == {}
    assert set(one.responses) == {KOL_STATUS}
    assert CAT in rest.responses
    assert KOL_STATUS not in rest.responses


def test_another_clinic_is_left_alone(way, answered):
    elsewhere = store_asked(way.store, OTHER_CLINIC_ID)
    response = a_response(elsewhere.request, vector={f"cat-{n}": 3 for n in range(1, 9)})
    with way.store.write(OTHER_CLINIC_ID, elsewhere.actor) as tx:
        tx.responses.add(response, RAW)
        tx.scores.add(response, a_scored())
        before = tx.scores.filed(response.id)

    assert dict(rescore(way).responses) == {}

    with way.store.read(OTHER_CLINIC_ID, elsewhere.actor) as tx:
        assert tx.scores.filed(response.id) == before
        assert tx.rescoring.earlier(response.id) == ()


def test_a_result_that_stays_is_not_counted_as_changed(way, answered):
    by_an_older_rule(way, where="score_id <> 'catTotal'", value="0")
    by_an_older_rule(way, where="score_id = 'catTotal'", value="24")

    outcome = rescore(way, questionnaires=(CAT,))

    assert (outcome.responses[CAT], outcome.changed) == (1, 0)


def test_a_rule_of_another_hash_is_another_rule_even_under_the_same_version(way, answered):
    with tampering(way.store) as connection:
        connection.exec_driver_sql(f"UPDATE score SET rule_sha256 = '{OLD}' WHERE score_id = 'catTotal'")

    assert dict(rescore(way).responses) == {CAT: 1}
    assert dict(rescore(way).responses) == {}


def test_a_score_that_the_new_rule_does_not_know_goes_to_the_history_and_a_new_one_comes(way, answered):
    by_an_older_rule(way)
    cat_response = responses(way)[CAT]
    with tampering(way.store) as connection:
        connection.exec_driver_sql("UPDATE score SET score_id = 'catSum' WHERE score_id = 'catTotal'")

    outcome = rescore(way, questionnaires=(CAT,))

    assert [one.score.id for one in filed(way, cat_response)] == ["catTotal"]
    assert outcome.changed == 1
    with way.look() as tx:
        assert len(tx.rescoring.earlier(cat_response.id)) == 1


def test_a_response_that_no_rule_has_scored_is_scored(way, answered):
    cat_response = responses(way)[CAT]
    with tampering(way.store) as connection:
        connection.exec_driver_sql("DELETE FROM score WHERE score_id = 'catTotal'")

    outcome = rescore(way)

    (one,) = filed(way, cat_response)
    assert (one.score.value, one.rescored_at) == (24, None)
    assert (dict(outcome.responses), outcome.changed) == ({CAT: 1}, 0)


def test_a_withdrawn_response_keeps_the_scores_that_it_had(way, answered):
    by_an_older_rule(way)
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE response SET status = 'entered-in-error'")

    assert dict(rescore(way).responses) == {}


def test_where_free_text_decides_what_was_asked_the_bytes_are_read(way, answered):
    response = store_psfs(way)

    outcome = rescore(way, questionnaires=(PSFS,))

    scores = {one.score.id: one.score for one in filed(way, response)}
    assert outcome.responses[PSFS] == 1
    assert (scores["mean"].value, scores["mean"].answered, scores["mean"].missing) == (4, 1, 1)


def store_psfs(way):
    """Store a response with two named activities, of which one is rated."""
    system = "https://svarbro.example/fhir/CodeSystem/psfs"
    raw = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": PSFS,
        "status": "completed",
        "item": [
            {"linkId": "psfs-1-activity", "answer": [{"valueString": "gå"}]},
            {"linkId": "psfs-1-rating", "answer": [{"valueCoding": {"system": system, "code": "4"}}]},
            {"linkId": "psfs-2-activity", "answer": [{"valueString": "løfte"}]},
        ],
    }
    patient_ref = responses(way)[CAT].patient_ref
    occasion = an_occasion(patient_ref)
    request = a_request(occasion, PSFS, id=responses(way)[CAT].request_id)
    response = a_response(request, vector={"psfs-1-rating": 4}, version=2)
    with way.store.write(OPERATOR.clinic_id, OPERATOR) as tx:
        tx.responses.add(response, json.dumps(raw).encode())
    return response


def test_the_run_is_in_the_audit_with_its_patients(way, answered):
    by_an_older_rule(way)
    rescore(way, questionnaires=(CAT,))

    with way.look() as tx:
        rows = tx.scope.connection.exec_driver_sql(
            "SELECT entity, purpose FROM audit_event WHERE action = 'rescore'"
        ).all()
    assert [tuple(row) for row in rows] == [("Questionnaire/cat-2.0.0", "operation")]


def test_who_does_not_operate_does_not_rescore(sqlite_store):
    run = RescoreResponses(sqlite_store, CONTENT)

    for role in set(Role) - {Role.OPERATOR, Role.WORKER}:
        with pytest.raises(AccessError):
            run(an_actor(role), RescoreOrder(), told=lambda done, every: None)


def test_a_questionnaire_without_a_rule_is_an_error(way):
    with pytest.raises(ContentError):
        rescore(way, questionnaires=("https://svarbro.example/fhir/Questionnaire/mood|1.0.0",))


def test_answers_that_were_changed_behind_the_scores_are_found_by_scoring_again(way, answered):
    run = RescoreResponses(way.store, CONTENT)
    cat_response = responses(way)[CAT]
    before = run.compare(OPERATOR)
    with way.store.queue() as queue:
        changed = "REPLACE(CAST(vector AS TEXT), '\"cat-1\": 3', '\"cat-1\": 4')"
        as_json = f"CAST({changed} AS JSON)" if queue.connection.dialect.name == "postgresql" else changed
        queue.connection.exec_driver_sql(f"UPDATE response SET vector = {as_json} WHERE id = '{cat_response.id}'")

    after = run.compare(OPERATOR)

    assert (before.responses > 1, before.different) == (True, None)
    assert after.different == cat_response.id
