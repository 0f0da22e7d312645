"""CANDIDATES: a population list as a file, `identifier;name;diagnosis;own_patient` and, where it says so, `package`."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from delivery.profile import NO_PROFILES, Profiles
from flow.list_file import Line, fault, read_list, yes_or_no
from kernel.errors import InvalidInputError, Issue
from security.cpr import Identifier, parse_identifier

COLUMNS = ("identifier", "name", "diagnosis", "own_patient")
PACKAGE = "package"
DIAGNOSIS = re.compile(r"[A-ZÆØÅ0-9][A-ZÆØÅ0-9.-]{0,19}")
"""A code, such as R95: what people write in words does not belong into a list."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ListedPatient:
    """One line that can be used.

    Args:
        line: its number, the only way in which it is named.
        package: empty where the list names none and no profile proposes one.
    """

    line: int
    identifier: Identifier
    name: str = field(repr=False)
    package: str
    diagnosis: str
    own_patient: bool


def read_candidate_file(
    raw: bytes, packages: Collection[str], profiles: Profiles = NO_PROFILES
) -> tuple[ListedPatient, ...]:
    """Read a list; a line without package stands for each package that its diagnosis proposes.

    Args:
        packages: that the clinic runs.
        profiles: whom a diagnosis proposes for a package.

    Raises:
        InvalidInputError: with every fault of every line.
    """
    read = read_list(raw, COLUMNS, optional=(PACKAGE,))
    return _checked(read.lines, read.faults, packages, profiles)


def check_entries(
    entries: Sequence[Mapping[str, str]], packages: Collection[str], profiles: Profiles = NO_PROFILES
) -> tuple[ListedPatient, ...]:
    """Check what a system tells of patients, column by column; each is named by its place, from 0, as its line.

    Raises:
        InvalidInputError: with every fault of every entry.
    """
    lines = [Line(place, entry) for place, entry in enumerate(entries)]
    return _checked(lines, (), packages, profiles, named=_fault_of_entry)


def _checked(
    lines: Iterable[Line],
    unread: Iterable[Issue],
    packages: Collection[str],
    profiles: Profiles,
    *,
    named: Callable[[int, str, str, str], Issue] = fault,
) -> tuple[ListedPatient, ...]:
    faults = list(unread)
    listed: list[ListedPatient] = []
    seen: dict[tuple[Identifier, str], int] = {}
    for line in lines:
        wrong = list(_faults(line, packages))
        if not wrong:
            found = _listed(line, packages, profiles)
            first = {seen.setdefault((one.identifier, one.package), line.number) for one in found}
            if first == {line.number}:
                listed.extend(found)
                continue
            wrong = [("identifier", f"The patient stands in line {min(first)} already.", "twice")]
        faults.extend(named(line.number, *one) for one in wrong)
    if faults:
        raise InvalidInputError("The list cannot be used.", issues=faults)
    return tuple(listed)


def _fault_of_entry(place: int, column: str, text: str, rule: str) -> Issue:
    return Issue("value", text, f"candidates.{place}.{column}", rule=rule)


def _faults(line: Line, packages: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Give column, text and rule of each fault."""
    try:
        parse_identifier(line.fields["identifier"])
    except InvalidInputError as error:
        yield "identifier", error.text, "not-an-identifier"
    if not 0 < len(line.fields["name"]) <= LONGEST_NAME:
        yield "name", f"A name has 1 to {LONGEST_NAME} characters.", "not-a-name"
    if line.fields[PACKAGE] and line.fields[PACKAGE].upper() not in packages:
        yield PACKAGE, "The clinic does not run this package.", "unknown-package"
    if not DIAGNOSIS.fullmatch(line.fields["diagnosis"].upper()):
        yield "diagnosis", "This is no code of a diagnosis.", "not-a-code"
    if yes_or_no(line.fields["own_patient"]) is None:
        yield "own_patient", "This is neither yes nor no.", "not-yes-or-no"


def _listed(line: Line, packages: Collection[str], profiles: Profiles) -> tuple[ListedPatient, ...]:
    named, diagnosis = line.fields[PACKAGE].upper(), line.fields["diagnosis"].upper()
    return tuple(
        ListedPatient(
            line=line.number,
            identifier=parse_identifier(line.fields["identifier"]),
            name=line.fields["name"],
            package=package,
            diagnosis=diagnosis,
            own_patient=yes_or_no(line.fields["own_patient"]) is True,
        )
        for package in ((named,) if named else profiles.proposed(diagnosis, packages) or ("",))
    )
