"""A very small browser for the demo: it presses on through pages as a patient without JavaScript would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class PageForm:
    """A form of a page: where it goes, and what it carries besides the answer."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms and the button-like link of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.onward: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of forms, their inputs, and the first link that looks like a button."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form" and attributes.get("method") == "post":
            self.forms.append(PageForm(attributes["action"]))
        elif tag == "input" and self.forms:
            self._take(self.forms[-1], attributes)
        elif tag == "a" and attributes.get("class") == "button" and self.onward is None:
            self.onward = attributes["href"]

    @staticmethod
    def _take(form: PageForm, attributes: dict[str, str]) -> None:
        if attributes["type"] == "radio":
            form.choices.setdefault(attributes["name"], []).append(attributes["value"])
        elif attributes["type"] == "hidden":
            form.fields[attributes["name"]] = attributes.get("value", "")
