"""Where the bytes of a file come from: a path, opened and read off the event loop, or memory."""

import asyncio
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from pyfly.kernel.exceptions import ResourceNotFoundException

CHUNK: Final = 256 * 1024

_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class Opened(NamedTuple):
    """Content that is ready to be read.

    Attributes:
        size: How many bytes there are.
        modified: When it was changed, in whole seconds; ``None`` for memory.
        etag: Its entity tag; empty if it has none.
        file: The open file, or ``None`` for memory.
        memory: The bytes themselves, if there is no file.
    """

    size: int
    modified: datetime | None = None
    etag: str = ""
    file: BinaryIO | None = None
    memory: bytes = b""

    async def read(self, start: int, size: int) -> bytes:
        """Return *size* bytes from *start*, or fewer if the content has become shorter."""
        if self.file is None:
            return self.memory[start : start + size]
        return await asyncio.to_thread(_read, self.file, start, size)

    async def close(self) -> None:
        """Close the file."""
        if self.file is not None:
            await asyncio.to_thread(self.file.close)


async def opened(source: Path | bytes, *, follow_symlinks: bool = True) -> Opened:
    """Return *source*, opened.

    Raises:
        ResourceNotFoundException: There is no such file, or it is not a regular one.
    """
    if isinstance(source, bytes):
        return Opened(len(source), memory=source)
    return await asyncio.to_thread(_open, source, follow_symlinks)


def _open(path: Path, follow_symlinks: bool) -> Opened:  # noqa: FBT001  # handed to a thread
    flags = _FLAGS if follow_symlinks else _FLAGS | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError):
        raise not_found() from None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise not_found()
    file = os.fdopen(descriptor, "rb", buffering=0)
    modified = datetime.fromtimestamp(int(facts.st_mtime), UTC)
    return Opened(facts.st_size, modified, f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', file)


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


def not_found() -> ResourceNotFoundException:
    """Return the failure for a file that is not there; it does not name it."""
    return ResourceNotFoundException("There is nothing at this path", code="NOT_FOUND")
