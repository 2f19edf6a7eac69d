"""Types that a database stores under another name, which Alembic takes for differences."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlalchemy import Dialect

_SIZED: Final = re.compile(r"(FLOAT|BLOB|TEXT)\((\d+)\)")
_FLOATS: Final = (("REAL", "DOUBLE PRECISION"), ("FLOAT", "DOUBLE"))
_SINGLE_PRECISION: Final = 24
_LENGTHS: Final = ((0xFF, "TINY"), (0xFFFF, ""), (0xFFFFFF, "MEDIUM"), (0xFFFFFFFF, "LONG"))
_BYTES_PER_CHARACTER: Final = 4


def is_other_type(context: Any, _there: object, _wanted: object, there: Any, wanted: Any) -> bool | None:
    """Return that types which only have another name are the same, and leave the others to Alembic.

    Its ``compare_type`` option may be this function, or one that calls it.
    """
    dialect: Dialect = context.dialect
    found = _SIZED.match(wanted.compile(dialect=dialect))
    if found is None:
        return None
    shown = there.compile(dialect=dialect)
    names = _NAMES[found[1]](dialect.name, int(found[2]))
    return False if any(re.match(rf"{name}\b", shown) for name in names) else None


def _floats(dialect: str, precision: int) -> Iterable[str]:
    return (_FLOATS[dialect != "postgresql"][precision > _SINGLE_PRECISION],)


def _blobs(_dialect: str, length: int) -> Iterable[str]:
    return (f"{_size(length)}BLOB",)


def _texts(_dialect: str, length: int) -> Iterable[str]:
    # The length is in characters, whose bytes depend on the character set of the table.
    return {f"{_size(length * count)}TEXT" for count in range(1, _BYTES_PER_CHARACTER + 1)}


def _size(length: int) -> str:
    return next((name for limit, name in _LENGTHS if length <= limit), "LONG")


_NAMES: Final[dict[str, Callable[[str, int], Iterable[str]]]] = {
    "FLOAT": _floats,
    "BLOB": _blobs,
    "TEXT": _texts,
}
