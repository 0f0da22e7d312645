"""Any R4 Questionnaire is read; what cannot be checked is refused at load, by linkId and element."""

from questionnaires.reading import read_questionnaire
from tests.unit.questionnaires.forms import definition, item


def test_one_of_ours_is_read():
    form = read_questionnaire(definition(item("b", "boolean")), "small.json")

    assert list(form.by_link_id) == ["b"]
