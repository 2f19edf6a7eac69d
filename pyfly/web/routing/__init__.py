"""From bean definitions to a router: describing routes, checking them, matching requests."""

__all__: list[str] = []
