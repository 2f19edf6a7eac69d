"""Static files: directories served as they are."""

__all__: list[str] = []
