from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from pyfly.container import component, service
from pyfly.validation import Constraint, validated


class Unregistered(Constraint[str]):
    def is_valid(self, value: str) -> bool:
        return True


@component
class Slow(Constraint[str]):
    async def is_valid(self, value: str) -> bool:
        return True


class Opaque: ...


@service
@validated
class Broken:
    async def unregistered(self, name: Annotated[str, Unregistered]) -> None: ...

    def slow(self, name: Annotated[str, Slow]) -> None: ...

    def unreadable(self, value: Annotated[int, MissingName]) -> None: ...  # noqa: F821

    def fine(self, opaque: Opaque, size: Annotated[int, Ge(1)]) -> None: ...
