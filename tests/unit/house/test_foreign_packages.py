"""Each foreign package stays where it belongs: what import contracts over named modules would miss in a new file."""

import pytest

from tests.unit.house.house import ROOT, imported_names, sources

HOMES = {
    "alembic": ("store/migrations/", "store/", "cli/db.py", "tests/"),
    "authlib": ("web/oauth/", "web/oidc.py"),
    "apscheduler": ("delivery/timetable.py",),
    "click": ("cli/",),
    "cryptography": ("security/",),
    "fhir": ("web/fhir/", "delivery/plans/"),
    "flask": ("app.py", "web/", "store/database.py", "store/migrations/env.py", "delivery/simulator/", "cli/"),
    "flask_migrate": ("app.py", "store/", "cli/db.py"),
    "flask_sqlalchemy": ("store/",),
    "flask_wtf": ("web/",),
    "holidays": ("delivery/",),
    "joserfc": ("web/oauth/", "web/oidc.py"),
    "jiter": ("questionnaires/strict_json.py", "store/engine.py"),
    "marshmallow": ("web/",),
    "prometheus_client": ("web/metrics.py",),
    "psycopg": ("store/",),
    "requests": ("delivery/", "cli/"),
    "rich": ("cli/",),
    "sqlalchemy": ("store/",),
    "structlog": ("kernel/log.py", "delivery/timetable.py"),
}
"""Package -> the only places that import it."""


@pytest.mark.parametrize("package", HOMES)
def test_a_foreign_package_is_imported_only_where_it_belongs(package):
    strangers = [
        str(path.relative_to(ROOT))
        for path in sources()
        if any(name == package or name.startswith(f"{package}.") for name in imported_names(path))
        and not str(path.relative_to(ROOT)).startswith(HOMES[package])
    ]

    assert strangers == []
