"""Laws of every alert and needs table, generated from what the tables say of themselves."""

from random import Random

import pytest

from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.given import given_inputs, given_needs
from scoring.levels import Colour
from scoring.needs_table import ALWAYS
from tests.unit.scoring.content import CATALOGUE

TABLES = {table.version.id: table for table in CATALOGUE.tables()}
NEEDS = CATALOGUE.needs()
DRAWS = 150
PHASES = [(name, phase) for name, table in TABLES.items() for phase in table.phases]
REQUIRED = [
    (name, phase, one.name) for name, phase in PHASES for one in TABLES[name].inputs.values() if one.required[phase]
]
PARTS = [(part, one.name) for part in NEEDS.parts for one in NEEDS.inputs_of(part).values() if one.required[ALWAYS]]
HEALTH_LITERACY = {"shk-draft", "hls19-q12"}


def drawn(random, one):
    """Draw a value near an edge: the ends, and everything small around zero."""
    if one.ends is None:
        return random.choice(one.codes)
    low, high = one.ends
    return random.choice([low, high, *(value for value in range(-6, 12) if low <= value <= high), (low + high) // 2])


def values_of(random, inputs):
    return {name: drawn(random, one) for name, one in inputs.items()}


def alert(table, phase, values, **more):
    return evaluate(table, phase, given_inputs(table, values, **more))


@pytest.mark.parametrize(("name", "phase", "required"), REQUIRED)
def test_nulling_any_required_input_never_gives_green(name, phase, required):
    table, random = TABLES[name], Random(f"{name}{phase}{required}")
    best = {one.name: one.codes[0] if one.ends is None else max(0, one.ends[0]) for one in table.inputs.values()}
    assert alert(table, phase, best).colour is Colour.GREEN
    for values in [best, *(values_of(random, table.inputs) for _ in range(DRAWS))]:
        result = alert(table, phase, values | {required: None})

        assert result.colour is not Colour.GREEN
        assert result.incomplete
        assert f"unknown:{required}" in [row.id for row in result.rows]


@pytest.mark.parametrize(("name", "phase", "required"), REQUIRED)
def test_a_required_input_that_is_too_old_is_as_good_as_missing(name, phase, required):
    table = TABLES[name]
    one = table.inputs[required]
    if one.valid_days is None:
        return
    best = {one.name: one.codes[0] if one.ends is None else max(0, one.ends[0]) for one in table.inputs.values()}

    fresh = alert(table, phase, best, ages={required: one.valid_days})
    old = alert(table, phase, best, ages={required: one.valid_days + 1})

    assert (fresh.colour, old.colour) == (Colour.GREEN, Colour.UNKNOWN)


@pytest.mark.parametrize(("name", "phase"), PHASES)
def test_a_worse_input_never_improves_colour_or_urgency(name, phase):
    table, random = TABLES[name], Random(name + phase)
    for _ in range(DRAWS * 4):
        values = {
            one: value if random.random() < 0.9 else None for one, value in values_of(random, table.inputs).items()
        }
        moved = random.choice([one for one, value in values.items() if value is not None])
        one, other = table.inputs[moved], drawn(random, table.inputs[moved])
        pair = sorted([values[moved], other], key=one.codes.index if one.ends is None else None)
        better, worse = (alert(table, phase, values | {moved: value}) for value in pair)

        assert worse.colour.severity >= better.colour.severity, (values, moved)
        assert worse.urgency.severity >= better.urgency.severity, (values, moved)


@pytest.mark.parametrize("name", TABLES)
def test_no_alert_table_reads_health_literacy_prognosis_or_the_gold_group(name):
    for one in TABLES[name].inputs.values():
        assert one.source.slot in {"", "function"}
        assert one.source.questionnaire not in HEALTH_LITERACY | {"startback", "ompsq10"}
        assert one.source.derived == ""


@pytest.mark.parametrize(("part", "required"), PARTS)
def test_nulling_a_required_input_of_the_needs_leaves_its_dimension_unknown_and_the_level_open(part, required):
    random = Random(part + required)
    for _ in range(DRAWS):
        values = values_of(random, NEEDS.inputs_of(part)) | {required: None}
        result = assess(NEEDS, part, given_needs(NEEDS, values))

        (dimension,) = [one for one in result.dimensions if f"unknown:{required}" in [row.id for row in one.rows]]
        assert dimension.colour is not Colour.GREEN
        if dimension.colour is Colour.UNKNOWN:
            assert result.level is None


@pytest.mark.parametrize("part", NEEDS.parts)
def test_a_worse_input_never_improves_a_dimension_nor_lowers_the_level(part):
    random, inputs = Random(part), NEEDS.inputs_of(part)
    for _ in range(DRAWS * 4):
        values = values_of(random, inputs)
        moved = random.choice(list(inputs))
        one = inputs[moved]
        pair = sorted([values[moved], drawn(random, one)], key=one.codes.index if one.ends is None else None)
        better, worse = (assess(NEEDS, part, given_needs(NEEDS, values | {moved: value})) for value in pair)

        for before, after in zip(better.dimensions, worse.dimensions, strict=True):
            assert after.colour.severity >= before.colour.severity
        assert better.level is not None
        assert worse.level is not None
        assert worse.level >= better.level
