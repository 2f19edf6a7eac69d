"""Field injection: ``orders: OrderRepository = Autowired()``."""

from __future__ import annotations

from typing import Any, Final, Protocol


class AutowiredField:
    """Marks a class attribute that the container sets after construction."""

    __slots__ = ("qualifier", "required")

    def __init__(self, *, qualifier: str | None = None, required: bool = True) -> None:
        """Inject the bean of the annotated type, or the one called *qualifier*."""
        self.qualifier = qualifier
        self.required = required

    def __repr__(self) -> str:
        shown = []
        if self.qualifier is not None:
            shown.append(f"qualifier={self.qualifier!r}")
        if not self.required:
            shown.append("required=False")
        return f"{Autowired.__name__}({', '.join(shown)})"


class _AutowiredType(Protocol):
    __name__: str

    def __call__(self, *, qualifier: str | None = None, required: bool = True) -> Any: ...


# Typed as returning ``Any``, so that ``orders: OrderRepository = Autowired()`` satisfies type checkers.
AutowiredField.__name__ = AutowiredField.__qualname__ = "Autowired"
Autowired: Final[_AutowiredType] = AutowiredField
