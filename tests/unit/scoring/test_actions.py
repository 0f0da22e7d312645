"""The list of actions that can be agreed: content like any other, and the life of one that was."""

import json

import pytest

from kernel.errors import ContentError
from scoring.actions import NEXT, ActionState
from scoring.actions_file import load_actions, parse_actions

KIND = {"code": "follow-up", "label": {"da": "Opfølgning", "en": "Follow-up"}, "packages": ["KOL"]}
LIST = {
    "id": "actions",
    "version": "1.0.0",
    "status": "proposal",
    "approval": {"state": "draft"},
    "sources": ["ours"],
    "licence": "own",
    "actions": [KIND],
}


def parsed(**changes):
    return parse_actions(json.dumps({**LIST, **changes}).encode(), "actions-1.0.0.json")


def test_each_package_offers_what_the_packages_name():
    actions = load_actions()

    copd = {kind.code for kind in actions.of_package("KOL")}
    back = {kind.code for kind in actions.of_package("LRS")}
    assert {"follow-up", "spirometry", "medication-review", "inhaler-technique", "smoking-cessation"} <= copd
    assert {"follow-up", "medication-review", "physiotherapy", "municipal-rehabilitation"} <= back
    assert "spirometry" not in back
    assert actions.of_package("no-such-package") == ()


def test_a_code_has_its_words_and_an_unknown_one_stands_for_itself():
    actions = load_actions()

    assert actions.label("spirometry").da == "Lungefunktionsmåling (spirometri)"
    assert actions.label("no-longer-listed").da == "no-longer-listed"


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": []},
        {"actions": [KIND, KIND]},
        {"actions": [{**KIND, "packages": []}]},
        {"actions": [{**KIND, "label": {"da": "Kun dansk"}}]},
        {"actions": [{**KIND, "urgency": "routine"}]},
        {"version": "1.0.1"},
        {"id": "other"},
        {"more": 1},
    ],
    ids=["empty", "twice", "for nobody", "half translated", "unknown part", "other version", "other id", "unknown"],
)
def test_a_list_that_is_not_sound_stops_the_start(changes):
    with pytest.raises(ContentError):
        parsed(**changes)


def test_the_newest_list_counts_and_none_stops_the_start(tmp_path):
    for version in ("1.0.0", "1.10.0", "1.9.0"):
        (tmp_path / f"actions-{version}.json").write_text(json.dumps({**LIST, "version": version}), encoding="utf-8")
    assert load_actions(tmp_path).version.version == "1.10.0"

    with pytest.raises(ContentError):
        load_actions(tmp_path / "nowhere")


def test_an_action_goes_forward_only_and_ends_once():
    assert {state for state in ActionState if state.is_open} == {ActionState.REQUESTED, ActionState.IN_PROGRESS}
    assert set(NEXT) == set(ActionState)
    for state in ActionState:
        assert bool(state.next_states) == state.is_open
        assert state not in state.next_states
        assert ActionState.REQUESTED not in state.next_states
