"""How the tables of a database differ from the entities."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Dialect, MetaData, Table, inspect
from sqlalchemy.engine.reflection import ObjectKind

from pyfly.data.relational.sqlalchemy.migrations.renamed_types import is_other_type

_SHOWN: dict[str, Callable[..., str]] = {
    "add_table": lambda table: f"table {_name(table)} is missing",
    "remove_table": lambda table: f"table {_name(table)} belongs to no entity",
    "add_column": lambda schema, table, column: f"column {table}.{column.name} is missing",
    "remove_column": lambda schema, table, column: f"column {table}.{column.name} belongs to no entity",
    "add_index": lambda index: f"index {index.name} on {_name(index.table)} is missing",
    "remove_index": lambda index: f"index {index.name} on {_name(index.table)} belongs to no entity",
    "add_constraint": lambda item: f"constraint {item.name or ''} on {_name(item.table)} is missing",
    "remove_constraint": lambda item: (
        f"constraint {item.name or ''} on {_name(item.table)} belongs to no entity"
    ),
    "add_fk": lambda item: f"foreign key {item.name or ''} on {_name(item.table)} is missing",
    "remove_fk": lambda item: f"foreign key {item.name or ''} on {_name(item.table)} belongs to no entity",
}


_MATTERS = ("modify_type", "modify_nullable")


def described(differences: Iterable[Any], dialect: Dialect) -> Iterator[str]:
    """Yield what Alembic found, each difference in words."""
    for each in differences:
        if isinstance(each, list):
            yield from described(each, dialect)
        elif (words := _SHOWN.get(each[0])) is not None:
            yield words(*each[1:])
        elif each[0].startswith("modify_"):
            kind, schema, table, column, _kept, there, wanted = each
            yield f"column {schema + '.' if schema else ''}{table}.{column}{_changed(kind, there, wanted, dialect)}"
        else:
            yield " ".join(str(part) for part in each)


def unlike(differences: Iterable[Any]) -> Iterator[Any]:
    """Yield those of what Alembic found that are columns of another type, or nullable where the entity is not."""
    for each in differences:
        if isinstance(each, list):
            yield from unlike(each)
        elif each[0] in _MATTERS:
            yield each


def compared(
    connection: Connection, metadata: Sequence[MetaData], elsewhere: Collection[object]
) -> list[Any]:
    """Return how the tables that both have differ, where there are no revisions whose options say what to compare."""
    schemas = _by_schema(metadata, elsewhere)
    names = {schema: {table.name for table in tables} for schema, tables in schemas.items()}

    def is_ours(name: str | None, kind: str, parents: Any) -> bool:
        if kind == "schema":
            return name in schemas
        return kind != "table" or name in names.get(parents.get("schema_name"), ())

    options = {
        "include_name": is_ours,
        "include_object": lambda found, *_: found not in elsewhere,
        "include_schemas": set(schemas) != {None},
        "compare_type": is_other_type,
    }
    wanted: Any = list(metadata)  # Alembic takes several, and says it takes one.
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))


def _changed(kind: str, there: Any, wanted: Any, dialect: Dialect) -> str:
    if kind == "modify_type":
        return f" is {there.compile(dialect=dialect)}, not {wanted.compile(dialect=dialect)}"
    if kind == "modify_nullable":
        return (
            " refuses null, which the entity allows" if wanted else " allows null, which the entity refuses"
        )
    return f": {kind.removeprefix('modify_')} is {there!r}, not {wanted!r}"


def missing(
    connection: Connection, metadata: Sequence[MetaData], elsewhere: Collection[object] = ()
) -> tuple[str, ...]:
    """Return the tables and columns of *metadata* that the database has not; what it has besides does not count."""
    found: list[str] = []
    for schema, tables in _by_schema(metadata, elsewhere).items():
        # Entities may be mapped on views.
        columns = inspect(connection).get_multi_columns(
            schema=schema, filter_names=[t.name for t in tables], kind=ObjectKind.ANY
        )
        there = {name: {each["name"] for each in listed} for (_, name), listed in columns.items()}
        for table in tables:
            if table.name not in there:
                found.append(f"table {_name(table)} is missing")
            else:
                absent = (column.name for column in table.columns if column.name not in there[table.name])
                found += [f"column {_name(table)}.{name} is missing" for name in absent]
    return tuple(found)


def present(
    connection: Connection, metadata: Sequence[MetaData], elsewhere: Collection[object] = ()
) -> tuple[str, ...]:
    """Return the names of those tables of *metadata* that the database has."""
    inspector = inspect(connection)
    return tuple(
        _name(table)
        for schema, tables in _by_schema(metadata, elsewhere).items()
        for names in (set(inspector.get_table_names(schema=schema)),)
        for table in tables
        if table.name in names
    )


def _by_schema(metadata: Sequence[MetaData], elsewhere: Collection[object]) -> dict[str | None, list[Table]]:
    grouped: dict[str | None, list[Table]] = {}
    for each in metadata:
        for table in each.sorted_tables:
            if table not in elsewhere:
                grouped.setdefault(table.schema, []).append(table)
    return grouped


def _name(table: Any) -> str:
    return str(getattr(table, "fullname", table))
