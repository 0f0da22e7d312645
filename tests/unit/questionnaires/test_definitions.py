"""The shipped questionnaires, against the facts of docs/clinical/."""

import json
from collections import Counter

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from questionnaires.model import ItemType
from questionnaires.registry import DEFINITIONS, Registry

REGISTRY = Registry.load()
FILES = sorted(DEFINITIONS.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_fhir_models_accept_a_definition_and_write_it_back_unchanged(path):
    content = json.loads(path.read_bytes())

    model = FhirQuestionnaire.model_validate(content)

    assert json.loads(model.model_dump_json()) == content


def test_the_three_questionnaires_of_the_copd_package_are_there():
    assert {known.fhir_id for known in REGISTRY.all()} == {"kol-status-2.0.0", "cat-2.0.0", "mmrc-2.0.0"}


@pytest.mark.parametrize("known", REGISTRY.all(), ids=lambda known: known.id)
def test_every_text_is_there_in_danish_and_english(known):
    texts = [known.title, known.intro, known.recall]
    for item in known.by_link_id.values():
        texts += [text for text in (item.text, item.recall, item.low, item.high) if text is not None]

    assert all(text.da and text.en for text in texts)
    assert not any("{{" in text.da + text.en for text in texts)


@pytest.mark.parametrize("known", REGISTRY.all(), ids=lambda known: known.id)
def test_no_item_is_required_because_a_skip_is_an_answer_of_its_own(known):
    assert not any(item.required for item in known.by_link_id.values())


def test_cat_has_eight_items_of_zero_to_five_with_the_points_as_code():
    cat = REGISTRY.newest("cat")

    assert list(cat.by_link_id) == [f"cat-{number}" for number in range(1, 9)]
    for item in cat.items:
        assert [(option.code, option.points) for option in item.options] == [(str(n), n) for n in range(6)]
        assert {option.system for option in item.options} == {"https://svarbro.example/fhir/CodeSystem/cat"}
        assert item.low is not None
        assert item.high is not None


def test_mrc_is_the_danish_scale_of_one_to_five():
    (item,) = REGISTRY.newest("mmrc").items

    assert item.link_id == "mrc-1"
    assert [(option.code, option.points) for option in item.options] == [(str(n), n) for n in range(1, 6)]


def test_kol_status_has_seven_yes_no_two_counts_and_a_notice_after_each_danger_item():
    known = REGISTRY.newest("kol-status")

    assert Counter(item.type for item in known.items) == {
        ItemType.BOOLEAN: 7,
        ItemType.INTEGER: 2,
        ItemType.DISPLAY: 4,
    }
    assert [
        (known.by_link_id[f"kol-status-{n}"].min_value, known.by_link_id[f"kol-status-{n}"].max_value) for n in (8, 9)
    ] == [
        (0, 20),
        (0, 20),
    ]
    for number in (1, 2, 3):
        place = list(known.by_link_id).index(f"kol-status-{number}")
        notice = known.items[place + 1]
        assert (notice.link_id, notice.role) == (f"kol-status-{number}-notice", "danger-notice")
        assert "112" in notice.text.da


def test_only_kol_status_is_a_safety_screen():
    assert [known.id for known in REGISTRY.all() if known.safety_screen] == ["kol-status"]
