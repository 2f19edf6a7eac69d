"""From a handler's signature to the generated function that binds, calls and serialises."""

__all__: list[str] = []
