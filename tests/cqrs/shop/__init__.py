"""Commands and queries with their handlers."""
