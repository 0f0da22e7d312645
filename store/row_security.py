"""The second wall between clinics, on PostgreSQL: a transaction takes on a role, and policies say what it sees."""

from collections.abc import Iterator

from sqlalchemy import Connection, MetaData, Table, inspect

CLINIC_ROLE = "svarbro_clinic"
"""Sees and changes the rows of the one clinic that the transaction is for."""
HOUSE_ROLE = "svarbro_house"
"""Sees all: what comes before a clinic is known, and the work of the worker."""
CLINIC = "app.clinic"
"""Setting of a transaction: the clinic that it is for; without it there is none, and no row is seen."""
FROM_REVISION = "0015"
"""Since this migration the roles are there."""
ACTS = "SELECT, INSERT, UPDATE, DELETE"
POLICIES = {CLINIC_ROLE: f"{{tenant}} = current_setting('{CLINIC}', true)", HOUSE_ROLE: "true"}
"""Role -> which rows of a clinic's table it sees and may leave behind."""
REVISIONS = "alembic_version"


def tenant_of(table: Table) -> str | None:
    """Return the column that says whose a row is; None for what is the same for the whole deployment."""
    if "clinic_id" in table.c:
        return "clinic_id"
    return "id" if table.name == "clinic" else None


def secure(connection: Connection, metadata: MetaData) -> None:
    """Give every table that is there its grants and policies; done already, it changes nothing."""
    there = set(inspect(connection).get_table_names())
    missing = set(unsecured(connection, metadata))
    # Whether the database is current is asked before there are roles.
    connection.exec_driver_sql(f"GRANT SELECT ON {REVISIONS} TO PUBLIC")
    for table in metadata.sorted_tables:
        if table.name in there & missing:
            for statement in _statements(table):
                connection.exec_driver_sql(statement)


def unsecured(connection: Connection, metadata: MetaData) -> tuple[str, ...]:
    """Name the tables that lack a grant, a policy, or the wall itself."""
    guarded = set(connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relrowsecurity").scalars())
    policies = {tuple(row) for row in connection.exec_driver_sql(OUR_POLICIES)}
    granted = set(connection.exec_driver_sql(OUR_GRANTS).scalars())
    return tuple(
        table.name
        for table in metadata.sorted_tables
        if table.name not in granted
        or (tenant_of(table) and not (table.name in guarded and {(table.name, role) for role in POLICIES} <= policies))
    )


OUR_POLICIES = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()"
OUR_GRANTS = f"""
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
AND has_table_privilege('{HOUSE_ROLE}', oid, 'INSERT') AND has_table_privilege('{CLINIC_ROLE}', oid, 'SELECT')
"""  # noqa: S608 - constants of ours


def _statements(table: Table) -> Iterator[str]:
    """Write what a table lacks, whatever part of it is there."""
    tenant = tenant_of(table)
    yield f"GRANT {ACTS} ON {table.name} TO {HOUSE_ROLE}"
    yield f"GRANT {ACTS if tenant else 'SELECT'} ON {table.name} TO {CLINIC_ROLE}"
    if tenant is None:
        return
    yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY"
    for role, rows in POLICIES.items():
        seen = rows.format(tenant=tenant)
        yield f"DROP POLICY IF EXISTS {role} ON {table.name}"
        yield f"CREATE POLICY {role} ON {table.name} TO {role} USING ({seen}) WITH CHECK ({seen})"


def taking_on(clinic_id: str | None) -> str:
    """Write how a transaction begins that sees one clinic, or with None all of them."""
    if clinic_id is None:
        return f"BEGIN; SET LOCAL ROLE {HOUSE_ROLE}"
    quoted = clinic_id.replace("'", "''")
    return f"BEGIN; SET LOCAL ROLE {CLINIC_ROLE}; SET LOCAL {CLINIC} = '{quoted}'"
