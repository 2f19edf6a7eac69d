"""pyfly: one cohesive, async, type-safe way to build services."""

__version__ = "0.1.0"
