"""CONTENT: an owner's wording comes in with its licence record; texts change, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from delivery.content import Content
from flow.content_acts import record_for_all
from flow.content_file import HEADER, Grant, read_wording_list
from kernel.clock import Clock
from kernel.errors import InvalidInputError, Issue, UnknownQuestionnaireError
from kernel.ids import new_id
from questionnaires.licence import LicenceRecord
from questionnaires.model import Questionnaire
from questionnaires.wording import DANISH, Texts, Wording, places
from questionnaires.wording_checks import refuse_language, refuse_other_structure
from questionnaires.wording_fhir import read_wording
from security.audit import AuditEvent
from store.database import Store


@dataclass(frozen=True, slots=True)
class WordingFile:
    """An owner's texts, as an operator brings them.

    Args:
        raw: the file's bytes: a FHIR Questionnaire in JSON, or a list `linkId;element;language;text`.
        is_fhir: which of the two.
        questionnaire: `url|version`, or a short name such as `cat`, which means the newest version.
        language: of a FHIR file that does not say.
    """

    raw: bytes = field(repr=False)
    is_fhir: bool
    questionnaire: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ImportWording:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self, file: WordingFile, grant: Grant, by: str) -> tuple[Wording, ...]:
        """Take an owner's wording in; it is shown and served from now on.

        Args:
            by: name of the person who brings it.

        Returns:
            A wording for each language of the file, each with the id of its licence record.

        Raises:
            InvalidInputError: no such questionnaire, a file that does not fit it, or a licence that does not cover it;
                every place is named, and nothing is changed.
        """
        questionnaire = self._questionnaire(file.questionnaire)
        texts = _texts(file, questionnaire)
        _refuse_uncovered(grant, questionnaire, texts)
        pairs = [self._pair(questionnaire, language, texts[language], (grant, by)) for language in sorted(texts)]
        with self.store.queue() as queue:
            for record, wording in pairs:
                queue.additions.add_licence(record)
                queue.additions.add_wording(wording, record)
            entity = f"Wording/{questionnaire.fhir_id}/{'+'.join(sorted(texts))}"
            record_for_all(queue, self.store, by, AuditEvent("import-wording", entity, purpose="setup"))
        self.content.adopt(self.store.adopted())
        return tuple(wording for _, wording in pairs)

    def template(self, name: str, language: str = DANISH) -> str:
        """Write the list that an owner's texts are put into: a line for each place, without texts."""
        questionnaire = self._questionnaire(name)
        lines = (f"{place.link_id};{place.element};{language};" for place, ours in places(questionnaire) if ours)
        return "\n".join((HEADER, *lines)) + "\n"

    def _questionnaire(self, name: str) -> Questionnaire:
        known = self.content.released.questionnaires
        try:
            return known.get(name) if "|" in name else known.newest(name)
        except UnknownQuestionnaireError as error:
            names = ", ".join(sorted({one.id for one in known.all()}))
            text = f"Name the questionnaire: {names}."
            raise InvalidInputError(text, issues=[Issue("not-found", text, "questionnaire")]) from error

    def _pair(
        self, questionnaire: Questionnaire, language: str, texts: Texts, of: tuple[Grant, str]
    ) -> tuple[LicenceRecord, Wording]:
        grant, by = of
        record = LicenceRecord(
            id=new_id(),
            instrument=questionnaire.id,
            version=questionnaire.version,
            language=language,
            holder=grant.holder,
            grant=grant.grant,
            granted_on=grant.granted_on,
            expires_on=grant.expires_on,
            terms=grant.terms,
            recorded_by=by,
            recorded_at=self.clock.now(),
        )
        return record, Wording(new_id(), record.id, questionnaire.canonical, language, texts)


def _texts(file: WordingFile, questionnaire: Questionnaire) -> Mapping[str, Texts]:
    found = read_wording(file.raw, questionnaire, file.language) if file.is_fhir else read_wording_list(file.raw)
    for language, texts in found.items():
        refuse_language(language)
        refuse_other_structure(questionnaire, texts, names_gaps=not file.is_fhir)
    return found


def _refuse_uncovered(grant: Grant, questionnaire: Questionnaire, texts: Mapping[str, Texts]) -> None:
    """Refuse a licence for something else, or one that ends before it begins."""
    issues = list(_uncovered(grant, questionnaire, texts))
    if issues:
        raise InvalidInputError("The licence does not cover this wording.", issues=issues)


def _uncovered(grant: Grant, questionnaire: Questionnaire, texts: Mapping[str, Texts]) -> Iterator[Issue]:
    if grant.instrument not in ("", questionnaire.id):
        yield Issue("value", "The licence is for another instrument.", "instrument", rule="another-instrument")
    if grant.version not in ("", questionnaire.version):
        yield Issue("value", "The licence is for another version.", "version", rule="another-version")
    for language in sorted(texts):
        if grant.languages and language not in grant.languages:
            yield Issue("value", f"The licence does not name the language {language}.", "languages", rule="language")
    if grant.expires_on is not None and grant.expires_on < grant.granted_on:
        yield Issue("value", "The licence ends before it begins.", "expiresOn", rule="days")
