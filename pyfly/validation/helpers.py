"""Validating data by hand."""

from functools import lru_cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from pyfly.validation.exceptions import items_of, refusal
from pyfly.validation.groups import Group

T = TypeVar("T")


def validate_model(model: type[T], data: Any, *, group: type[Group] | None = None) -> T:
    """Return *data* as *model*.

    Args:
        model: A pydantic model, a dataclass, a ``TypedDict`` or any other type that pydantic knows.
        data: What to validate, most often a dictionary.
        group: The operation that the data is for, such as ``Create``: see :mod:`pyfly.validation.groups`.

    Raises:
        ValidationException: The data breaks a constraint. ``context["errors"]`` and ``violations``
            name the fields; input values are in neither.
    """
    wanted: Any = model if group is None else Annotated[model, group]
    adapter = adapter_of(wanted)
    try:
        return cast("T", adapter.validate_python(data))
    except ValidationError as error:
        items = items_of(error)
    raise refusal(items, getattr(model, "__name__", str(model)))


@lru_cache(maxsize=1024)
def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """Return the compiled validator of *kind*, made once."""
    return TypeAdapter(kind)
