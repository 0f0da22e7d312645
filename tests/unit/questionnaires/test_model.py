import pytest

from questionnaires.model import Text


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        (Text("Ja", "Yes"), "da", "Ja"),
        (Text("Ja", "Yes"), "en", "Yes"),
        (Text("Ja"), "en", "Ja"),
        (Text("Ja", "Yes"), "de", "Ja"),
    ],
)
def test_a_text_without_translation_falls_back_to_danish(text, language, shown):
    assert text.in_language(language) == shown
