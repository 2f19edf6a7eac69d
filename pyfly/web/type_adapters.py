"""What reads and writes the values of one type, made once, at the start.

Numbers, texts, dates and collections of them mean the same to everybody: their schemas are handed to pydantic's core as
they are. Only models, constraints and whatever else takes more to describe have pydantic itself imported, which costs a
start more than all the rest of it.
"""

import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeGuard, Union, get_args, get_origin
from uuid import UUID

from pydantic_core import SchemaSerializer, SchemaValidator

Schema = Any
"""A schema of pydantic, or a part of one."""

_TRUNCATED: Final = {"microseconds_precision": "truncate"}
_PLAIN: Final[dict[Any, Schema]] = {
    **{cls: {"type": cls.__name__} for cls in (bool, int, float, str, bytes, date)},
    **{cls: {"type": cls.__name__, **_TRUNCATED} for cls in (datetime, time, timedelta)},
    UUID: {"type": "uuid"},
    **{anything: {"type": "any"} for anything in (Any, object)},
    **{nothing: {"type": "none"} for nothing in (None, NoneType)},
}


class UnusableTypeError(Exception):
    """A parameter or a result has a type that can be neither validated nor written as JSON."""

    def __init__(self, of: str, reason: str) -> None:
        """Say whose type it is, and what pydantic thinks of it."""
        super().__init__(f"the type of {of} cannot be used ({reason})")


class Adapter(NamedTuple):
    """What reads and writes the values of one type.

    Attributes:
        core_schema: The description of the type that both are made from.
        validator: Reads.
        serializer: Writes.
    """

    core_schema: Schema
    validator: SchemaValidator
    serializer: SchemaSerializer


def adapter_of(annotation: Any, of: str) -> Adapter:
    """Return the adapter of *annotation*.

    Raises:
        UnusableTypeError: pydantic does not know the type; *of* says whose it is.
    """
    schema = _plain_schema(annotation)
    if schema is not None:
        return Adapter(schema, SchemaValidator(schema), SchemaSerializer(schema))
    from pydantic import PydanticUserError, TypeAdapter  # only for what is not plain

    # Known by its look, so that pages need not be imported. pydantic itself asks no dataclass for its schema.
    hook = getattr(get_origin(annotation) or annotation, "wire_schema", None)
    wired: Any = annotation if hook is None else Annotated[annotation, _Schema(hook)]
    try:
        found = TypeAdapter(wired)
    except PydanticUserError as error:
        raise UnusableTypeError(of, error.message.splitlines()[0].partition(". ")[0]) from error
    return Adapter(found.core_schema, found.validator, found.serializer)  # type: ignore[arg-type]  # a plugin's is like it


def is_model_class(cls: Any) -> TypeGuard[Any]:
    """Say whether *cls* is a model of pydantic; nobody has one who has not imported it."""
    pydantic = sys.modules.get("pydantic.main")
    return pydantic is not None and isinstance(cls, type) and issubclass(cls, pydantic.BaseModel)


class _Schema:
    """Has pydantic ask a hook for the schema of a type: its own ``GetPydanticSchema``, without the rest of that module."""

    def __init__(self, hook: Callable[[Any, Any], Any]) -> None:
        self.__get_pydantic_core_schema__ = hook


def _plain_schema(annotation: Any) -> Schema | None:
    """Return the schema that pydantic would give to *annotation*, or ``None`` if it has to be asked."""
    if annotation is None or isinstance(annotation, type):
        return _PLAIN.get(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _optional_schema([each for each in arguments if each is not NoneType], arguments)
    if origin not in (list, dict):
        return None
    inside = [*map(_plain_schema, arguments)]
    if None in inside:
        return None
    return {"type": origin.__name__, **dict(zip(_INSIDE[origin], inside, strict=True))}


_INSIDE: Final = {list: ("items_schema",), dict: ("keys_schema", "values_schema")}


def _optional_schema(some: list[Any], arguments: tuple[Any, ...]) -> Schema | None:
    inside = _plain_schema(some[0]) if len(some) == 1 < len(arguments) else None
    return inside and {"type": "nullable", "schema": inside}
