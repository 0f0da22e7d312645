"""A cohort file, field by field: what it says is what is drawn, and what does not fit is named."""

import hashlib
import json
from fractions import Fraction
from random import Random

import pytest

from kernel.errors import ContentError
from scoring.cohort import Cohort, Draw, Observed, Rates
from scoring.cohort_file import load_cohorts
from scoring.cohort_models import Always, Counted, Measured, Signs
from scoring.result import RuleVersion

MEASURED = {
    "score": "cat.catTotal",
    "model": "measured",
    "mean": 15.5,
    "spread": 7,
    "truth": [1, 38],
    "error": 2.5,
    "range": [0, 40],
}
COUNTED = {
    "score": "mmrc.mrc",
    "model": "counted",
    "weights": {"1": 0.25, "2": 0.75},
    "up": 0.5,
    "down": 0.125,
    "range": [1, 5],
}
SIGNS = {"score": "kol-status.danger", "model": "signs", "items": 3, "chance": 0.25, "counts": True}
GATED = {"score": "kol-status.more", "model": "signs", "items": 1, "chance": 1, "onlyIf": "kol-status.danger"}
ALWAYS = {"score": "shk.colour", "model": "always", "value": "green"}
FILE = {
    "id": "small",
    "version": "1.0.0",
    "status": "test",
    "approval": {"state": "draft"},
    "sheet": "none",
    "sources": ["none"],
    "licence": "none",
    "what": "nothing",
    "tables": ["alert/one", "alert/other"],
    "slots": {"burden": "cat"},
    "phase": "followup",
    "patients": 1000,
    "quickPatients": 100,
    "seed": 2026,
    "scores": [MEASURED, COUNTED, SIGNS, GATED, ALWAYS],
    "published": {"alert/one": {"yellowOrRed": 15.1, "red": 0.78}},
}


def write(directory, fields):
    raw = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
    (directory / "small-1.0.0.json").write_bytes(raw)
    return raw


def loaded(directory, **changes) -> Cohort:
    write(directory, {**FILE, **changes})
    (cohort,) = load_cohorts(directory)
    return cohort


def refusal(directory, **changes) -> str:
    write(directory, {**FILE, **changes})
    with pytest.raises(ContentError) as caught:
        load_cohorts(directory)
    return caught.value.text


def test_a_cohort_is_what_its_file_says(tmp_path):
    raw = write(tmp_path, FILE)

    (cohort,) = load_cohorts(tmp_path)

    assert cohort.version == RuleVersion("small", "1.0.0", hashlib.sha256(raw).hexdigest())
    assert (cohort.tables, cohort.phase) == (("alert/one", "alert/other"), "followup")
    assert cohort.slots == {"burden": "cat"}
    assert (cohort.patients, cohort.quick, cohort.seed) == (1000, 100, 2026)
    assert cohort.published == {"alert/one": Rates(Fraction("15.1"), Fraction("0.78"))}


def test_each_score_has_its_model_in_the_order_of_the_file(tmp_path):
    models = loaded(tmp_path).models

    assert list(models) == ["cat.catTotal", "mmrc.mrc", "kol-status.danger", "kol-status.more", "shk.colour"]
    assert models["cat.catTotal"] == Measured(15.5, 7.0, (1, 38), 2.5, (0, 40))
    assert models["mmrc.mrc"] == Counted({1: 0.25, 2: 0.75}, 0.5, 0.125, (1, 5))
    assert models["kol-status.danger"] == Signs(3, 0.25, counts=True, only_if="")
    assert models["kol-status.more"] == Signs(1, 1.0, counts=False, only_if="kol-status.danger")
    assert models["shk.colour"] == Always("green")


