"""Short ways to say what container tests say often."""

import re
from collections.abc import Callable
from typing import Any

from pyfly.container import BeanDefinition, Container
from pyfly.container.records import BeanRecord
from pyfly.container.types import Scope, ScopeName
from pyfly.core.failure import failure_report


def container_of(*classes: type, scope: ScopeName = Scope.SINGLETON) -> Container:
    """Return a container in which *classes* are registered."""
    container = Container()
    for cls in classes:
        container.register(cls, scope=scope)
    return container


def add_factory(
    container: Container,
    make: Callable[..., Any],
    bean_type: type,
    *,
    name: str = "",
    scope: ScopeName = Scope.SINGLETON,
    nullable: bool = False,
    type_key: Any = None,
    **said: Any,
) -> BeanDefinition:
    """Add a bean of *bean_type* that *make* makes, as a ``@bean`` method would."""
    return container.add(
        BeanDefinition(
            bean_type,
            name=name or make.__name__,
            scope=scope,
            record=BeanRecord(**said),
            factory=make,
            nullable=nullable,
            type_key=type_key,
        )
    )


def picture(failure: BaseException) -> str:
    """Return the report of *failure* with line numbers and scratch directories left out."""
    text = re.sub(r"(\w+\.py):\d+", r"\1:N", failure_report(failure))
    return re.sub(r"/\S+/(pytest-\S+/)", "/", text)
