"""What makes ``@validated`` work on beans: a compiled wrapper around each marked method."""

from collections.abc import Callable
from typing import Any, ClassVar

from pyfly.container.container import Container
from pyfly.container.interception import InterceptionOrder, MethodInterceptor, MethodTarget
from pyfly.container.metadata import record_of
from pyfly.validation.constraints import ConstraintBeans
from pyfly.validation.decorators import ValidatedRecord
from pyfly.validation.plan import compiled, plan_of

Method = Callable[..., Any]


class ValidationInterceptor(MethodInterceptor):
    """Checks the arguments and results of ``@validated`` methods."""

    order: ClassVar[int] = InterceptionOrder.VALIDATION

    def __init__(self, container: Container) -> None:
        """Find constraints that are beans in *container*."""
        self._beans = ConstraintBeans(container)

    def intercept(self, target: MethodTarget) -> Callable[[Method], Method] | None:
        """Wrap *target* if it, or its class, is marked and its annotations ask for something."""
        said = said_of(target.cls, target.name, target.function)
        if said is None:
            return None
        plan = plan_of(target.function, returns=said.returns)
        return None if plan.is_empty else lambda proceed: compiled(plan, proceed, self._beans)


def said_of(cls: type, name: str, function: Method) -> ValidatedRecord | None:
    """Return what is said about a method: by itself, or about the public methods of its class."""
    own = record_of(function, ValidatedRecord)
    if own is not None or name.startswith("_"):
        return own
    return next((found for base in cls.__mro__ if (found := record_of(base, ValidatedRecord))), None)
