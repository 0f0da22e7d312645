"""A third package, type-2 diabetes for demonstration only: added by files alone, from form to programme."""

import json
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from delivery.programme import PROGRAMMES, Programmes
from kernel.ids import Canonical, OccasionId, ResponseId
from questionnaires.model import Text
from questionnaires.plain import read_plain
from questionnaires.registry import DEFINITIONS, Registry
from scoring.catalogue import HERE, Catalogue
from scoring.cohort import measure, refuse_above_ceiling
from scoring.cohort_file import COHORTS, cohort_of, load_cohorts
from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.history import History, PastDecision, PastResponse
from scoring.levels import Colour
from scoring.scores import score
from scoring.timeline import Moment, inputs_for, needs_inputs

FILES = Path(__file__).parents[2] / "fixtures" / "t2d"
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
EARLIER = datetime(2027, 1, 1, 12, tzinfo=UTC)


def with_part(directory):
    """Write the next version of the needs table, which has the package's part too."""
    part = json.loads((FILES / "needs-part.json").read_bytes())
    fields = json.loads((HERE / "tables/needs-generic-2.0.0.json").read_bytes())
    fields |= {"version": "2.1.0"}
    fields["inputs"].append(part["input"])
    fields["parts"]["t2d"] = [part["dimension"]]
    fields["vectors"].append(part["vector"])
    (directory / "tables/needs-generic-2.1.0.json").write_text(json.dumps(fields), encoding="utf-8")


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    """Lay the package's files beside the shipped ones."""
    home = tmp_path_factory.mktemp("content")
    for shipped, name in ((DEFINITIONS, "definitions"), (COHORTS, "cohorts"), (PROGRAMMES, "programmes")):
        copytree(shipped, home / name)
        copytree(FILES / name, home / name, dirs_exist_ok=True)
    for name in ("rules", "tables"):
        copytree(HERE / name, home / name)
        copytree(FILES / name, home / name, dirs_exist_ok=True)
    with_part(home)
    return home


@pytest.fixture(scope="module")
def registry(deployment):
    return Registry.load(deployment / "definitions")


@pytest.fixture(scope="module")
def catalogue(registry, deployment):
    return Catalogue.load(registry, deployment)


def answered(registry, catalogue, name, at, **answers):
    form = registry.newest("t2d-status")
    given = {f"t2d-status-{number[1:]}": answer for number, answer in answers.items()}
    scored = score(catalogue.rule_for(form.canonical), form, read_plain(registry.plan(form.canonical), given))
    return PastResponse(
        id=ResponseId(name),
        questionnaire=Canonical(form.canonical),
        questionnaire_id=form.id,
        occasion_id=OccasionId(name),
        answered_at=at,
        scores={one.id: one for one in scored.scores},
    )


def test_its_programme_is_loaded_beside_the_others(deployment, registry, catalogue):
    programmes = Programmes.load(deployment / "programmes", registry=registry, catalogue=catalogue)

    programme = programmes.newest("t2d")
    assert (programme.package, programme.alert, programme.needs) == ("T2D", "alert/t2d", "t2d")
    assert programme.asks("start", programme.slot_choice()) == ("t2d-status", "shk-draft")
    assert programme.asks("periodic", {}) == ("t2d-status",)
    assert {one.id for one in programmes.all()} == {"kol", "kol-free", "lrs", "lrs-free", "t2d"}


@pytest.mark.parametrize(
    ("now", "colour", "rows"),
    [
        ({"_1": False, "_2": 1, "_3": 4}, Colour.GREEN, ["D99"]),
        ({"_1": True, "_2": 1, "_3": 4}, Colour.RED, ["D01"]),
        ({"_1": False, "_2": 4, "_3": 4}, Colour.YELLOW, ["D02"]),
        ({"_1": False, "_2": 1, "_3": 7}, Colour.YELLOW, ["D03"]),
        ({"_2": 1, "_3": 4}, Colour.UNKNOWN, ["unknown:danger"]),
    ],
)
def test_its_answers_are_scored_and_give_an_alert(registry, catalogue, now, colour, rows):
    before = answered(registry, catalogue, "before", EARLIER, _1=False, _2=1, _3=4)
    decision = PastDecision(EARLIER, NOW, frozenset({before.id}))
    history = History((before, answered(registry, catalogue, "now", NOW, **now)), (decision,))
    table = catalogue.table("alert/t2d")

    alert = evaluate(table, "followup", inputs_for(table, Moment(NOW, "followup", OccasionId("now")), history))

    assert (alert.colour, [row.id for row in alert.rows]) == (colour, rows)


def test_its_part_of_the_needs_is_assessed(registry, catalogue):
    table = catalogue.needs()
    history = History((answered(registry, catalogue, "now", NOW, _1=False, _2=0, _3=7),))
    inputs = needs_inputs(table, "t2d", Moment(NOW, "start", OccasionId("now")), history)

    result = assess(table, "t2d", inputs)

    assert table.version.version == "2.1.0"
    assert [(one.id, one.colour) for one in result.dimensions] == [
        ("burden", Colour.RED),
        ("support", Colour.UNKNOWN),
    ]
    assert result.dimensions[0].title == Text("Sygdomsbyrde", "Disease burden")
    assert result.level is None


def test_its_cohort_stays_under_the_ceiling(deployment, catalogue):
    cohort = cohort_of(load_cohorts(deployment / "cohorts"), "alert/t2d")
    table = catalogue.table("alert/t2d")

    rates = measure(cohort, table, patients=cohort.quick)

    assert 0 < rates.red < rates.alerted
    refuse_above_ceiling(table, rates)
