"""What a process says when it starts outside demo: which content is not sent or not used, and why."""

from app import Services
from delivery.recurrence import danish_date
from flow.content_list import awaiting, not_sendable
from kernel.log import logger

log = logger(__name__)


def tell_content(services: Services) -> None:
    """Log what is missing, a line for each file; a database that is not current is told by the probes."""
    if services.settings.is_demo or not services.store.migration_is_current():
        return
    services.use_cases.refresh()
    for name, why in not_sendable(services.content, danish_date(services.clock.now())):
        log.warning("not-sendable", code=name, outcome=why)
    for name in awaiting(services.content):
        log.warning("awaiting-approval", code=name)
