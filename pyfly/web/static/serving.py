"""``pyfly.web.static``: directories that are served when no route matches."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.web.ports.stages import ROUTE
from pyfly.web.properties import StaticLocation
from pyfly.web.responses import AsgiCallable, Receive, Scope, Send
from pyfly.web.static.locating import find_file, parts_of
from pyfly.web.streaming.files import FileContent

KEY = "pyfly.web.static"


class StaticFiles:
    """One directory below one path."""

    def __init__(self, prefix: str, location: StaticLocation, root: Path) -> None:
        """Serve *root* below *prefix*, as *location* says."""
        self._prefix = prefix.rstrip("/")
        self._root = root
        self._index = location.index
        self._headers = {"Cache-Control": location.cache_control} if location.cache_control else {}

    async def find(self, scope: Scope) -> AsgiCallable | None:
        """Return what sends the file that a request asks for, or ``None``."""
        path: str = scope["path"]
        root = scope.get("root_path") or ""
        below = path[len(root) :] if root and path.startswith(root) else path
        if scope["method"] not in ("GET", "HEAD") or not f"{below}/".startswith(f"{self._prefix}/"):
            return None
        rest = below[len(self._prefix) + 1 :]
        parts = parts_of(rest.removesuffix("/")) if rest else []
        if parts is None:
            return None
        found = await asyncio.to_thread(find_file, self._root, parts, self._index)
        is_index = found != self._root.joinpath(*parts)
        if found is None or (rest.endswith("/") and not is_index):
            return None
        scope[ROUTE] = f"{self._prefix}/**"
        if is_index and not below.endswith("/"):
            return _redirect(f"{path}/")  # links in the page are relative to the directory
        return FileContent(found, inline=True, headers=self._headers, follow_symlinks=False)


def _redirect(path: str) -> AsgiCallable:
    headers = [(b"location", quote(path).encode()), (b"content-length", b"0")]

    async def redirect(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 308, "headers": [*headers]})
        await send({"type": "http.response.body", "body": b""})

    return redirect


def static_files(locations: Sequence[StaticLocation], base_path: str, config: Config) -> list[StaticFiles]:
    """Return what serves *locations*, relative ones beside the file that configures them.

    Raises:
        ConfigurationError: A directory does not exist.
    """
    return [
        StaticFiles(f"{base_path.rstrip('/')}/{item.path.strip('/')}", item, _root(item, number, config))
        for number, item in enumerate(locations)
    ]


def _root(location: StaticLocation, number: int, config: Config) -> Path:
    root = (_folder_of(config) / location.directory).resolve()
    if not root.is_dir():
        key = f"{KEY}[{number}].directory"
        raise ConfigurationError(
            f"there is no directory '{location.directory}' for static files",
            key=key,
            origin=config.origin(KEY),
            expected="a directory",
            value=location.directory,
            fix="Create the directory, or correct the path; it is relative to the configuration file.",
        )
    return root


def _folder_of(config: Config) -> Path:
    """Return the folder of the file that sets the key; the current one if it comes from elsewhere."""
    file = Path(config.origin(KEY).rpartition(":")[0])
    return file.absolute().parent if file.is_file() else Path.cwd()
