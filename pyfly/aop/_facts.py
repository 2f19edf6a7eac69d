"""What a pointcut may ask about a method."""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord


class MethodFacts:
    """One method of one bean class, as pointcuts see it.

    Attributes:
        name: The name of the method.
        names: Its qualified names, any of which a pattern may match.
        cls: The class of the bean.
        function: The function that is called.
        bean_name: The name of the bean, or an empty string outside a context.
    """

    __slots__ = ("_types", "bean_name", "cls", "function", "is_private", "name", "names")

    def __init__(
        self, cls: type, name: str, function: Any, names: tuple[str, ...], bean_name: str = ""
    ) -> None:
        """Describe *name* of *cls*."""
        self.cls = cls
        self.name = name
        self.function = function
        self.names = names
        self.bean_name = bean_name
        self.is_private = name.startswith("_")
        self._types: tuple[str, ...] | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """The full names of the bean's class and of every class that declares the method."""
        if self._types is None:
            declaring = [base for base in self.cls.__mro__ if base is self.cls or self.name in base.__dict__]
            self._types = tuple(f"{base.__module__}.{base.__qualname__}" for base in declaring)
        return self._types

    def declarations(self) -> Iterator[Any]:
        """Yield the function and those that it overrides."""
        yield self.function
        for base in self.cls.__mro__:
            member = base.__dict__.get(self.name)
            if isinstance(member, property):
                yield member.fget
            elif member is not None:
                yield getattr(member, "func", member) if not isinstance(member, FunctionType) else member


def prefixes_of(cls: type) -> tuple[str, ...]:
    """Return what the names of the methods of *cls* begin with: by its stereotype, and by its module."""
    said = record_of(cls, BeanRecord)
    by_module = f"{cls.__module__}.{cls.__name__}"
    return (f"{said.stereotype}.{cls.__name__}", by_module) if said and said.stereotype else (by_module,)
