"""The scores of signs, prognosis and pain of the back, against the published rules (docs/clinical/)."""

import pytest

from questionnaires.model import ResponseAnswers
from scoring.scores import score
from tests.unit.scoring.content import CATALOGUE, REGISTRY, numbered, one_score, scored


def flags(score_id, answers):
    return one_score("lrs-flags", score_id, numbered("lrs-flags", answers))


NO = (False,) * 7


@pytest.mark.parametrize(
    ("gate", "weak", "value", "counts"),
    [
        (False, (), 0, (0, 0)),
        (None, (), None, (0, 0)),
        (True, (), None, (0, 4)),
        (True, (False,) * 4, 0, (4, 0)),
        (True, (True, False, False, None), None, (3, 1)),
        (True, (True, False, False, False), 1, (4, 0)),
        (True, (True, True), 2, (2, 2)),
        (True, (True,) * 4, 4, (4, 0)),
    ],
    ids=str,
)
def test_weak_flags_are_zero_and_not_null_when_the_episode_is_not_new(gate, weak, value, counts):
    result = flags("redWeak", (*NO, gate, *weak))

    assert result.value == value
    assert (result.answered, result.missing) == counts
    assert result.estimated is (value is not None and counts[1] > 0)


@pytest.mark.parametrize(
    ("answers", "band", "estimated"),
    [
        ((True,), "yes", True),
        ((False, False, True), "yes", False),
        ((False, False, False), "no", False),
        ((False, None, False), None, False),
        ((), None, False),
    ],
    ids=str,
)
def test_one_sign_of_cauda_equina_is_enough_and_none_needs_every_answer(answers, band, estimated):
    result = flags("cauda", answers)

    assert (result.band, result.estimated) == (band, estimated)


def test_a_strong_flag_is_no_sign_of_cauda_and_the_other_way_round():
    assert flags("redStrong", (True,) * 3 + (False,) * 4).band == "no"
    assert flags("cauda", (False,) * 3 + (True,) * 4).band == "no"
    assert flags("newEpisode", (*NO, True)).band == "yes"


def start(answers):
    return {one.id: one for one in scored("startback", numbered("startback", answers, 1)).scores}


@pytest.mark.parametrize(
    ("answers", "total", "psych", "risk"),
    [
        ((True, True, True, False, False, False, False, False, 2), 3, 0, "low"),
        ((True, True, True, True, False, False, False, False, 2), 4, 0, "medium"),
        ((False, False, False, False, True, True, True, False, 2), 3, 3, "low"),
        ((True, False, False, False, True, True, True, False, 2), 4, 3, "medium"),
        ((False, False, False, False, True, True, True, False, 3), 4, 4, "high"),
        ((False, False, False, False, True, True, True, True, 0), 4, 4, "high"),
        ((True, True, True, True, True, True, True, False, 2), 7, 3, "medium"),
        ((True, True, True, False, False, False, False, False, 3), 4, 1, "medium"),
        ((True, True, True, True, True, True, True, True, 4), 9, 5, "high"),
    ],
    ids=str,
)
def test_start_back_splits_at_total_three_and_psych_four(answers, total, psych, risk):
    result = start(answers)

    assert (result["total"].value, result["psych"].value) == (total, psych)
    assert (result["risk"].band, result["boundsRisk"].band) == (risk, risk)


@pytest.mark.parametrize(("bother", "counts"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1)])
def test_bothersomeness_counts_from_three_up(bother, counts):
    assert start((False,) * 8 + (bother,))["psych"].value == counts


def test_a_gap_in_the_physical_items_leaves_psych_computable():
    result = start((None, *NO[:3], True, True, True, True, 4))

    assert (result["total"].reason, result["psych"].value) == ("too-many-missing", 5)
    assert (result["risk"].band, result["risk"].reason) == (None, "input-missing")
    assert (result["boundsRisk"].band, result["boundsRisk"].estimated) == ("high", True)


def test_the_group_of_all_completions_is_nothing_as_soon_as_they_disagree():
    result = start((True, True, True, *NO[:5], None))

    assert (result["boundsRisk"].band, result["boundsRisk"].reason) == (None, "too-many-missing")


@pytest.mark.parametrize(
    ("points", "band"),
    [
        (0, "none"),
        (1, "mild"),
        (3, "mild"),
        (4, "moderate"),
        (6, "moderate"),
        (7, "severe"),
        (10, "severe"),
        (None, None),
    ],
)
def test_pain_bands_have_their_edges_at_one_four_and_seven(points, band):
    assert one_score("nrs-pain", "score", {"nrs-pain": points}).band == band


@pytest.mark.parametrize("name", ["lrs-flags", "startback", "nrs-pain", "rmdq23", "odi", "psfs", "ompsq10"])
def test_a_form_in_which_everything_is_declined_gives_nothing_at_all(name):
    known = REGISTRY.newest(name)
    declined = ResponseAnswers(known.canonical, "completed", None, {}, frozenset(known.by_link_id))

    result = score(CATALOGUE.rule_for(known.canonical), known, declined)

    assert all(one.value is None and one.band is None and one.reason and not one.estimated for one in result.scores)


def test_loinc_stands_on_the_results_of_start_back_and_on_the_pain_score():
    rule = CATALOGUE.rule_for(REGISTRY.newest("startback").canonical)
    codes = {score_id: code[1] for score_id in rule.scores if (code := rule.code(score_id))}
    pain = CATALOGUE.rule_for(REGISTRY.newest("nrs-pain").canonical).code("score")

    assert codes == {"total": "91351-7", "psych": "91350-9", "risk": "91352-5"}
    assert pain is not None
    assert pain[:2] == ("http://loinc.org", "75893-8")
