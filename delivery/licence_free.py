"""The programme that takes another one's place while a licence is missing."""

from delivery.programme import Programme, Programmes
from kernel.errors import ContentError
from questionnaires.licence import LicenceList


def variant_of(licences: LicenceList, programmes: Programmes, programme: Programme) -> Programme | None:
    """Return the newest version of the licence-free variant of a programme; None = it has none."""
    free = licences.licence_free.get(programme.id)
    return None if free is None else programmes.newest(free)


def refuse_licensed_variants(licences: LicenceList, programmes: Programmes) -> None:
    """Refuse a variant that does not exist, belongs to another package, or needs a licence itself.

    Raises:
        ContentError: naming the programme.
    """
    for programme_id, free in licences.licence_free.items():
        programme = programmes.newest(programme_id)
        variant = programmes.newest(free)
        if variant.package != programme.package:
            raise ContentError(f"the variant of {programme_id} belongs to another package")
        needing = sorted(name for name in default_forms(variant) if licences.needs_record(name))
        if needing:
            raise ContentError(f"{variant.id} is to need no licence, but asks {', '.join(needing)}")


def default_forms(programme: Programme) -> frozenset[str]:
    """List the ids of all questionnaires that a programme asks with its default slots."""
    return frozenset(name for kind in programme.occasions for name in kind.asks(programme.slot_choice()))
