"""Serving in a process that starts again when sources change."""

import os
from pathlib import Path
from typing import Final

from pyfly.web.properties import WebProperties

TARGET: Final = "_PYFLY_RUN_TARGET"


def serve_reloading(target: str, properties: WebProperties) -> None:
    """Serve *target* until SIGINT or SIGTERM, from the start whenever a source file changes.

    Raises:
        PortUnavailableError: The address cannot be listened on.
    """
    from pyfly.web.adapters.uvicorn.processes import serve_import_string

    source = Path("src") if Path("src").is_dir() else Path()
    os.environ[TARGET] = target
    serve_import_string(
        "pyfly.cli.worker:app",
        host=properties.host,
        port=properties.port,
        reload_dirs=(str(source.absolute()),),
        shutdown_timeout=properties.shutdown_timeout,
    )
