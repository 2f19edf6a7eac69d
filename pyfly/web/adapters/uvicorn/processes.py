"""Several worker processes, or a process that restarts when sources change."""

from datetime import timedelta

import uvicorn

from pyfly.web.adapters.uvicorn.sockets import listen


def serve_import_string(
    target: str,
    *,
    host: str,
    port: int,
    workers: int = 1,
    reload: bool = False,
    reload_dirs: tuple[str, ...] = (),
    shutdown_timeout: timedelta = timedelta(seconds=20),
) -> None:
    """Serve the ASGI application at *target* (``"shop.main:app"``) until told to stop.

    Each process imports the application and runs its lifespan.

    Raises:
        PortUnavailableError: The address cannot be listened on.
    """
    listen(host, port).close()
    uvicorn.run(
        target,
        host=host,
        port=port,
        workers=None if reload else workers,
        reload=reload,
        reload_dirs=list(reload_dirs) or None,
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=max(1, int(shutdown_timeout.total_seconds())),
    )
