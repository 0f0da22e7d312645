"""The shipped questionnaires, against the facts of docs/clinical/."""

import json
from collections import Counter

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from questionnaires.model import Condition, ItemType, Text
from questionnaires.registry import DEFINITIONS, Registry

REGISTRY = Registry.load()
FILES = sorted(DEFINITIONS.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_fhir_models_accept_a_definition_and_write_it_back_unchanged(path):
    content = json.loads(path.read_bytes())

    model = FhirQuestionnaire.model_validate(content)

    assert json.loads(model.model_dump_json()) == content


def test_every_questionnaire_of_the_two_packages_is_there():
    copd = {"kol-status", "cat", "mmrc"}
    back = {"lrs-flags", "startback", "nrs-pain", "rmdq23", "odi", "psfs", "ompsq10"}
    assert {known.fhir_id for known in REGISTRY.all()} >= {
        f"{name}-2.0.0" for name in copd | back | {"shk-draft", "hls19-q12"}
    }


@pytest.mark.parametrize("known", REGISTRY.all(), ids=lambda known: known.id)
def test_every_text_is_there_in_danish_and_english(known):
    texts = [known.title, known.intro, known.recall]
    for item in known.by_link_id.values():
        texts += [text for text in (item.text, item.recall, item.low, item.high, item.yes, item.no) if text is not None]

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


def test_each_package_has_one_safety_screen():
    assert [known.id for known in REGISTRY.all() if known.safety_screen] == ["kol-status", "lrs-flags"]


def test_lrs_flags_has_twelve_yes_no_items_four_of_them_gated_and_seven_notices():
    known = REGISTRY.newest("lrs-flags")
    numbers = {item.link_id: item for item in known.items if item.type is ItemType.BOOLEAN}
    gated = [link_id for link_id, item in numbers.items() if item.enable_when]

    assert list(numbers) == [f"lrs-flags-{number:02d}" for number in range(1, 13)]
    assert gated == [f"lrs-flags-{number:02d}" for number in range(9, 13)]
    assert {numbers[link_id].enable_when for link_id in gated} == {(Condition("lrs-flags-08", "=", answer=True),)}
    assert len(known.items) == 12 + 7


@pytest.mark.parametrize("number", range(1, 8))
def test_a_notice_stands_right_after_each_danger_item_of_the_back(number):
    known = REGISTRY.newest("lrs-flags")
    place = list(known.by_link_id).index(f"lrs-flags-{number:02d}")
    notice = known.items[place + 1]

    assert (notice.link_id, notice.role) == (f"lrs-flags-{number:02d}-notice", "danger-notice")
    assert notice.enable_when == (Condition(f"lrs-flags-{number:02d}", "=", answer=True),)
    assert "Ingen læser dit svar lige nu" in notice.text.da
    assert notice.names_emergency is (number <= 3)
    if number <= 3:
        assert "så ring 112" in notice.text.da
        assert "med det samme" in notice.text.da
    else:
        assert notice.text.da.startswith("Tal med en læge i dag.")
        assert "112" not in notice.text.da


def test_start_back_has_eight_two_option_items_and_one_of_zero_to_four():
    known = REGISTRY.newest("startback")

    assert [item.type for item in known.items] == [ItemType.BOOLEAN] * 8 + [ItemType.CHOICE]
    assert [option.points for option in known.items[8].options] == [0, 1, 2, 3, 4]
    words = [(item.yes, item.no) for item in known.items[:8]]
    assert words == [(None, None)] * 4 + [(Text("Enig", "Agree"), Text("Uenig", "Disagree"))] * 4


@pytest.mark.parametrize(
    ("name", "first", "count", "points"),
    [
        ("odi", "odi-01", 10, range(6)),
        ("ompsq10", "ompsq-02", 10, range(11)),
        ("nrs-pain", "nrs-pain", 1, range(11)),
        ("shk-draft", "shk-1", 7, range(4)),
        ("hls19-q12", "hls19-01", 12, [1, 2, 3, 4, None]),
    ],
)
def test_graded_items_have_the_points_of_their_instrument(name, first, count, points):
    known = REGISTRY.newest(name)

    assert len(known.items) == count
    assert [option.points for option in known.by_link_id[first].options] == list(points)


def test_rmdq_has_twenty_three_yes_no_items():
    assert [item.type for item in REGISTRY.newest("rmdq23").items] == [ItemType.BOOLEAN] * 23


def test_psfs_asks_for_a_rating_only_where_an_activity_is_named_and_for_the_next_one_after_it():
    known = REGISTRY.newest("psfs")
    types = [item.type for item in known.items]
    gates = [[condition.question for condition in item.enable_when] for item in known.items]

    assert types == [ItemType.STRING, ItemType.CHOICE] * 5
    assert gates[0] == []
    assert gates[1::2] == [[f"psfs-{number}-activity"] for number in range(1, 6)]
    assert gates[2::2] == [[f"psfs-{number}-activity"] for number in range(1, 5)]
    assert {item.max_length for item in known.items[::2]} == {100}


def test_only_the_item_on_sex_life_may_be_left_out_of_the_odi_without_being_asked_again():
    free = [item.link_id for item in REGISTRY.newest("odi").items if item.skip == "free"]

    assert free == ["odi-08"]
