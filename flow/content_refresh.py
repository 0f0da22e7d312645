"""CONTENT: a process puts in force what another process added to the content."""

from dataclasses import dataclass

from delivery.content import Content
from store.database import Store


@dataclass(frozen=True, slots=True)
class RefreshContent:
    """The use case, called before each request and each tick: one number is compared, and mostly no more happens."""

    store: Store
    content: Content

    def __call__(self) -> bool:
        """Put in force what was approved and imported since this process last looked.

        Returns:
            Whether anything changed.
        """
        if self.store.content_revision() == self.content.adopted.revision:
            return False
        self.content.adopt(self.store.adopted())
        return True
