"""Makes ``@validated`` work, and offers the checking of whole objects, where somebody uses them."""

import sys
from collections.abc import Iterable
from typing import Any, Final

from pyfly import validation  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    auto_configuration,
    conditional,
    conditional_on_missing_bean,
)

_DECORATORS: Final = "pyfly.validation.decorators"
# Who takes the validator of objects by its shape; whoever takes it by its type has loaded the last one.
_USERS_OF_OBJECTS: Final = ("pyfly.cqrs.decorators", "pyfly.cqrs.mediator", "pyfly.validation.objects")


class OnLoaded:
    """Holds when one of some modules has been imported: without it nobody can use what it defines."""

    runs_in = Pass.EARLY

    def __init__(self, *modules: str) -> None:
        """Look for *modules*."""
        self.modules = modules

    def check(self, facts: Facts) -> Outcome:
        """Look among the modules loaded so far."""
        found = next((each for each in self.modules if each in sys.modules), None)
        return Outcome(
            found is not None, f"{found} is in use" if found else f"{self.modules[0]} is not in use"
        )

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_loaded", "modules": list(self.modules)}


class ValidatedCheck(GraphCheck):
    """Reports annotations that cannot be checked, and constraints that nobody could ask."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        if _DECORATORS not in sys.modules:
            return ()  # Nobody can have used the decorator.
        from pyfly.validation.checks import problems_of

        return problems_of(container)


@auto_configuration(checks=(ValidatedCheck,))
class ValidationAutoConfiguration:
    """Checks what applications declare about validation."""


@auto_configuration
@conditional(OnLoaded(_DECORATORS))
class ValidatedMethodsAutoConfiguration:
    """Validation of the arguments and results of bean methods."""

    @bean
    def validation_interceptor(self, container: Container) -> "validation.ValidationInterceptor":
        """Wrap validated methods."""
        return validation.ValidationInterceptor(container)


@auto_configuration
@conditional(OnLoaded(*_USERS_OF_OBJECTS))
class ObjectValidationAutoConfiguration:
    """Validation of whole objects."""

    @bean
    @conditional_on_missing_bean("pyfly.validation.objects.ObjectValidator")
    def object_validator(self, container: Container) -> "validation.ObjectValidator":
        """Check whole objects."""
        return validation.ObjectValidator(container)
