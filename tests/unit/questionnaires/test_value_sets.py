"""A value set that a questionnaire contains: its codes are written out as options."""

from tests.unit.questionnaires.forms import item, questionnaire, value_set


def test_the_codes_of_a_contained_value_set_are_options_with_english_and_points():
    sets = [value_set("answers", 0, 1)]
    (asked,) = questionnaire(item("c", "choice", answerValueSet="#answers"), contained=sets).items

    assert [(one.code, one.display.da, one.display.en, one.points) for one in asked.options] == [
        ("0", "Svar 0", "Answer 0", 0),
        ("1", "Svar 1", "Answer 1", 1),
    ]


def test_a_value_set_inside_a_group_is_written_out_too():
    group = item("g", "group", item=[item("c", "choice", answerValueSet="#answers")])
    whole = questionnaire(group, contained=[value_set("answers", 0, 1)])

    assert [one.points for one in whole.by_link_id["c"].options] == [0, 1]


def test_a_code_of_a_value_set_without_a_translation_is_a_code_all_the_same():
    plain = value_set("answers", 0, 1)
    for concept in plain["compose"]["include"][0]["concept"]:
        del concept["designation"]
    asked = questionnaire(item("c", "choice", answerValueSet="#answers"), contained=[plain]).items[0]

    assert [(one.code, one.display.da, one.points) for one in asked.options] == [("0", "Svar 0", 0), ("1", "Svar 1", 1)]
