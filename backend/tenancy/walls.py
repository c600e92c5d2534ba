"""Row-level security, derived from the models after each migrate and compared with what stands."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections
from psycopg import sql

from backend.tenancy.models import DistrictOwned, Identified, setting

# Tables of no district: who may read them is said by the policy table, not by the database.
ABOVE_DISTRICTS_PREFIXES = ("django_", "account_", "mfa_", "axes_", "auth_")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it should stand."""

    table: str
    name: str
    command: str
    using: str | None
    check: str | None

    def statement(self, role: str) -> sql.Composed:
        """Return CREATE POLICY."""
        parts: list[sql.Composable] = [
            sql.SQL("CREATE POLICY {} ON {} AS PERMISSIVE FOR {} TO {}").format(
                sql.Identifier(self.name),
                sql.Identifier(self.table),
                sql.SQL(self.command),
                sql.Identifier(role),
            )
        ]
        if self.using:
            parts.append(sql.SQL("USING ({})").format(sql.SQL(self.using)))
        if self.check:
            parts.append(sql.SQL("WITH CHECK ({})").format(sql.SQL(self.check)))
        return sql.SQL(" ").join(parts)

    def digest(self) -> str:
        """Return a hash of what was wanted, kept in the policy's comment."""
        text = "|".join((self.command, self.using or "", self.check or ""))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def tenant_models() -> list[type[DistrictOwned]]:
    """Return every concrete model that a district owns."""
    return sorted(
        (model for model in apps.get_models() if issubclass(model, DistrictOwned)),
        key=lambda model: model._meta.db_table,
    )


