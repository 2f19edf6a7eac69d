"""A bean definition: everything the container knows about one bean, and the state of its singleton."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from pyfly.container.records import NO_RECORD, BeanRecord
from pyfly.container.resolution import (
    Dependency,
    Plan,
    callable_plan,
    constructor_plan,
    field_plan,
    unwrapped,
)
from pyfly.container.types import MISSING, Scope, ScopeName


class Origin(NamedTuple):
    """Where something was written."""

    file: str
    line: int

    def __str__(self) -> str:
        relative = os.path.relpath(self.file) if os.path.isabs(self.file) else self.file  # noqa: PTH117  # pathlib costs a start 5 ms
        return f"{self.file if relative.startswith('..') else relative}:{self.line}"


class Making(Enum):
    """What calling the factory of a definition yields."""

    PLAIN = "plain"
    COROUTINE = "coroutine"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async generator"

    @property
    def needs_await(self) -> bool:
        """Whether the bean can only be made by asynchronous code."""
        return self is Making.COROUTINE or self is Making.ASYNC_GENERATOR


class BeanDefinition:
    """One bean: its type, name and scope, how it is made, and its singleton once made.

    Identity matters: two definitions of one type are two beans.
    """

    __slots__ = (
        "__weakref__",
        "_fields",
        "_plan",
        "auto",
        "created_at",
        "factory",
        "flight",
        "implementation",
        "index",
        "instance",
        "links",
        "made_by",
        "making",
        "name",
        "needs",
        "nullable",
        "owner",
        "provider",
        "record",
        "scope",
        "stamp",
        "subsystem",
        "teardown",
        "type",
        "type_key",
    )  # fmt: skip

    def __init__(
        self,
        bean_type: type,
        *,
        name: str,
        scope: ScopeName = Scope.SINGLETON,
        record: BeanRecord = NO_RECORD,
        factory: Callable[..., Any] | None = None,
        owner: BeanDefinition | None = None,
        made_by: Callable[..., Any] | None = None,
        instance: Any = MISSING,
        type_key: Any = None,
        nullable: bool = False,
        auto: bool = False,
        subsystem: str = "",
        provider: str = "",
    ) -> None:
        """Describe a bean of *bean_type*.

        Args:
            bean_type: The class that look-ups by type see.
            name: Its unique name.
            scope: How long it lives.
            record: What its decorators said.
            factory: Makes the bean; the class itself when there is none. The factory of a ``@bean``
                method takes the configuration object first when *owner* is given.
            owner: The definition of the ``@configuration`` class.
            made_by: The ``@bean`` method as it was written, for messages.
            instance: The bean itself, when it exists already.
            type_key: The generic alias the bean was declared as, such as ``Cache[str]``.
            nullable: Whether the factory may return ``None``.
            auto: Whether an auto-configuration contributed it.
            subsystem: The subsystem that an infrastructure bean serves, such as ``data``.
            provider: The technology that serves it, such as ``sqlalchemy``.
        """
        self.type = bean_type
        self.name = name
        self.scope = _SCOPES.get(scope, scope)
        self.record = record
        self.factory = factory
        self.owner = owner
        self.made_by = made_by
        self.instance = instance
        self.type_key = type_key
        self.nullable = nullable
        self.auto = auto
        self.subsystem = subsystem
        self.provider = provider
        self.implementation: type = bean_type
        self.index = -1
        self.created_at = -1
        self.flight: Any = None
        self.links: Any = None
        self.needs: tuple[BeanDefinition, ...] = ()
        self.stamp = -1
        self.teardown: Any = None
        self.making = _making_of(factory)
        self._plan: Plan | None = None
        self._fields: Plan | None = None

    def __repr__(self) -> str:
        return f"<bean {self.name!r}: {self.type.__qualname__}, {scope_text(self.scope)}>"

    @property
    def stereotype(self) -> str:
        """The stereotype of the class, such as ``service``, or an empty string."""
        return self.record.stereotype

    @property
    def order(self) -> int:
        """Its place among beans of the same type; lower comes first."""
        return self.record.order or 0

    @property
    def primary(self) -> bool:
        """Whether it is preferred when several beans fit."""
        return self.record.primary

    @property
    def is_singleton(self) -> bool:
        """Whether there is one instance for the whole application."""
        return self.scope is Scope.SINGLETON

    @property
    def created(self) -> bool:
        """Whether the singleton exists."""
        return self.instance is not MISSING

    @property
    def origin(self) -> Origin:
        """The file and line of the class or ``@bean`` method."""
        return origin_of(self.made_by or self.factory or self.type)

    def plan(self) -> Plan:
        """Return what making the bean needs: parameters first, then fields.

        Raises:
            UnresolvedAnnotationError: An annotation cannot be evaluated.
        """
        if self._plan is None:
            self._plan = self._read_plan()
        return self._plan

    def _read_plan(self) -> Plan:
        if self.factory is not None:
            return callable_plan(self.factory, skip_first=self.owner is not None)
        return () if self.created else constructor_plan(self.type)

    def fields(self) -> Plan:
        """Return the ``Autowired()`` fields to set once the bean is made."""
        if self._fields is None:
            self._fields = field_plan(self.type) if self.factory is None and not self.created else ()
        return self._fields

    def point(self, dependency: Dependency) -> str:
        """Describe the injection point *dependency* for a message, with its file and line."""
        if self.factory is not None:
            return f"parameter '{dependency.name}' of @bean method '{self.name}' ({self.origin})"
        init = unwrapped(getattr(self.type, "__init__", None))
        code = getattr(init, "__code__", None)
        if (
            code is None
            or dependency.name not in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        ):
            return f"field '{dependency.name}' ({self.origin})"
        # The constructor of a dataclass is generated: it has no file.
        where = self.origin if code.co_filename.startswith("<") else origin_of(init)
        return f"parameter '{dependency.name}' ({where})"


# The built-in scopes may be written as text too; any other text names a custom scope.
_SCOPES: dict[ScopeName, ScopeName] = {each.value: each for each in Scope}


def scope_text(scope: ScopeName) -> str:
    """Return the name of *scope* for messages."""
    return scope.value if isinstance(scope, Scope) else scope


def origin_of(target: Any) -> Origin:
    """Return the file and line where a class or function was written."""
    code = getattr(target, "__code__", None)
    if code is not None:
        return Origin(code.co_filename, code.co_firstlineno)
    module = sys.modules.get(getattr(target, "__module__", ""))
    return Origin(getattr(module, "__file__", None) or "<unknown>", _line_of_class(target))


def _line_of_class(target: Any) -> int:
    import inspect  # only ever needed to explain something

    try:
        return inspect.getsourcelines(target)[1]
    except (OSError, TypeError):
        return 0


def _making_of(factory: Any) -> Making:
    flags = getattr(getattr(factory, "__code__", None), "co_flags", 0)
    if flags & _ASYNC_GENERATOR:
        return Making.ASYNC_GENERATOR
    if flags & _COROUTINE:
        return Making.COROUTINE
    return Making.GENERATOR if flags & _GENERATOR else Making.PLAIN


# The flags of a code object, as `inspect` names them (CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR).
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200
