"""What the stereotype decorators and ``@bean`` say about their targets."""

from __future__ import annotations

from collections.abc import Callable

from pyfly.container.metadata import published
from pyfly.container.types import Scope, ScopeName
from pyfly.kernel.record import Record


class BeanRecord(Record, kw_only=True):
    """What is said about one bean, on its class or on the ``@bean`` method that makes it."""

    stereotype: str = published("__pyfly_stereotype__", default="")
    injectable: bool = published("__pyfly_injectable__", default=False)
    name: str = published("__pyfly_bean_name__", default="")
    scope: ScopeName | None = published("__pyfly_scope__", default=None)
    profile: str = published("__pyfly_profile__", default="")
    condition: Callable[..., bool] | None = published("__pyfly_condition__", default=None, always=True)
    primary: bool = published("__pyfly_primary__", default=False)
    order: int | None = published("__pyfly_order__", default=None)
    lazy: bool = False
    proxy: bool = False
    fallback: bool = False
    depends_on: tuple[str, ...] = ()


class FactoryRecord(Record, kw_only=True):
    """Marks a method of a ``@configuration`` class as the factory of a bean."""

    is_bean: bool = published("__pyfly_bean__", default=False)
    scope: ScopeName = published("__pyfly_bean_scope__", default=Scope.SINGLETON, always=True)


class GatheredRecord(Record, kw_only=True):
    """Marks a function of a module: all such functions of a module become one bean, as its static methods."""

    stereotype: str = ""


NO_RECORD = BeanRecord()
