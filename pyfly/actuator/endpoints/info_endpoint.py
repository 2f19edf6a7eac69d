"""``/actuator/info``: what application this is."""

from collections.abc import Mapping
from typing import Any, Final

from pyfly.kernel.types import Settings

_KEYS: Final = ("name", "version", "description")


class InfoEndpoint:
    """Reports name, version and description of the application."""

    endpoint_id = "info"
    enabled = True

    def __init__(self, context: Any, identity: Mapping[str, str] | None = None) -> None:
        """Report *identity*, or else what the configuration of *context* (or a configuration itself) says."""
        self._config: Settings = getattr(context, "config", context)
        self._identity = identity

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the ``app`` section."""
        if self._identity is not None:
            return {"app": dict(self._identity)}
        return {"app": {key: self._config.get(f"pyfly.app.{key}", "") for key in _KEYS}}
