"""The first wall between clinics taken away: every statement loses the condition on whose rows it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BinaryExpression, BindParameter, Engine, event
from sqlalchemy.sql.operators import eq
from sqlalchemy.sql.visitors import replacement_traverse


@contextmanager
def without_predicates() -> Iterator[None]:
    """Let every statement of this process see rows of all clinics, as far as the database itself lets it."""
    event.listen(Engine, "before_execute", _blind, retval=True)
    try:
        yield
    finally:
        event.remove(Engine, "before_execute", _blind)


def _blind(_connection: Any, clause: Any, many: Any, values: Any, _options: Any) -> tuple[Any, Any, Any]:
    if getattr(clause, "is_dml", False) or getattr(clause, "is_select", False):
        clause = replacement_traverse(clause, {}, _freed)
    return clause, many, values


def _freed(element: Any, **_: Any) -> Any:
    """Replace `clinic_id = :clinic` by `:clinic = :clinic`, so that the parameter is still there."""
    if not isinstance(element, BinaryExpression) or element.operator is not eq:
        return None
    is_tenant = getattr(element.left, "name", "") == "clinic_id" and isinstance(element.right, BindParameter)
    return element.right == element.right if is_tenant else None
