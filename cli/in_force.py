"""What is in force at this installation, for commands that only look."""

from dataclasses import dataclass

from delivery.content import Content, load_content
from kernel.settings import Settings
from store.adopted_at import adopted_at

NO_DATABASE = "There is no current database here: what was approved and imported is not shown."


@dataclass(frozen=True, slots=True)
class Here:
    """The content of this installation.

    Args:
        has_database: approvals and licences could be read.
    """

    content: Content
    has_database: bool


def content_here(settings: Settings) -> Here:
    """Load the content and put in force what this installation's database says.

    Raises:
        ContentError: a file is wrong.
        UnavailableError: there is a database, and it cannot be reached.
    """
    content = load_content(governed=not settings.is_demo)
    adopted = adopted_at(settings.database_url)
    if adopted is not None:
        content.adopt(adopted)
    return Here(content, adopted is not None)
