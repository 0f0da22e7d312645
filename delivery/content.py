"""All clinical content of this deployment, loaded and checked together."""

from dataclasses import dataclass

from delivery.contact_advice import ContactAdvice, load_contact_advice
from delivery.licence_free import refuse_licensed_variants
from delivery.programme import Programmes
from questionnaires.licence import LicenceList
from questionnaires.licence_file import load_licences
from questionnaires.registry import Registry
from scoring.actions import ActionList
from scoring.actions_file import load_actions
from scoring.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Content:
    """The content files, compiled; never changed after loading.

    Args:
        questionnaires: what can be asked.
        catalogue: rules and decision tables.
        programmes: what is asked when.
        actions: what can be agreed with a patient.
        contact: whom a patient can call, by region and hour.
        licences: what the owners of the questionnaires ask.
    """

    questionnaires: Registry
    catalogue: Catalogue
    programmes: Programmes
    actions: ActionList
    contact: ContactAdvice
    licences: LicenceList


def load_content() -> Content:
    """Load the service's own content.

    Raises:
        ContentError: a file is wrong, or names what no other file has: the start stops.
    """
    registry = Registry.load()
    catalogue = Catalogue.load(registry)
    programmes = Programmes.load(registry=registry, catalogue=catalogue)
    licences = load_licences({one.id for one in registry.all()})
    refuse_licensed_variants(licences, programmes)
    return Content(registry, catalogue, programmes, load_actions(), load_contact_advice(), licences)
