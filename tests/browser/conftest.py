"""A real Chromium against the real application over HTTP; where there is no Chromium, the tests say so."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.walk import WIDTHS
from tests.browser.world import World, build_world, served

CHROMIUM = os.environ.get("SVARBRO_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Provide Chromium, started once."""
    if CHROMIUM is None:
        missing = "no Chromium found: install it, or name one in SVARBRO_TEST_CHROMIUM"
        if os.environ.get("SVARBRO_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str) -> Iterator[World]:
    """Provide the application with its demo clinic."""
    world = build_world(tmp_path / "instance", sqlite_url)
    yield world
    world.services.store.close()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Serve the application; provide its address."""
    with served(world.app) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Provide a phone-sized page of a fresh browser in which no script runs."""
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 800}, java_script_enabled=False, locale="da-DK"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


@pytest.fixture
def wide(browser: Browser, address: str) -> Iterator[Page]:
    """Provide a page with script on, as axe needs it; what breaks the rules of the page's own headers is a fault."""
    context = browser.new_context(base_url=address, viewport={"width": WIDTHS[0], "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if "Security" in message.text else None)
    yield page
    assert faults == []
    context.close()
