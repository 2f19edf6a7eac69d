"""``/actuator/info``: what application this is."""

from typing import Any

from pyfly.kernel.types import Settings


class InfoEndpoint:
    """Reports name, version and description of the application."""

    endpoint_id = "info"
    enabled = True

    def __init__(self, context: Any) -> None:
        """Report what the configuration of *context* (or a configuration itself) says."""
        self._config: Settings = getattr(context, "config", context)

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the ``app`` section."""
        get = self._config.get
        return {"app": {key: get(f"pyfly.app.{key}", "") for key in ("name", "version", "description")}}
