"""Compressed answers: gzip, and brotli and zstandard where they are installed."""

__all__: list[str] = []
