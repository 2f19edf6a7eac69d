"""Asking constraint beans about values, from sync and from async code."""

from collections.abc import Awaitable, Iterable
from typing import Any, cast

from pyfly.container.container import Container
from pyfly.validation.constraints import Constraint, Use, item_of
from pyfly.validation.errors import ErrorItem


class ConstraintBeans:
    """The constraints of one application."""

    def __init__(self, container: Container) -> None:
        """Find them in *container*, when they are first asked."""
        self._container = container

    async def refused(self, uses: Iterable[Use]) -> list[ErrorItem]:
        """Return the errors of *uses*, asking one constraint after the other."""
        errors: list[ErrorItem] = []
        for use in uses:
            verdict = self._bean(use).is_valid(use.value)
            if not (await verdict if isinstance(verdict, Awaitable) else verdict):
                errors.append(item_of(use))
        return errors

    def refused_now(self, uses: Iterable[Use]) -> list[ErrorItem]:
        """Return the errors of *uses*, whose constraints must be sync."""
        return [item_of(use) for use in uses if not self._bean(use).is_valid(use.value)]

    def _bean(self, use: Use) -> Constraint[Any]:
        return cast("Constraint[Any]", self._container.resolve(use.constraint))
