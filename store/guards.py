"""The guards: triggers by which the database itself refuses changes and queues what is to be sealed."""

from sqlalchemy import Connection

SEALED = ("audit_event", "score", "score_history")
UNCHANGED = (*SEALED, "audit_chain", "audit_cut")
GUARDS = frozenset(
    {
        *(f"{name}_sealed" for name in SEALED),
        *(f"{name}_unchanged" for name in UNCHANGED),
        *(f"{name}_kept" for name in UNCHANGED),
    }
)
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Name the guards that somebody took away or switched off."""
    there = set(connection.exec_driver_sql(PRESENT[connection.dialect.name]).scalars())
    return tuple(sorted(GUARDS - there))
