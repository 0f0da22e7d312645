"""What all pages share: texts and language, CSRF, template globals, and the page that says what went wrong."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, make_response, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from flow.form import LinkAloneError, LinkClosedError
from kernel.errors import SvarbroError
from questionnaires.model import Text

LANGUAGES: Mapping[str, str] = MappingProxyType({"da": "Dansk", "en": "English"})
DANISH_TIME = ZoneInfo("Europe/Copenhagen")
PROBLEMS = MappingProxyType(
    {400: "invalid", 401: "not-signed-in", 403: "forbidden", 404: "not-found", 405: "not-found", 409: "conflict",
     410: "expired", 413: "invalid", 415: "invalid", 421: "not-found", 422: "invalid", 429: "too-many",
     503: "unavailable"}
)  # fmt: skip
"""HTTP status -> group of texts; anything else is `unknown`."""

PHONE = re.compile(r"\d[\d ]+\d")
"""A telephone number in a sentence: three digits or more; hours such as 8-16 are none."""

_HERE = Path(__file__).parent
_LANGUAGE = "svarbro.language"
csrf = CSRFProtect()


@cache
def texts(language: str) -> Mapping[str, str]:
    """Load the texts of one language; what has no translation is Danish."""
    danish = json.loads((_HERE / "templates/texts/da.json").read_text(encoding="utf-8"))
    chosen = json.loads((_HERE / f"templates/texts/{language}.json").read_text(encoding="utf-8"))
    return MappingProxyType({**danish, **chosen})


def language() -> str:
    """Tell the language of this page: patients may switch, the clinic's pages are Danish."""
    # Every word of a page asks, so the answer is kept with the request.
    kept = request.environ.get(_LANGUAGE)
    if kept is None:
        kept = request.environ[_LANGUAGE] = _chosen_language()
    return str(kept)


def _chosen_language() -> str:
    if request.path.startswith("/clinic"):
        return "da"
    chosen = str(request.args.get("lang") or session.get("language"))
    return chosen if chosen in LANGUAGES else "da"


def text(key: str, **values: object) -> str:
    """Return one text in the language of this page, filled in.

    Raises:
        KeyError: no such text; a test looks each one up.
    """
    return texts(language())[key].format(**values)


def init_pages(app: Flask) -> None:
    """Give the app what its pages share: texts, filters and CSRF protection.

    CSRF is checked by the page blueprints alone (`protect`): systems carry a bearer token or a signature instead.
    """
    # No referrer check: our own Referrer-Policy keeps browsers from sending one; the token is what counts.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    # The address of an asset holds its digest, so browsers may keep it.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(days=365)
    csrf.init_app(app)
    app.jinja_env.globals.update(t=text, language=language, languages=LANGUAGES, asset=_asset)
    app.jinja_env.filters["phones"] = linked_phones
    app.jinja_env.filters.update(
        date=_date,
        day=_day,
        moment=_moment,
        hour=_hour,
        tr=_translated,
        lang=_language_of,
        short=_short,
    )


def protect() -> None:
    """Keep the language that was chosen, and refuse a form that does not carry our token.

    Raises:
        CSRFError: the token is missing, foreign or from an ended session.
    """
    keep_language()
    csrf.protect()


def keep_language() -> None:
    """Keep the language that a link or the app that hands a patient over names; anything else changes nothing."""
    if request.values.get("lang") in LANGUAGES:
        session["language"] = request.values["lang"]


@dataclass(frozen=True, slots=True)
class _Problem:
    status: int
    texts: str


def render_problem(error: SvarbroError | HTTPException | None, reference: str | None = None) -> Response:
    """Tell a person what went wrong, in plain words and without any detail of the error.

    Args:
        error: what was raised; None when it is unknown.
        reference: id that finds the error in the log; shown only for faults of ours.
    """
    problem = _problem(error)
    in_clinic = request.path.startswith("/clinic")
    clinic = error.clinic if isinstance(error, LinkClosedError) else g.get("clinic")
    page = render_template(
        "clinic/problem.html" if in_clinic else "patient/problem.html",
        problem=problem.texts,
        clinic=clinic,
        has_visit="visit" in session,
        reference=reference if problem.status >= 500 else None,
    )
    return make_response(page, problem.status)


def _problem(error: SvarbroError | HTTPException | None) -> _Problem:
    if isinstance(error, LinkClosedError):
        return _Problem(error.status, error.why)
    if isinstance(error, LinkAloneError):
        return _Problem(error.status, "link-alone")
    if isinstance(error, CSRFError):
        return _Problem(400, "form")
    status = (error.code or 500) if isinstance(error, HTTPException) else error.status if error else 500
    return _Problem(status, PROBLEMS.get(status, "unknown"))


def linked_phones(words: str) -> Markup:
    """Let the telephone numbers of a sentence be called by a tap; everything else is escaped."""
    parts, end = [], 0
    for found in PHONE.finditer(words):
        number = found.group()
        link = Markup('<a class="phone" href="tel:{}">{}</a>').format(number.replace(" ", ""), number)
        parts += [Markup.escape(words[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*parts, Markup.escape(words[end:])])


@cache
def _digest(name: str) -> str:
    return sha256((_HERE / "static" / name).read_bytes()).hexdigest()[:12]


def _asset(name: str) -> str:
    return url_for("static", filename=name, v=_digest(name))


def _day(moment: datetime) -> str:
    """Write a date in words: `fredag den 20. november 2026`."""
    local = moment.astimezone(DANISH_TIME)
    weekday = text("calendar.weekdays").split()[local.weekday()]
    return text("calendar.day", weekday=weekday, day=local.day, month=_month(local), year=local.year)


def _date(day: date) -> str:
    """Write a date: `20. november 2026`."""
    return text("calendar.date", day=day.day, month=_month(day), year=day.year)


def _moment(moment: datetime) -> str:
    """Write date and time of day: `20. november 2026 kl. 10.42`."""
    local = moment.astimezone(DANISH_TIME)
    return text("calendar.moment", day=local.day, month=_month(local), year=local.year, time=local)


def _hour(moment: datetime) -> str:
    """Write until when: the next whole hour, such as `fredag den 20. november kl. 11`; never earlier than it is."""
    late = moment.astimezone(DANISH_TIME) + timedelta(minutes=59, seconds=59)
    weekday = text("calendar.weekdays").split()[late.weekday()]
    return text("calendar.hour", weekday=weekday, day=late.day, month=_month(late), hour=late.hour)


def _month(local: date) -> str:
    return text("calendar.months").split()[local.month - 1]


def _translated(value: Text | None) -> str:
    """Return a content text in the language of this page; nothing for none."""
    return value.in_language(language()) if value else ""


def _language_of(value: Text | None) -> Markup:
    """Return the attribute that says that a content text is Danish, on a page of another language; else nothing."""
    has = not value or language() == "da" or {**dict(value.more), "en": value.en}.get(language())
    return Markup("") if has else Markup(' lang="da"')


def _short(canonical: str | None) -> str:
    """Write a canonical without its address: `cat 2.0.0`; nothing for none."""
    return (canonical or "").rsplit("/", 1)[-1].replace("|", " ")
