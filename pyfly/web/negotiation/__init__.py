"""Which representation a client wants, which one it sent, and who can write and read it."""

__all__: list[str] = []
