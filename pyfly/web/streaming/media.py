"""Content types of files by their names, the same on every machine."""

from functools import cache
from mimetypes import MimeTypes

_MORE = {
    ".avif": "image/avif",
    ".jsonl": "application/jsonl",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


def media_type_of(name: str) -> str:
    """Return the content type of a file called *name*, with the encoding of texts."""
    found, encoding = _types().guess_type(name)
    if found is None or encoding is not None:
        return {"gzip": "application/gzip"}.get(encoding or "", "application/octet-stream")
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


@cache
def _types() -> MimeTypes:
    types = MimeTypes()  # without the files of the machine
    for suffix, name in _MORE.items():
        types.add_type(name, suffix)
    return types