def test_a_cohort_without_slots_has_none(tmp_path):
    assert loaded(tmp_path, slots=None).slots == {}


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ({**ALWAYS, "value": 3}, Always(3)),
        ({**ALWAYS, "value": "1/2"}, Always(Fraction(1, 2))),
        ({**SIGNS, "items": 1, "chance": 0}, Signs(1, 0.0, counts=True)),
        ({**COUNTED, "up": 1, "down": 0, "range": [2, 2]}, Counted({1: 0.25, 2: 0.75}, 1.0, 0.0, (2, 2))),
        ({**COUNTED, "weights": {"0": 0, "4": 1}}, Counted({0: 0.0, 4: 1.0}, 0.5, 0.125, (1, 5))),
        ({**MEASURED, "mean": 0, "error": 0, "truth": [0, 0]}, Measured(0.0, 7.0, (0, 0), 0.0, (0, 40))),
    ],
    ids=["number", "fraction", "never", "one end", "nought", "no error"],
)
def test_a_model_takes_its_numbers_up_to_their_ends(tmp_path, model, found):
    assert loaded(tmp_path, scores=[model]).models == {model["score"]: found}


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ({**MEASURED, "model": "guessed"}, "model: one of measured, counted, signs, always is expected"),
        ({**MEASURED, "mean": -0.001}, "mean: a number from 0 is expected"),
        ({**MEASURED, "spread": "7"}, "spread: a number from 0 is expected"),
        ({**MEASURED, "error": False}, "error: a number from 0 is expected"),
        ({**MEASURED, "truth": [38, 1]}, "truth: lowest and highest is expected"),
        ({**MEASURED, "truth": [1]}, "truth: lowest and highest is expected"),
        ({**MEASURED, "range": [0, 20, 40]}, "range: lowest and highest is expected"),
        ({**COUNTED, "up": 1.001}, "up: a chance from 0 to 1 is expected"),
        ({**COUNTED, "down": -0.001}, "down: a number from 0 is expected"),
        ({**COUNTED, "range": None}, "range: a list of whole numbers is expected"),
        ({**COUNTED, "weights": {"1": 0.5, "2": 0.499}}, "weights: numbers whose shares add up to 1 are expected"),
        ({**COUNTED, "weights": {"1": 0.5, "few": 0.5}}, "weights: numbers whose shares add up to 1 are expected"),
        ({**COUNTED, "weights": {"1": 1.5}}, "weights.1: a chance from 0 to 1 is expected"),
        ({**SIGNS, "items": 0}, "items: a whole number from 1 is expected"),
        ({**SIGNS, "chance": 1.001}, "chance: a chance from 0 to 1 is expected"),
        ({**SIGNS, "counts": "yes"}, "counts: true or false is expected"),
        ({**SIGNS, "onlyIf": "cat.catTotal"}, "onlyIf: one of  is expected"),
        ({**ALWAYS, "value": True}, "value: a whole number is expected"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_a_model_cannot_be_is_named(tmp_path, model, told):
    where = "small-1.0.0.json.scores[0]"

    assert refusal(tmp_path, scores=[model]) == f"{where}.{told}"


@pytest.mark.parametrize("model", [MEASURED, COUNTED, SIGNS, ALWAYS], ids=lambda one: one["model"])
def test_a_model_takes_no_field_of_another(tmp_path, model):
    assert refusal(tmp_path, scores=[{**model, "more": 1}]) == "small-1.0.0.json.scores[0]: unknown field more"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"patients": 0}, ".patients: a whole number from 1 is expected"),
        ({"quickPatients": 0}, ".quickPatients: a whole number from 1 is expected"),
        ({"seed": "2026"}, ".seed: a whole number is expected"),
        ({"tables": []}, ".tables: a list of texts is expected"),
        ({"phase": ""}, ".phase: a text is expected"),
        ({"slots": {"burden": 3}}, ".slots.burden: a text is expected"),
        ({"published": None}, ".published: an object is expected"),
        ({"published": {"alert/one": {"yellowOrRed": 1}}}, ".published.alert/one.red: a number from 0 is expected"),
        ({"published": {"alert/one": {"red": 1}}}, ".published.alert/one.yellowOrRed: a number from 0 is expected"),
        (
            {"published": {"alert/one": {"yellowOrRed": 1, "red": 1, "green": 1}}},
            ".published.alert/one: unknown field green",
        ),
        ({"sources": None}, ".sources: a list of texts is expected"),
        ({"approval": {"state": "fine"}}, ".approval.state: one of draft, approved is expected"),
        ({"more": 1}, ": unknown field more"),
        ({"version": "1.0.1"}, ": the file must be called small-1.0.1.json"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_a_cohort_cannot_be_is_named(tmp_path, changes, told):
    assert refusal(tmp_path, **changes) == f"small-1.0.0.json{told}"


def test_one_patient_is_enough(tmp_path):
    cohort = loaded(tmp_path, patients=1, quickPatients=1)

    assert (cohort.patients, cohort.quick) == (1, 1)


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "small-1.0.0.json").write_bytes(b"{")

    with pytest.raises(ContentError, match=r"^small-1\.0\.0\.json: The body is not JSON"):
        load_cohorts(tmp_path)


