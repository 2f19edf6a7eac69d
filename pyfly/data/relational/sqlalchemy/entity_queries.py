"""Statements that are meant for entities, as JPQL is: they look like SQL, and are none."""

import re
from typing import Any, Final

from pyfly.data.derivation.signatures import SignatureError
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping

_LITERALS: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_SOURCES: Final = re.compile(
    r"\b(?:from|join|update|into)\s+([A-Za-z_]\w*)\b(?!\s*[.(])(?:\s+(?:as\s+)?(\w+))?", re.IGNORECASE
)
_SELECTED: Final = re.compile(
    r"^[\s(]*select\s+(?:distinct\s+)?(?:count\s*\(\s*(?:distinct\s+)?)?([A-Za-z_]\w*)\s*\)?\s+from\b",
    re.IGNORECASE,
)


def require_sql(written: str, mapping: EntityMapping[Any]) -> None:
    """Refuse a statement about entities instead of tables.

    Raises:
        SignatureError: It names the class of an entity where SQL has a table, or selects the entity itself.
    """
    plain = _LITERALS.sub(" ", written)
    entities = {each.class_.__name__: str(each.local_table) for each in mapping.mapper.registry.mappers}
    tables = {table.name.lower() for table in mapping.mapper.registry.metadata.tables.values()}
    selected = _SELECTED.match(plain)
    for source in _SOURCES.finditer(plain):
        name, alias = source.group(1), source.group(2)
        if name not in entities or re.search(rf"\b{name}\s*(?:\([^)]*\))?\s+as\s*\(", plain, re.IGNORECASE):
            continue
        is_selected = selected is not None and alias is not None and selected.group(1) == alias
        if name.lower() not in tables or is_selected:
            table = entities[name]
            raise SignatureError(
                f"its statement is about the entity '{name}', as in JPQL, and @query takes SQL on the table {table}, "
                f"or a statement of SQLAlchemy: select({name})"
            )
