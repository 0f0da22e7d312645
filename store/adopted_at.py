"""What a database says of the content, for commands that look at it without starting the service."""

from pathlib import Path

from delivery.adopted import Adopted
from store.adopted import read_adopted
from store.engine import connection_url, open_engine
from store.faults import translated
from store.migration import current_revision, expected_head


def adopted_at(url: str) -> Adopted | None:
    """Read what a deployment added to the content.

    Returns:
        None where there is no database yet, or one that `svarbro db upgrade` must bring to the newest migration first.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    parsed = connection_url(url)
    if parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).exists()):
        return None
    engine = open_engine(url)
    try:
        with translated(), engine.connect() as connection:
            return read_adopted(connection) if current_revision(connection) == expected_head() else None
    finally:
        engine.dispose()
