"""Reads the profiles of the care packages from their JSON files and refuses one that is not sound."""

from pathlib import Path
from types import MappingProxyType

from delivery.profile import Profile, Profiles
from kernel.errors import ContentError
from questionnaires.registry import version_key
from scoring.file_version import opened

HERE = Path(__file__).parent / "profiles"
OLDEST = 120


def load_profiles(directory: Path = HERE) -> Profiles:
    """Load the newest profile of each package; none need exist.

    Raises:
        ContentError: a file is wrong.
    """
    found = [parse_profile(path.read_bytes(), path.name) for path in sorted(directory.glob("*.json"))]
    newest = sorted(found, key=lambda one: version_key(one.version.version))
    return Profiles(MappingProxyType({profile.package: profile for profile in newest}))


def parse_profile(raw: bytes, name: str) -> Profile:
    """Read one file.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("package", "minimumAge", "ownPatient", "diagnoses"))
    age, codes = fields.integer("minimumAge"), fields.texts("diagnoses")
    if not 0 <= age <= OLDEST:
        raise fields.fail("minimumAge", f"an age from 0 to {OLDEST}")
    if odd := [code for code in codes if code != code.upper() or not code.isalnum()]:
        raise ContentError(f"{name}.diagnoses: {', '.join(odd)} is not in capitals and digits alone")
    return Profile(
        version=version,
        package=fields.text("package"),
        minimum_age=age,
        own_patient=fields.flag("ownPatient"),
        diagnoses=frozenset(codes),
    )
