"""The second wall between clinics on PostgreSQL: row-level security."""

from alembic import op

revision = "0015_row_security"
down_revision = "0014_oauth"
branch_labels = None
depends_on = None

ROLES = ("svarbro_clinic", "svarbro_house")
MAKE = """
DO $$
DECLARE may_take boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        BEGIN
            CREATE ROLE {role} NOLOGIN NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- Another database of the same server was first: roles belong to the server.
        END;
    END IF;
    IF current_setting('server_version_num')::int >= 160000 THEN
        may_take := pg_has_role(current_user, '{role}', 'SET');
    ELSE
        may_take := pg_has_role(current_user, '{role}', 'MEMBER');
    END IF;
    IF NOT may_take THEN
        GRANT {role} TO CURRENT_USER;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema());
END $$
"""
OPEN = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT tablename, policyname FROM pg_policies
        WHERE schemaname = current_schema() AND policyname IN ('svarbro_clinic', 'svarbro_house')
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', found.policyname, found.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', found.tablename);
    END LOOP;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM svarbro_clinic, svarbro_house', current_schema());
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM svarbro_clinic, svarbro_house', current_schema());
END $$
"""


def upgrade() -> None:
    """Make the roles; which table shows them what is written from the tables themselves after each upgrade."""
    if op.get_bind().dialect.name == "postgresql":
        for role in ROLES:
            op.execute(MAKE.format(role=role))


def downgrade() -> None:
    """Take the wall away; the roles stay, for they are the server's and other databases may use them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(OPEN)
