"""Serving in several processes, or in one that starts again when sources change."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyfly.web.properties import WebProperties

TARGET: Final = "_PYFLY_RUN_TARGET"
MARKER: Final = "_PYFLY_START_FAILED"


def serve_in_processes(target: str, properties: WebProperties, *, workers: int, reload: bool) -> None:
    """Serve *target* until SIGINT or SIGTERM.

    Raises:
        PortUnavailableError: The address cannot be listened on.
        SystemExit: With code 1 when the application did not start; the worker has printed why.
    """
    from pyfly.web.adapters.uvicorn.processes import serve_import_string

    source = Path("src") if Path("src").is_dir() else Path()
    with TemporaryDirectory(prefix="pyfly-run-") as folder:
        marker = Path(folder, "failed")
        os.environ.update({TARGET: target, MARKER: str(marker)})
        serve_import_string(
            "pyfly.cli.worker:app",
            host=properties.host,
            port=properties.port,
            workers=workers,
            reload=reload,
            reload_dirs=(str(source.absolute()),) if reload else (),
            shutdown_timeout=properties.shutdown_timeout,
        )
        # A supervisor that gives up returns as one that was told to stop does.
        if marker.exists() and not reload:
            raise SystemExit(1)
