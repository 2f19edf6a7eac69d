"""Content codings, each behind the same three functions."""

import zlib
from importlib.util import find_spec
from typing import Any, Final, Protocol

_GZIP_WINDOW: Final = 31
_ZSTD_LEVELS: Final = (1, 2, 3, 4, 6, 8, 10, 13, 17)


class Encoder(Protocol):
    """Compresses one body."""

    def add(self, data: bytes) -> bytes:
        """Return *data* compressed, complete enough for a client to read it now."""

    def end(self, data: bytes) -> bytes:
        """Return *data* compressed, and the end of the body."""


class GzipEncoder:
    """``gzip``, with the standard library."""

    def __init__(self, level: int) -> None:
        """Compress as hard as *level* says."""
        self._zlib = zlib.compressobj(level, zlib.DEFLATED, _GZIP_WINDOW)

    def add(self, data: bytes) -> bytes:
        """Return *data* compressed so far."""
        return self._zlib.compress(data) + self._zlib.flush(zlib.Z_SYNC_FLUSH)

    def end(self, data: bytes) -> bytes:
        """Return the rest."""
        return self._zlib.compress(data) + self._zlib.flush()


class BrotliEncoder:
    """``br``, with the package ``brotli``."""

    def __init__(self, level: int) -> None:
        """Compress as hard as *level* says."""
        import brotli

        self._brotli: Any = brotli.Compressor(quality=level)

    def add(self, data: bytes) -> bytes:
        """Return *data* compressed so far."""
        return bytes(self._brotli.process(data) + self._brotli.flush())

    def end(self, data: bytes) -> bytes:
        """Return the rest."""
        return bytes(self._brotli.process(data) + self._brotli.finish())


class ZstdEncoder:
    """``zstd``, with the package ``zstandard``."""

    def __init__(self, level: int) -> None:
        """Compress as hard as *level* says."""
        import zstandard

        # Clients need not take windows over 8 MB (RFC 9659).
        self._zstd: Any = zstandard.ZstdCompressor(level=_ZSTD_LEVELS[level - 1]).compressobj()
        self._flush_block = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def add(self, data: bytes) -> bytes:
        """Return *data* compressed so far."""
        return bytes(self._zstd.compress(data) + self._zstd.flush(self._flush_block))

    def end(self, data: bytes) -> bytes:
        """Return the rest."""
        return bytes(self._zstd.compress(data) + self._zstd.flush())


def encoders() -> dict[str, type[BrotliEncoder | ZstdEncoder | GzipEncoder]]:
    """Return the codings that are installed, the preferred one first."""
    found: dict[str, type[BrotliEncoder | ZstdEncoder | GzipEncoder]] = {}
    if find_spec("brotli") is not None:
        found["br"] = BrotliEncoder
    if find_spec("zstandard") is not None:
        found["zstd"] = ZstdEncoder
    found["gzip"] = GzipEncoder
    return found