def draw(shift=0, before=None):
    return Draw(Random(1), 200, shift, before or {})


def test_always_gives_the_same_to_each_patient():
    found = Always("green").observe(draw(shift=3))

    assert found.baseline == found.last == found.now == ["green"] * 200


def test_without_spread_and_error_each_observation_is_the_truth_and_a_shift_is_seen_now_only():
    found = Measured(10.0, 0.0, (0, 40), 0.0, (0, 40)).observe(draw(shift=3))

    assert (set(found.baseline), set(found.last), set(found.now)) == ({10}, {10}, {13})


@pytest.mark.parametrize(
    ("truth", "ends", "shift", "now"),
    [((12, 40), (0, 40), 0, 12), ((0, 8), (0, 40), 0, 8), ((0, 40), (0, 9), 0, 9), ((0, 40), (11, 40), -5, 11)],
    ids=["lowest truth", "highest truth", "highest seen", "lowest seen"],
)
def test_truth_and_what_is_seen_are_cut_at_their_ends(truth, ends, shift, now):
    assert set(Measured(10.0, 0.0, truth, 0.0, ends).observe(draw(shift)).now) == {now}


@pytest.mark.parametrize(
    ("up", "down", "shift", "last", "now"),
    [(0.0, 0.0, 0, 2, 2), (1.0, 0.0, 0, 3, 3), (0.0, 1.0, 0, 1, 1), (0.0, 0.0, 2, 2, 4), (1.0, 0.0, 9, 3, 5)],
    ids=["exact", "one more", "one less", "shifted", "at the end"],
)
def test_a_count_is_told_exactly_or_one_off(up, down, shift, last, now):
    found = Counted({2: 1.0}, up, down, (1, 5)).observe(draw(shift))

    assert (set(found.baseline), set(found.last), set(found.now)) == ({last}, {last}, {now})


@pytest.mark.parametrize(
    ("chance", "counts", "told"), [(1.0, True, 3), (0.0, True, 0), (1.0, False, "yes"), (0.0, False, "no")]
)
def test_signs_are_counted_or_any_of_them(chance, counts, told):
    found = Signs(3, chance, counts=counts).observe(draw())

    assert {*found.baseline, *found.last, *found.now} == {told}


def test_signs_are_asked_only_where_their_gate_is_open():
    yes, no = ["yes"] * 200, ["no"] * 200
    gates = {"g": Observed(yes, no, yes)}

    found = Signs(2, 1.0, counts=True, only_if="g").observe(draw(before=gates))

    assert (set(found.baseline), set(found.last), set(found.now)) == ({2}, {0}, {2})


def test_a_count_is_drawn_by_its_weights():
    found = Counted({1: 0.75, 2: 0.0, 3: 0.25}, 0.0, 0.0, (0, 5)).observe(Draw(Random(1), 20_000, 0, {}))

    shares = [list(found.now).count(number) / 20_000 for number in (1, 2, 3)]
    assert shares == pytest.approx([0.75, 0.0, 0.25], abs=0.015)


def test_signs_follow_the_binomial_shares():
    """Two items, each yes in half the patients: none, one and two in 1/4, 1/2 and 1/4 of them."""
    found = Signs(2, 0.5, counts=True).observe(Draw(Random(1), 20_000, 0, {}))

    shares = [list(found.now).count(number) / 20_000 for number in (0, 1, 2)]
    assert shares == pytest.approx([0.25, 0.5, 0.25], abs=0.015)
