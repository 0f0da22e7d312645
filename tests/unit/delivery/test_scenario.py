"""A scenario file is read strictly, and the same seed misbehaves in the same way."""

import json

import pytest

from delivery.simulator.behaviours import Behaviour, Fault
from delivery.simulator.scenario import read_scenario, scenario_of
from kernel.errors import SettingsError


def drawn(seed, share=0.25, count=4000):
    scenario = scenario_of({"seed": seed, "receivers": {"flp": {"shares": {"503": share, "500-after": share}}}})
    return [scenario.drawn("flp", f"key-{n}", 1) for n in range(count)]


def test_a_file_tells_how_each_receiver_behaves(tmp_path):
    told = {"first": ["ok", "429"], "shares": {"slow": 0.5}, "seconds": {"429": 7}, "down": True}
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps({"seed": 3, "receivers": {"webpatient": told}}), encoding="utf-8")

    part = read_scenario(path).of("webpatient")

    assert part.first == (None, Fault(Behaviour.TOO_MANY, 7.0))
    assert part.shares == ((Fault(Behaviour.SLOW), 0.5),)
    assert part.down
    assert not read_scenario(path).of("minlaege").down


def test_the_same_seed_draws_the_same_and_another_one_does_not():
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_the_shares_are_kept():
    faults = drawn(1)

    for behaviour in (Behaviour.UNAVAILABLE, Behaviour.FAILED_AFTER):
        assert 0.22 < faults.count(Fault(behaviour)) / len(faults) < 0.28
    assert drawn(1, share=0.0) == [None] * 4000
    assert None not in drawn(1, share=0.5)


def test_another_attempt_of_the_same_key_is_drawn_anew():
    scenario = scenario_of({"receivers": {"flp": {"shares": {"503": 0.5}}}})

    assert len({scenario.drawn("flp", "key", attempt) for attempt in range(20)}) == 2


@pytest.mark.parametrize(
    ("told", "named"),
    [
        pytest.param([], "object", id="a list"),
        pytest.param({"speed": 1}, "speed", id="an unknown word"),
        pytest.param({"receivers": {"fax": {}}}, "fax", id="an unknown receiver"),
        pytest.param({"receivers": {"flp": {"often": 1}}}, "often", id="an unknown word of a receiver"),
        pytest.param({"receivers": {"flp": {"first": ["rude"]}}}, "rude", id="an unknown behaviour"),
        pytest.param({"receivers": {"flp": {"first": ["receipt-first"]}}}, "receipt-first", id="who tells nothing"),
        pytest.param({"receivers": {"flp": {"shares": {"503": 0.6, "500": 0.5}}}}, "shares", id="more than all"),
        pytest.param({"receivers": {"flp": {"shares": {"503": -0.1}}}}, "shares", id="less than none"),
        pytest.param({"receivers": {"flp": {"seconds": {"429": "soon"}}}}, "soon", id="no number"),
    ],
)
def test_a_scenario_that_cannot_be_understood_is_refused_by_name(tmp_path, told, named):
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(SettingsError, match=named):
        read_scenario(path)


def test_a_scenario_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere\.json"):
        read_scenario(tmp_path / "nowhere.json")
