"""All clinical content of this deployment, loaded and checked together."""

from dataclasses import dataclass

from delivery.programme import Programmes
from questionnaires.registry import Registry
from scoring.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Content:
    """The content files, compiled; never changed after loading.

    Args:
        questionnaires: what can be asked.
        catalogue: rules and decision tables.
        programmes: what is asked when.
    """

    questionnaires: Registry
    catalogue: Catalogue
    programmes: Programmes


def load_content() -> Content:
    """Load the service's own content.

    Raises:
        ContentError: a file is wrong, or names what no other file has: the start stops.
    """
    registry = Registry.load()
    catalogue = Catalogue.load(registry)
    return Content(registry, catalogue, Programmes.load(registry=registry, catalogue=catalogue))
