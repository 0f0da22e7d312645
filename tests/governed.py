"""What a deployment outside demo adds to the content: licences, wording, approvals."""

from datetime import UTC, date, datetime
from typing import Any

from flow.content_approve import ApproveContent
from flow.content_file import Grant
from flow.content_wording import ImportWording, WordingFile
from kernel.ids import new_id
from questionnaires.licence import LicenceRecord
from questionnaires.model import Questionnaire
from questionnaires.wording import Wording, places
from tests.way import Way

AT = datetime(2027, 1, 11, tzinfo=UTC)
GRANT = Grant("Ejeren", "A-1", date(2027, 1, 1), None, "Ejerens ord.")
PEOPLE = ("Lise Holm", "Nete Bruun")


def a_licence(instrument: str = "cat", **other: Any) -> LicenceRecord:
    """Build a licence record that holds from the first day of 2027 and does not expire."""
    values: dict[str, Any] = {
        "id": new_id(),
        "version": "2.0.0",
        "language": "da",
        "holder": "Ejeren",
        "grant": "A-1",
        "granted_on": date(2027, 1, 1),
        "expires_on": None,
        "terms": "Ejerens ord.",
        "recorded_by": "Lise Holm",
        "recorded_at": AT,
    }
    return LicenceRecord(instrument=instrument, **{**values, **other})


def a_wording(questionnaire: Questionnaire, record: LicenceRecord) -> Wording:
    """Build the wording that came with a licence record: each text names its place."""
    texts = {place: f"ejer: {place}" for place, ours in places(questionnaire) if ours}
    return Wording(new_id(), record.id, questionnaire.canonical, record.language, texts)


def a_list(questionnaire: Questionnaire, language: str = "da", **changed: str) -> bytes:
    """Write the list of an owner's texts; `cat_1__text` changes one."""
    texts = {place: f"ejer: {place}" for place, ours in places(questionnaire) if ours}
    lines = [f"{place.link_id};{place.element};{language};{text}" for place, text in texts.items()]
    lines += [f"{name.replace('_', '-').replace('--', ';')};{language};{text}" for name, text in changed.items()]
    return "\n".join(("linkId;element;language;text", *lines)).encode()


def approve(way: Way, *names: str) -> None:
    """Let two people approve tables and programmes."""
    for name in names:
        for person in PEOPLE:
            ApproveContent(way.store, way.content, way.clock)(name, person)


def word(way: Way, name: str = "cat", **grant: Any) -> tuple[Wording, ...]:
    """Import an owner's wording under a licence; `expires_on` and its like change the grant."""
    questionnaire = way.content.released.questionnaires.newest(name)
    file = WordingFile(a_list(questionnaire), is_fhir=False, questionnaire=name)
    told = {field: grant.get(field, getattr(GRANT, field)) for field in GRANT.__slots__}
    return ImportWording(way.store, way.content, way.clock)(file, Grant(**told), "Lise Holm")
