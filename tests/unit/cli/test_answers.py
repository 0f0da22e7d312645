from cli.answers import mild_items

FORM = {
    "item": [
        {"linkId": "a", "type": "boolean"},
        {
            "linkId": "a-notice",
            "type": "display",
            "enableWhen": [{"question": "a", "operator": "=", "answerBoolean": True}],
        },
        {"linkId": "b", "type": "boolean", "enableWhen": [{"question": "a", "operator": "=", "answerBoolean": True}]},
        {"linkId": "c", "type": "integer"},
        {
            "linkId": "d",
            "type": "choice",
            "answerOption": [
                {"valueCoding": {"system": "s", "code": "0", "display": "0"}},
                {"valueCoding": {"system": "s", "code": "1", "display": "1"}},
            ],
        },
        {"linkId": "e", "type": "string"},
        {
            "linkId": "f",
            "type": "boolean",
            "enableBehavior": "any",
            "enableWhen": [
                {"question": "a", "operator": "!=", "answerBoolean": True},
                {"question": "b", "operator": "=", "answerBoolean": True},
            ],
        },
    ]
}


def answers(worse):
    return {item["linkId"]: item["answer"][0] for item in mild_items(FORM, worse)}


def test_every_question_that_is_asked_gets_the_mildest_answer():
    assert answers({}) == {
        "a": {"valueBoolean": False},
        "c": {"valueInteger": 0},
        "d": {"valueCoding": {"system": "s", "code": "0"}},
        "e": {"valueString": "gå en tur"},
        "f": {"valueBoolean": False},
    }


def test_what_a_step_names_is_answered_so_and_may_raise_further_questions():
    told = answers({"a": True, "b": True, "c": 4, "d": "1"})

    assert told["b"] == {"valueBoolean": True}
    assert told["c"] == {"valueInteger": 4}
    assert told["d"] == {"valueCoding": {"system": "s", "code": "1"}}
    assert told["f"] == {"valueBoolean": False}
