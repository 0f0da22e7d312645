"""A browser that tells whether any script ran, and what of a page only a script-writer would have put there."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Dialog, Page

ROOT = Path(__file__).parents[2]
PAYLOADS = tuple((ROOT / "tests/fixtures/xss.txt").read_text(encoding="utf-8").splitlines())
CORPUS = " ".join(PAYLOADS)
FOREIGN = """() => [...document.querySelectorAll("*")].flatMap(one => [
    ...(one.matches("script:not([src^='/static/']), iframe, object, embed, base, style, animate, set, math, img"
        + ", image, video, audio, marquee")
        ? [one.localName] : []),
    ...[...one.attributes].filter(held => /^on|^style$|^srcdoc$/i.test(held.name)
        || /^\\s*(javascript|vbscript|data):/i.test(held.value)).map(held => `${one.localName}.${held.name}`)])
    .filter(name => !["option.value", "input.value", "button.value", "textarea.value"].includes(name))"""
"""Elements and attributes that no page of ours has; what a field holds as its value is only text."""
SHOWN = """told => { const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) found.push(walk.currentNode.data);
    for (const one of document.querySelectorAll("*")) for (const held of one.attributes) found.push(held.value);
    for (const one of document.querySelectorAll("textarea, input")) found.push(one.value);
    return told.filter(words => found.some(text => text.includes(words))); }"""


class Watched:
    """One browser window in which scripts may run; each that does is counted."""

    def __init__(self, context: BrowserContext) -> None:
        self.hits: list[str] = []
        context.expose_binding("hit", lambda source, *_: self.hits.append(source["frame"].name or source["page"].url))
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("dialog", self._refuse)

    def _refuse(self, dialog: Dialog) -> None:
        self.hits.append("dialog")
        dialog.dismiss()

    def settle(self) -> None:
        """Let what a page would run come to run: two frames are painted, errors of images included."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def watched(browser: Browser, address: str, *, without_policy: bool) -> Watched:
    """Open a window.

    Args:
        without_policy: the browser does not keep the page's Content-Security-Policy, so that only escaping protects.
    """
    return Watched(browser.new_context(base_url=address, bypass_csp=without_policy, locale="da-DK"))
