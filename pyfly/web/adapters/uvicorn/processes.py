"""A process that is named by an import string, and may start again when sources change."""

from datetime import timedelta
from typing import Any

import uvicorn

from pyfly.web.adapters.uvicorn.options import is_guarded
from pyfly.web.adapters.uvicorn.sockets import listen


def serve_import_string(
    target: str,
    *,
    host: str,
    port: int,
    reload_dirs: tuple[str, ...] = (),
    shutdown_timeout: timedelta = timedelta(seconds=20),
) -> None:
    """Serve the ASGI application at *target* (``"shop.main:app"``) until told to stop.

    The process that serves imports the application and runs its lifespan; with *reload_dirs*, a new one does
    so whenever a file there changes. Its limits for clients are those of the application.

    Raises:
        PortUnavailableError: The address cannot be listened on.
    """
    listen(host, port).close()
    uvicorn.run(
        target,
        host=host,
        port=port,
        reload=bool(reload_dirs),
        reload_dirs=list(reload_dirs) or None,
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, int(shutdown_timeout.total_seconds())),
        **_protocols(),
    )


def _protocols() -> dict[str, Any]:
    # Names, because they are sent to another process.
    module = "pyfly.web.adapters.uvicorn.reloaded"
    if not is_guarded():
        return {}
    return {"http": f"{module}:ReloadedProtocol", "ws": f"{module}:ReloadedWebSocket"}