def append_only_tables() -> set[str]:
    """Return the tables whose rows the application may add and read, and no more."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Identified) and model.APPEND_ONLY
    }


def wanted() -> list[Policy]:
    """Return all policies that the models ask for, in the order of table and name."""
    return [policy for model in tenant_models() for policy in _policies(model)]


def _policies(model: type[DistrictOwned]) -> Iterator[Policy]:
    table = model._meta.db_table
    district = "id" if model.DISTRICT_FIELD == "pk" else model.DISTRICT_FIELD
    mine = f"{district} = ANY ({setting('muster.districts')})"
    parents = "".join(  # names of our own tables and columns, never a person's words
        f" AND ({table}.{column} IS NULL OR EXISTS (SELECT 1 FROM {parent._meta.db_table} p"  # noqa: S608
        f" WHERE p.id = {table}.{column} AND p.district_id = {table}.district_id))"
        for column, parent in model.parents()
    )
    yield Policy(table, "district", "ALL", mine, mine + parents)
    for name, commands in sorted(model.CROSSINGS.items()):
        open_now = f"(SELECT current_setting('muster.crossing', true)) = '{name}'"
        for command in commands:
            yield Policy(
                table,
                f"cross_{name.replace('-', '_')}_{command.lower()}",
                command,
                None if command == "INSERT" else open_now,
                open_now if command in {"INSERT", "UPDATE"} else None,
            )
    if model.RESPONDERS is not None:
        yield Policy(table, "responders", "SELECT", model.RESPONDERS.policy(), None)


def raise_walls(using: str, **_: Any) -> None:
    """Bring row-level security and grants up to what the models ask for (after each migrate).

    Grants come table by table, after the policy: a table without a wall cannot be reached at all.
    """
    connection = connections[using]
    role = connection.settings_dict.get("APP_ROLE") or _app_role()
    tenant_tables = {model._meta.db_table for model in tenant_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner), relname FROM pg_class"
            " WHERE relkind IN ('r','p') AND relnamespace = 'public'::regnamespace"
        )
        tables = {name for owner, name in cursor.fetchall()}
        standing = _standing(cursor)
        policies = [p for p in wanted() if p.table in tables]
        for table in sorted(tenant_tables & tables):
            cursor.execute(
                sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(sql.Identifier(table))
            )
        for policy in policies:
            if standing.get((policy.table, policy.name)) == policy.digest():
                continue
            _replace(cursor, policy, role)
        names = {(p.table, p.name) for p in policies}
        for table, name in set(standing) - names:
            cursor.execute(
                sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), sql.Identifier(table))
            )
        _grant(cursor, tables, role)


def _replace(cursor: Any, policy: Policy, role: str) -> None:
    target = (sql.Identifier(policy.name), sql.Identifier(policy.table))
    cursor.execute(sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(*target))
    cursor.execute(policy.statement(role))
    cursor.execute(
        sql.SQL("COMMENT ON POLICY {} ON {} IS {}").format(
            *target, sql.Literal(f"{policy.digest()} {_printed(cursor, policy)}")
        )
    )


def _printed(cursor: Any, policy: Policy) -> str:
    """Return a hash of what the catalogue prints, so that ALTER POLICY by hand is found."""
    cursor.execute(
        "SELECT md5(concat_ws('|', cmd, roles::text, qual, with_check)) FROM pg_policies"
        " WHERE schemaname = 'public' AND tablename = %s AND policyname = %s",
        [policy.table, policy.name],
    )
    return str(cursor.fetchone()[0])


def _standing(cursor: Any) -> dict[tuple[str, str], str]:
    """Return the digest of each standing policy; an altered one matches none."""
    cursor.execute(
        "SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy'),"
        " (SELECT md5(concat_ws('|', v.cmd, v.roles::text, v.qual, v.with_check))"
        "  FROM pg_policies v WHERE v.schemaname = 'public'"
        "  AND v.tablename = c.relname AND v.policyname = p.polname)"
        " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        " WHERE c.relnamespace = 'public'::regnamespace"
    )
    found: dict[tuple[str, str], str] = {}
    for table, name, comment, printed in cursor.fetchall():
        digest, _, recorded = (comment or "").partition(" ")
        found[table, name] = digest if recorded == printed else "altered"
    return found


def _grant(cursor: Any, tables: set[str], role: str) -> None:
    target = sql.Identifier(role)
    append_only = append_only_tables()
    for table in sorted(tables):
        if table == "django_migrations":
            rights = sql.SQL("SELECT")
        elif table in append_only:
            rights = sql.SQL("SELECT, INSERT")
            # a table may have become one after it was granted more
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), target)
            )
        else:
            rights = sql.SQL("SELECT, INSERT, UPDATE, DELETE")
        cursor.execute(
            sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(table), target)
        )
    cursor.execute(
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(target)
    )


def _may_change(cursor: Any, table: str) -> bool:
    """Return whether the present role may change or remove rows."""
    cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')", [table])
    return bool(cursor.fetchone()[0])


def _app_role() -> str:
    from django.conf import settings  # noqa: PLC0415

    return str(settings.DATABASES["default"]["USER"])


def differences() -> list[str]:
    """Return in words what in the database is not as the models ask; empty when all stands."""
    connection = connections["default"]
    wrong: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            wrong.append("the application's role is a superuser or bypasses row security")
        cursor.execute(
            "SELECT relname, relrowsecurity, relowner = (SELECT oid FROM pg_roles WHERE rolname ="
            " current_user), EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND"
            " a.attname = 'district_id' AND NOT a.attisdropped), relkind FROM pg_class c"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','p','v','m')"
        )
        rows = cursor.fetchall()
        tenant = {model._meta.db_table for model in tenant_models()}
        for name, secured, owned, has_district, kind in rows:
            if owned:
                wrong.append(f"the application's role owns {name}")
            if name in tenant and not secured:
                wrong.append(f"{name} has no row security")
            if has_district and (name not in tenant or kind in {"v", "m"}):
                wrong.append(f"{name} has a district but is no record of one")
        wrong += [
            f"the application's role may change rows of {table}"
            for table in append_only_tables()
            if _may_change(cursor, table)
        ]
        standing = _standing(cursor)
        expected = {(p.table, p.name): p.digest() for p in wanted()}
        wrong += [f"policy {n} on {t} is missing" for t, n in expected.keys() - standing.keys()]
        wrong += [f"policy {n} on {t} is not ours" for t, n in standing.keys() - expected.keys()]
        wrong += [
            f"policy {n} on {t} was changed"
            for (t, n), digest in standing.items()
            if (t, n) in expected and expected[t, n] != digest
        ]
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        wrong += [f"function {row[0]} runs as its definer" for row in cursor.fetchall()]
    return sorted(wrong)
