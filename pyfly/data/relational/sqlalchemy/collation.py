"""How tables that are made in MariaDB and MySQL compare text: as every other database does."""

import re
from typing import Any

from sqlalchemy import Dialect, Table

_OPTIONS = re.compile(r"(default_)?(character_set|charset|collate)")
_NAME = re.compile(r"\w+")
DATABASE = "database"
"""Says that tables compare text as their database does."""


def compare_exactly(dialect: Dialect, collation: str = "") -> None:
    """Let the tables that *dialect* makes tell upper from lower case, accents, and blanks at the end.

    A table or a column that names a collation of its own keeps it. Other databases compare so anyway.

    Args:
        dialect: Of one engine; others are not touched.
        collation: Instead of the exact one; ``database`` is that of the database.

    Raises:
        ValueError: *collation* is no name.
    """
    if dialect.name not in ("mysql", "mariadb") or collation == DATABASE:
        return
    if collation and not _NAME.fullmatch(collation):
        raise ValueError(f"'{collation}' is no collation")
    plain: Any = dialect.ddl_compiler

    class ExactDDLCompiler(plain):  # type: ignore[misc]  # whichever compiler the dialect has
        """Names the collation of each new table."""

        def post_create_table(self, table: Table) -> str:
            said = str(super().post_create_table(table))
            if any(_is_option(key, dialect.name) for key in table.kwargs):
                return said
            return f"{said} COLLATE {collation or exact_collation(dialect)}"

    dialect.ddl_compiler = ExactDDLCompiler


def exact_collation(dialect: Any) -> str:
    """Return the collation of *dialect* that compares character by character, padding nothing if it has such a one."""
    if dialect.name == "mariadb" or getattr(dialect, "is_mariadb", False):
        return "utf8mb4_nopad_bin"
    return "utf8mb4_0900_bin" if (dialect.server_version_info or ()) >= (8, 0, 17) else "utf8mb4_bin"


def _is_option(key: str, dialect: str) -> bool:
    prefix, _, option = key.partition("_")
    return prefix == dialect and bool(_OPTIONS.fullmatch(option))
