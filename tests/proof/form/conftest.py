"""The browser and the application of the browser tests; brought in once, or two browsers would start in one process."""

from tests.browser.conftest import address, browser, world

__all__ = ["address", "browser", "world"]
