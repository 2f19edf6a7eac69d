"""``OncePerRequestFilter``: a filter that says by patterns which paths it is for."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from pyfly.web.patterns import selector
from pyfly.web.ports.filter import CallNext


class OncePerRequestFilter(ABC):
    """A :class:`WebFilter` limited to some paths.

    In a pattern, ``*`` stands for any text inside one part of a path, ``**`` and a ``*`` at the end for
    any number of parts: ``/orders/*/items`` and ``/api/*``. Patterns are compiled when the application
    is put together.

    Attributes:
        url_patterns: Sequence[str] = []
        exclude_patterns: Sequence[str] = []
    """

    url_patterns: Sequence[str] = []
    exclude_patterns: Sequence[str] = []

    @abstractmethod
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        """Return the response, usually that of ``await call_next(request)``."""

    def should_not_filter(self, request: Any) -> bool:
        """Say whether the patterns leave the path of *request* out."""
        selects = selector(self.url_patterns, self.exclude_patterns)
        return selects is not None and not selects(request.url.path)
