"""``UploadedFile``: a file that came with a request."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")

_CHUNK: Final = 64 * 1024
_LONGEST_NAME: Final = 255


class UploadedFile:
    """A file of a form. Small ones are in memory, others on disk; it is gone when the request has been answered.

    Attributes:
        filename: The last part of the name that the client gave, without anything that leads elsewhere.
        content_type: The media type that the client gave; nobody has checked it.
        headers: The headers of its part of the form, by lower-case name.
        size: How many bytes it has.
        file: The file object, at its start; for handlers that are not async.
    """

    def __init__(
        self, filename: str, headers: Mapping[str, str], spool_size: int = 0, directory: str | None = None
    ) -> None:
        """Start an empty file that goes to *directory* when it is larger than *spool_size*."""
        self.filename = safe_name(filename)
        self.content_type = headers.get("content-type", "application/octet-stream")
        self.headers = dict(headers)
        self.size = 0
        self.file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(  # noqa: SIM115  # the request closes it
            max_size=max(spool_size, 1), dir=directory
        )
        self._spool_size = spool_size

    def __repr__(self) -> str:
        return f"<UploadedFile {self.filename!r}, {self.content_type}, {self.size} bytes>"

    @property
    def on_disk(self) -> bool:
        """Whether it is too large to be kept in memory."""
        return self.size > self._spool_size

    async def read(self, size: int = -1) -> bytes:
        """Return the next *size* bytes, or all that are left."""
        return await self._run(self.file.read, size)

    async def seek(self, offset: int) -> None:
        """Go on reading at *offset*."""
        await self._run(self.file.seek, offset)

    async def chunks(self, size: int = _CHUNK) -> AsyncIterator[bytes]:
        """Yield the content from its start, *size* bytes at a time."""
        await self.seek(0)
        while chunk := await self.read(size):
            yield chunk

    async def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the content to *path* and return it.

        Raises:
            FileExistsError: There is such a file, and it is not to be overwritten.
        """
        target = Path(path)
        await asyncio.to_thread(self._copy, target, "wb" if overwrite else "xb")
        return target

    async def write(self, data: bytes) -> None:
        """Append *data*."""
        self.size += len(data)
        await self._run(self.file.write, data)

    async def _run(self, function: Callable[..., T], *args: Any) -> T:
        return await asyncio.to_thread(function, *args) if self.on_disk else function(*args)

    def _copy(self, target: Path, mode: str) -> None:
        self.file.seek(0)
        with target.open(mode) as out:
            shutil.copyfileobj(self.file, out, _CHUNK)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let models have fields of this type."""
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe it as OpenAPI does."""
        return {"type": "string", "format": "binary"}


def safe_name(filename: str) -> str:
    """Return the last part of *filename*, whatever system it comes from, fit to be the name of a file here."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    kept = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*').strip().lstrip(".")
    stem, dot, suffix = kept.rpartition(".")
    room = _LONGEST_NAME - len((dot + suffix).encode())
    if len(kept.encode()) <= _LONGEST_NAME:
        return kept
    return stem.encode()[: max(room, 0)].decode(errors="ignore") + (dot + suffix if room > 0 else "")


async def close_all(files: list[UploadedFile]) -> None:
    """Close *files*; those on disk are deleted by that, which is not done in the event loop."""
    on_disk = [each for each in files if each.on_disk]
    for each in files:
        if not each.on_disk:
            each.file.close()
    if on_disk:
        # The thread ends its work even if the request is cancelled meanwhile.
        await asyncio.shield(asyncio.to_thread(_close, on_disk))


def _close(files: list[UploadedFile]) -> None:
    for each in files:
        each.file.close()
