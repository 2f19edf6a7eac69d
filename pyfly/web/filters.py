"""``OncePerRequestFilter``: a filter that says by patterns which paths it is for."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from pyfly.web.ports.filter import CallNext


class OncePerRequestFilter(ABC):
    """A :class:`WebFilter` limited to some paths.

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
        if not self.url_patterns and not self.exclude_patterns:
            return False
        path = request.url.path
        if any(fnmatchcase(path, pattern) for pattern in self.exclude_patterns):
            return True
        return bool(self.url_patterns) and not any(
            fnmatchcase(path, pattern) for pattern in self.url_patterns
        )
