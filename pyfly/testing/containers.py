"""A container with a few things in it, for tests that need no context."""

from collections.abc import Mapping
from typing import Any

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition


def create_test_container(overrides: Mapping[Any, Any] | None = None) -> Container:
    """Return a container in which each key of *overrides* resolves to its value.

    Args:
        overrides: Type to a class, which becomes a singleton, or to an object, which is used as it is.
    """
    container = Container()
    registered: set[type] = set()
    for wanted, value in (overrides or {}).items():
        if not isinstance(value, type):
            name = f"{type(value).__name__} for {getattr(wanted, '__name__', wanted)}"
            container.add(BeanDefinition(type(value), name=name, instance=value, type_key=wanted))
            continue
        if value not in registered:
            registered.add(value)
            container.register(value)
        if wanted is not value:
            container.bind(wanted, value)
    return container
