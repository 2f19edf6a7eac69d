"""Checking whole objects, such as the messages that a bus delivers."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, create_model

from pyfly.container.container import Container
from pyfly.container.resolution import hints_of
from pyfly.validation.constraints import ConstraintBeans, walk_of
from pyfly.validation.exceptions import items_of, refusal

_LENIENT = ConfigDict(arbitrary_types_allowed=True)


class ObjectValidator:
    """Checks objects that exist already against the annotations of their class, constraint beans included."""

    def __init__(self, container: Container) -> None:
        """Find constraints that are beans in *container*."""
        self._beans = ConstraintBeans(container)

    async def validate_object(self, value: object) -> None:
        """Accept *value* as it is: a dataclass or pydantic model; objects of other classes always pass.

        Raises:
            ValidationException: A field breaks its type or a constraint.
        """
        kind: Any = type(value)
        check = check_of(kind)
        if check is not None:
            try:
                check(value)
            except ValidationError as error:
                items = items_of(error)
            else:
                items = []
            if items:
                raise refusal(items, kind.__name__)
        walk = _walk_of(kind)
        if walk is not None and (refused := await self._beans.refused(walk(value, ()))):
            raise refusal(refused, kind.__name__)


_walk_of = lru_cache(maxsize=1024)(walk_of)


@lru_cache(maxsize=1024)
def check_of(kind: Any) -> Callable[[Any], object] | None:
    """Return what checks the fields of a *kind*, compiled once, or ``None`` if there is nothing to check.

    Pydantic models have been checked when they were made.
    """
    title: str = kind.__name__
    if not is_dataclass(kind) or not fields(kind):
        return None
    # pydantic takes an instance of a dataclass for valid, so its fields are checked as those of a model.
    names = [each.name for each in fields(kind)]
    hints = hints_of(kind)
    wanted: dict[str, Any] = {
        f"field_{index}": (hints[name], Field(alias=name)) for index, name in enumerate(names)
    }
    validate = TypeAdapter(create_model(title, __config__=_LENIENT, **wanted)).validate_python
    return lambda value: validate({name: getattr(value, name) for name in names})
