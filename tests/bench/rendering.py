"""Row 9: what the page of one question costs to render, beside a plain Jinja template that writes the same page."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask, render_template, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import DictLoader, Environment, Template

from flow.overview import Overview, Page
from store.engine import open_engine
from store.migration import upgrade
from tests.bench.extent import Extent
from tests.bench.figures import Figure, interleaved
from tests.browser.world import build_world
from web.patient.sheet import Sheets
from web.patient.show import shown

REPEATS = 60
PLAIN = """<!doctype html><html lang="da"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<meta name="color-scheme" content="light"><title>Spørgsmål {{ place }} af {{ total }} – {{ clinic }}</title>
<link rel="icon" href="{{ mark }}" type="image/svg+xml"><link rel="stylesheet" href="{{ styles }}">
<script src="{{ script }}" defer></script></head><body class="patient">
<a class="skip-link" href="#main">Gå til indholdet</a><header class="top"><div class="inside">
<p class="sender"><strong>{{ clinic }}</strong> <span>Dit forløb</span></p>
<nav class="languages" aria-label="Sprog"><a href="{{ path }}?lang=en" lang="en" hreflang="en">English</a></nav>
</div></header><main id="main"><div class="progress"><p>Spørgsmål {{ place }} af {{ total }}</p>
<progress max="{{ total }}" value="{{ place - 1 }}" aria-hidden="true"></progress></div>
<form method="post" action="{{ path }}" novalidate><input type="hidden" name="csrf_token" value="{{ token }}">
<input type="hidden" name="back" value=""><p class="form-title" translate="no">{{ title }}</p>
<fieldset{% if recall %} aria-describedby="recall"{% endif %}>
<legend><h1 tabindex="-1" autofocus translate="no">{{ text }}</h1></legend>
{% if recall %}<p class="recall" id="recall" translate="no">{{ recall }}</p>{% endif %}
{% if low %}<div class="anchors" translate="no"><p id="low">{{ low }}</p>
<p id="high">{{ high }}</p></div>{% endif %}
<div class="options {{ layout }}">{% for one in options %}<label class="option" translate="no"><input type="radio"
name="answer" value="{{ one.value }}"{% if loop.first %} id="answer"{% endif %}{% if one.chosen %} checked{% endif %}>
<span>{{ one.label }}</span></label>{% endfor %}</div></fieldset><p class="kept" id="kept" role="status"></p>
<div class="buttons"><button class="button" name="do" value="next">Næste</button>
<button class="button plain" name="do" value="back">Tilbage</button>
<button class="button plain" name="do" value="skip">Spring over</button></div></form></main>
<footer class="help"><div class="inside"><h2>Brug for hjælp?</h2><p>Ring til {{ clinic }}:
<a class="phone" href="tel:{{ phone }}">{{ phone }}</a></p>
<p>Er det akut? Ring <a class="phone" href="tel:112">112</a></p>
</div></footer></body></html>"""


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row."""
    directory.mkdir()
    url = f"sqlite:///{directory / 'form.db'}"
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    world = build_world(directory, url)
    form = world.services.use_cases.form
    overview = form.overview(form.open(world.invite().token))
    pages = [page for page in overview.questions if page.form.questionnaire.id == "cat"]
    bare = Environment(loader=DictLoader({"page": PLAIN}), autoescape=True).get_template("page")
    within = world.app.jinja_env.from_string(PLAIN)
    ways: dict[str, Callable[[], float]] = {
        "ours": _timed(lambda: _ours(world.app, overview, pages)),
        "plain Jinja": _timed(lambda: _plain(world.app, within, overview, pages)),
        "Jinja alone": _timed(lambda: [bare.render(**_given(overview, page)) for page in pages]),
    }
    series = interleaved(ways, extent.rounds)
    world.services.store.close()
    each = len(pages)
    return (
        # No gate: ours also finds its place among all questions, its neighbours and its address, and its own words.
        Figure(
            9,
            "page of one question / a plain Jinja template of the same page",
            f"{series.ratio('ours', 'plain Jinja'):.3g} x",
        ),
        *(Figure(9, f"  {name}", f"{series.median(name) / each:.0f} us") for name in ways),
    )


def _timed(way: Callable[[], Any]) -> Callable[[], float]:
    """Make a measurement of one way: CPU microseconds for all pages."""
    way()

    def measure() -> float:
        begin = time.process_time_ns()
        for _ in range(REPEATS):
            way()
        return (time.process_time_ns() - begin) / REPEATS / 1000

    return measure


SHEETS = Sheets()


def _ours(app: Flask, overview: Overview, pages: list[Page]) -> None:
    with app.test_request_context("/p/q/14"):
        for page in pages:
            shown(SHEETS, overview, page)


def _plain(app: Flask, template: Template, overview: Overview, pages: list[Page]) -> None:
    """Render the plain page as any Flask application would: with its context, a token and the address of its form."""
    with app.test_request_context("/p/q/14"):
        for page in pages:
            told = {"token": generate_csrf(), "path": url_for("patient.question", number=page.number)}
            render_template(template, **{**_given(overview, page), **told})


def _given(overview: Overview, page: Page) -> Mapping[str, Any]:
    item, of = page.item, page.form.questionnaire
    return {
        "place": 17,
        "total": 25,
        "clinic": overview.clinic.name,
        "phone": overview.clinic.phone,
        "mark": "/static/mark.svg",
        "styles": "/static/pages.css",
        "script": "/static/form.js",
        "path": "/p/q/14",
        "token": "x" * 90,
        "title": of.title.da,
        "text": item.text.da,
        "recall": of.recall.da,
        "low": item.low.da if item.low else "",
        "high": item.high.da if item.high else "",
        "layout": "row",
        "options": [{"value": one.code, "label": one.display.da, "chosen": False} for one in item.options],
    }
