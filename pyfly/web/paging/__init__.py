"""``Pageable`` and ``Sort`` as parameters of handlers, read from the query string within bounds."""

__all__: list[str] = []
