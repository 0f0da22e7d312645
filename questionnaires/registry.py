"""Holds every questionnaire version, loaded and checked at start, and finds it by its exact canonical."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from kernel.errors import ContentError, UnknownQuestionnaireError
from questionnaires.definition import compile_questionnaire
from questionnaires.model import Questionnaire
from questionnaires.plan import ResponsePlan, most_bytes_of, plan_of
from questionnaires.strict_json import MOST_BYTES

DEFINITIONS = Path(__file__).parent / "definitions"
Known = TypeVar("Known")
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


def version_key(version: str) -> tuple[int, ...]:
    """Order versions by number: 10.0.0 comes after 9.0.0.

    Raises:
        ContentError: not three numbers.
    """
    if not VERSION.fullmatch(version):
        raise ContentError(f"version {version}: three numbers with dots are expected")
    return tuple(int(number) for number in version.split("."))


class Registry:
    """All questionnaires of one deployment; never changed after loading."""

    def __init__(self, questionnaires: Mapping[str, Questionnaire]) -> None:
        self._by_canonical = questionnaires
        self._by_fhir_id = MappingProxyType({known.fhir_id: known for known in questionnaires.values()})
        self._plans = MappingProxyType({canonical: plan_of(known) for canonical, known in questionnaires.items()})
        self.most_bytes = max((most_bytes_of(plan) for plan in self._plans.values()), default=MOST_BYTES)
        """How large a response to any of them may be."""
        newest: dict[str, Questionnaire] = {}
        for known in sorted(questionnaires.values(), key=lambda one: version_key(one.version)):
            newest[known.id] = known
        self._newest = MappingProxyType(newest)

    @classmethod
    def load(cls, directory: Path | None = None) -> "Registry":
        """Load all definition files of a directory, by default those of this package.

        Raises:
            ContentError: a file is wrong or bears another name than its content, or there is none.
        """
        found: dict[str, Questionnaire] = {}
        for path in sorted((directory or DEFINITIONS).glob("*.json")):
            questionnaire = compile_questionnaire(path.read_bytes(), path.name)
            version_key(questionnaire.version)
            if path.stem != questionnaire.fhir_id:
                raise ContentError(f"{path.name}: the file must be called {questionnaire.fhir_id}.json")
            found[questionnaire.canonical] = questionnaire
        if not found:
            raise ContentError("no questionnaire definition found")
        return cls(MappingProxyType(found))

    def get(self, canonical: str) -> Questionnaire:
        """Find by `url|version`, exactly: another version is another questionnaire.

        Raises:
            UnknownQuestionnaireError: not known; a canonical without version is never guessed.
        """
        return _found(self._by_canonical, canonical)

    def newest(self, short_name: str) -> Questionnaire:
        """Find the newest version by short name, such as `cat`.

        Raises:
            UnknownQuestionnaireError: no such short name.
        """
        return _found(self._newest, short_name)

    def by_fhir_id(self, fhir_id: str) -> Questionnaire:
        """Find by logical id, such as `cat-2.0.0`.

        Raises:
            UnknownQuestionnaireError: no such id.
        """
        return _found(self._by_fhir_id, fhir_id)

    def plan(self, canonical: str) -> ResponsePlan:
        """Find what the gate walks for a canonical.

        Raises:
            UnknownQuestionnaireError: as `get`.
        """
        return _found(self._plans, canonical)

    def find_plan(self, canonical: str) -> ResponsePlan | None:
        """Find what the gate walks for a canonical; None where it is not known."""
        return self._plans.get(canonical)

    def all(self) -> tuple[Questionnaire, ...]:
        """List every version."""
        return tuple(self._by_canonical.values())


def _found(known: Mapping[str, Known], name: str) -> Known:
    found = known.get(name)
    if found is None:
        # What was asked for comes from outside and may hold anything, so it is not repeated.
        raise UnknownQuestionnaireError("No questionnaire is known by this name; a canonical needs `url|version`.")
    return found
