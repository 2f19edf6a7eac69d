"""Relational stores. The adapters live below: ``sqlalchemy`` is the one there is."""

__all__: list[str] = []
