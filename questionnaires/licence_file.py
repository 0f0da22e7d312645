"""Reads the list of owners' terms from its JSON file and refuses one that leaves out a questionnaire."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.licence import LicenceList, LicenceNeed, OwnersTerms
from questionnaires.newest_file import newest_of
from questionnaires.registry import version_key

HERE = Path(__file__).parent
_FIELDS = ("id", "version", "status", "source", "licence", "questionnaires", "licenceFree")
_TERMS = ("need", "holder", "note", "source")


def load_licences(known: Iterable[str], directory: Path = HERE) -> LicenceList:
    """Load the newest list of owners' terms.

    Args:
        known: short names of the questionnaires of this deployment; each must be in the list.
        directory: holds `licences-<version>.json`.

    Raises:
        ContentError: there is none, it is wrong, or a questionnaire is not in it.
    """
    newest = newest_of(directory, "licences", parse_licences, version=lambda one: one.version, what="list of licences")
    lacking = sorted(set(known) - set(newest.terms))
    if lacking:
        raise ContentError(f"licences-{newest.version}.json says nothing of {', '.join(lacking)}")
    return newest


def parse_licences(raw: bytes, name: str) -> LicenceList:
    """Read one list.

    Args:
        name: of the file, for messages; it says the version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    terms, free = fields.part("questionnaires"), fields.part("licenceFree")
    found = LicenceList(
        id=fields.text("id"),
        version=fields.text("version"),
        sha256=sha256(raw).hexdigest(),
        terms=MappingProxyType({one: _terms(one, terms.part(one)) for one in terms.raw}),
        licence_free=MappingProxyType({one: free.text(one) for one in free.raw}),
    )
    version_key(found.version)
    if name != f"{found.id}-{found.version}.json":
        raise ContentError(f"{name}: the file must be called {found.id}-{found.version}.json")
    return found


def _terms(questionnaire: str, fields: Fields) -> OwnersTerms:
    fields.refuse_others(_TERMS)
    return OwnersTerms(
        questionnaire=questionnaire,
        need=LicenceNeed(fields.one_of("need", tuple(LicenceNeed))),
        holder=fields.text("holder"),
        note=fields.text("note"),
        source=fields.text("source"),
    )
