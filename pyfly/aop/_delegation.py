"""What compiled chains call to pass on what they do not handle themselves."""

from collections.abc import Awaitable
from typing import Any


def as_awaitable(result: Any) -> Awaitable[Any]:
    """Return *result* of a sync ``around``: the awaitable that ``proceed()`` gave it, or a value of its own."""
    return result if hasattr(result, "__await__") else _value(result)


async def _value(result: Any) -> Any:
    return result


async def aclose(source: Any) -> None:
    """Close an async iterator that can be closed."""
    if hasattr(source, "aclose"):
        await source.aclose()


async def athrow(source: Any, error: BaseException) -> Any:
    """Let *error* happen inside an async iterator and return the next item, or raise it."""
    if not hasattr(source, "athrow"):
        raise error
    return await source.athrow(error)
