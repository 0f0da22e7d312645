"""The list of actions that can be agreed: content like any other, and the life of one that was."""

import json

import pytest

from kernel.errors import ContentError
from questionnaires.model import Text
from scoring.actions import NEXT, ActionKind, ActionState
from scoring.actions_file import load_actions, parse_actions

KIND = {"code": "follow-up", "label": {"da": "Opfølgning", "en": "Follow-up"}, "packages": ["KOL"]}
LABEL = Text("Opfølgning", "Follow-up")
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
    assert actions.label("no-longer-listed") == Text("no-longer-listed", "no-longer-listed")


NAME = r"^actions-1\.0\.0\.json"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"actions": []}, r"\.actions: a list that names each code once is expected$"),
        ({"actions": [KIND, KIND]}, r"\.actions: a list that names each code once is expected$"),
        ({"actions": [{**KIND, "packages": []}]}, r"\.actions\[0\]\.packages: a list of texts is expected$"),
        ({"actions": [KIND, {**KIND, "code": ""}]}, r"\.actions\[1\]\.code: a text is expected$"),
        ({"actions": [{**KIND, "label": {"da": "Kun dansk"}}]}, r"\.actions\[0\]\.label\.en: a text is expected$"),
        ({"actions": [{**KIND, "urgency": "routine"}]}, r"\.actions\[0\]: unknown field urgency$"),
        ({"version": "1.0.1"}, r": the file must be called actions-1\.0\.1\.json$"),
        ({"id": "other"}, r": the file must be called other-1\.0\.0\.json$"),
        ({"more": 1}, r": unknown field more$"),
    ],
    ids=["empty", "twice", "for nobody", "no code", "half translated", "part", "version", "id", "unknown"],
)
def test_a_list_that_is_not_sound_stops_the_start(changes, told):
    with pytest.raises(ContentError, match=NAME + told):
        parsed(**changes)


def test_a_list_is_what_its_file_says():
    found = parsed(actions=[KIND, {**KIND, "code": "spirometry", "packages": ["KOL", "LRS"]}])

    assert (found.version.id, found.version.version) == ("actions", "1.0.0")
    assert len(found.version.sha256) == 64
    assert found.version != parsed(actions=[KIND]).version
    assert list(found.kinds) == ["follow-up", "spirometry"]
    assert found.kinds["spirometry"] == ActionKind("spirometry", LABEL, frozenset({"KOL", "LRS"}))
    assert [kind.code for kind in found.of_package("LRS")] == ["spirometry"]


def test_the_newest_list_counts_and_none_stops_the_start(tmp_path):
    for version in ("1.0.0", "1.10.0", "1.9.0"):
        (tmp_path / f"actions-{version}.json").write_text(json.dumps({**LIST, "version": version}), encoding="utf-8")
    assert load_actions(tmp_path).version.version == "1.10.0"

    with pytest.raises(ContentError, match=r"^there is no list of actions$"):
        load_actions(tmp_path / "nowhere")


def test_an_action_goes_forward_only_and_ends_once():
    assert {state for state in ActionState if state.is_open} == {ActionState.REQUESTED, ActionState.IN_PROGRESS}
    assert set(NEXT) == set(ActionState)
    for state in ActionState:
        assert bool(state.next_states) == state.is_open
        assert state not in state.next_states
        assert ActionState.REQUESTED not in state.next_states
